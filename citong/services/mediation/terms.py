"""The points of an agreement as a mediator writes them: who does what, how much, until when. One question of a form."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _

from citong.core.cases.models import Party
from citong.kit.money import fen_of, yuan_of
from citong.kit.text import plain

MOST_TERMS, SHOWN, LONGEST = 24, 4, 500
TOGETHER = ("双方", "各方")  # with these a point says itself who owes it
PARTS = ("by", "what", "amount", "due")


@dataclass(frozen=True)
class Owed:
    """One point: `party` owes it, or all of them together; `amount` in fen."""

    what: str
    party: UUID | None = None
    amount: int | None = None
    due_on: date | None = None


class TermsInput(forms.Widget):
    """A fieldset for each point; those beyond the first few are folded. Needs no script."""

    template_name = "mediation/terms.html"
    people: Sequence[tuple[str, str]] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]] | str:
        """The rows that were filled in; or, from a program, the JSON list of them."""
        if data.get(name):
            return str(data[name])
        rows = [{part: str(data.get(f"{name}-{n}-{part}", "")).strip() for part in PARTS} for n in range(MOST_TERMS)]
        return [row for row in rows if row["what"] or row["amount"] or row["due"]]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and f"{name}-0-what" not in data

    def id_for_label(self, id_: str, index: str = "0") -> str:
        return f"{id_}-{index}-what"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        given = _rows(value) or []
        rows = [*given, *({} for _n in range(MOST_TERMS - len(given)))]
        open_until = max(SHOWN, len(given) + 1)
        context["widget"] |= {"rows": rows[:open_until], "folded": rows[open_until:], "people": self.people}
        return context


class TermsField(forms.CharField):
    """The points of an agreement; yields a list of `Owed`. Its words are content, as those of any text are."""

    widget = TermsInput
    example: ClassVar[str] = '[{"what": "恢复通道原状", "due": "2030-06-30"}]'

    def __init__(self, **rest: Any) -> None:
        super().__init__(**rest)
        self.parties: Sequence[Party] = ()

    def among(self, parties: Sequence[Party], people: Sequence[tuple[str, str]]) -> None:
        """These may owe something; `people` are (key, name) as they are chosen from."""
        self.parties = parties
        self.widget.people = people

    def clean(self, value: Any) -> list[Owed]:
        rows = _rows(value)
        if rows is None or len(rows) > MOST_TERMS or not all(isinstance(row, dict) for row in rows):
            raise forms.ValidationError(_("Give at most %(most)d points.") % {"most": MOST_TERMS})
        if self.required and not rows:
            raise forms.ValidationError(_("An agreement has one point at least: who does what, and until when."))
        faults: list[forms.ValidationError] = []
        read = [self._read(number, row, faults) for number, row in enumerate(rows, start=1)]
        if faults:
            raise forms.ValidationError(faults)
        return read

    def _read(self, number: int, row: dict[str, Any], faults: list[forms.ValidationError]) -> Owed:
        def fault(sentence: str) -> None:
            faults.append(forms.ValidationError(_("Point %(number)d: %(fault)s") % {
                "number": number, "fault": sentence}))  # fmt: skip

        what, amount, due = "", None, None
        try:
            what = " ".join(plain(str(row.get("what") or ""), LONGEST).split())
        except ValueError:
            fault(_("say it in at most %(most)d characters.") % {"most": LONGEST})
        if not what and not faults:
            fault(_("say what is to be done."))
        try:
            amount = fen_of(str(row["amount"])) if row.get("amount") else None
        except ValueError:
            fault(_("write the amount in yuan, such as 12.50."))
        try:
            due = date.fromisoformat(str(row["due"])) if row.get("due") else None
        except ValueError:
            fault(_("write the day like 2026-06-30."))
        party, known = self._owed_by(str(row.get("by") or ""))
        if not known:
            fault(_("choose who owes it."))
        if amount is not None and due is None:
            fault(_("say until when the money is paid."))
        return Owed(what, party, amount, due)

    def _owed_by(self, key: str) -> tuple[UUID | None, bool]:
        """The party with that key, or the only one of that side."""
        found = [one for one in self.parties if key in (str(one.pk), one.side)]
        return (found[0].pk, True) if len(found) == 1 else (None, key in ("", "all"))


def line(owed: Owed, name: str) -> str:
    """The point as it stands in the agreement. Papers are Chinese, in whatever language they are asked for."""
    day = owed.due_on
    until = f"于{day.year}年{day.month}月{day.day}日前" if day else ""
    return f"{'' if owed.what.startswith(TOGETHER) else name}{until}{owed.what}"


def what_of(sentence: str, owed: Owed, name: str) -> str:
    """What was said in such a sentence, for the form."""
    named, together = line(owed, name), line(replace(owed, what=TOGETHER[0]), name).removesuffix(TOGETHER[0])
    return sentence.removeprefix(named if sentence.startswith(named) else together)


def called(party: Party | None) -> str:
    """Who owes a point, as the agreement names them; nobody in particular is everybody."""
    return (party.name or "当事人") if party is not None else "各方当事人"


def row_of(owed: Owed) -> dict[str, str]:
    """The point as the form shows it again."""
    return {
        "by": str(owed.party or ""), "what": owed.what, "amount": yuan_of(owed.amount) if owed.amount else "",
        "due": owed.due_on.isoformat() if owed.due_on else "",
    }  # fmt: skip


def _rows(value: Any) -> list[dict[str, Any]] | None:
    if not isinstance(value, str):
        return value or []
    try:
        found = json.loads(value or "[]")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, list) else None
