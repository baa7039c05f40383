"""The forms of plan changes of signals."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.cases.forms import ActForm, LineField, WordsField
from citong.core.people.access import signal_scope
from citong.core.places.current import today, zone
from citong.core.signals.lawful import faults
from citong.core.signals.model import Plan, Span
from citong.core.signals.store import plan_to_json
from citong.services.signals.models import Junction
from citong.services.signals.parameters import MOST_SEEDS, SEEDS
from citong.services.signals.words import sentences

Line = tuple[str, float]
MOST_LINES, MOST_LETTERS = 200, 200
AHEAD = timedelta(days=90)


class JunctionField(forms.Field):
    """A junction in service, by its code. Yields a `Junction`."""

    example: ClassVar[str] = "J1"
    widget = forms.TextInput

    def to_python(self, value: Any) -> Junction | None:
        if value in self.empty_values:
            return None
        code = str(value).replace("\0", "?")
        found = Junction.objects.filter(code=code, ended_at=None).select_related("network").first()
        if found is None:
            raise forms.ValidationError(_("There is no such junction."))
        return found

    def prepare_value(self, value: Any) -> Any:
        return value.code if isinstance(value, Junction) else value


class LinesField(forms.Field):
    """A plan, a line for each span: its letters, a space, its seconds. Yields rows [letters, seconds]."""

    example: ClassVar[str] = "GGrr 28\nyyrr 3\nrrrr 1\nrrGG 12\nrrGr 8\nrryr 3\nrrrr 1"
    widget = forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "signal-lines"})

    def to_python(self, value: Any) -> list[Line]:
        if value in self.empty_values:
            return []
        lines = [line.split() for line in str(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(_("A plan has at most %(most)d lines.") % {"most": MOST_LINES})
        return [self._line(number, words) for number, words in enumerate(lines, start=1)]

    def prepare_value(self, value: Any) -> Any:
        return lines_of(value) if isinstance(value, list) else value

    def said(self, value: Any) -> str:
        """The lines as a history shows them."""
        return lines_of(value).replace("\n", " · ")

    def _line(self, number: int, words: Sequence[str]) -> Line:
        try:
            letters, seconds = words
            read = float(seconds)
        except ValueError:
            read = math.nan
        if not math.isfinite(read) or len(words[0]) > MOST_LETTERS:
            sentence = _("Line %(number)d is not understood: write letters, a space and seconds, such as “GGrr 25”.")
            raise forms.ValidationError(sentence % {"number": number})
        return letters, read


def lines_of(spans: Sequence[Sequence[Any]]) -> str:
    """Rows as people write them."""
    return "\n".join(f"{letters} {float(seconds):g}" for letters, seconds in spans)


class MomentField(forms.DateTimeField):
    """A day and a time on the city's own clock, or a moment with its offset. Yields an aware moment to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 60}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            read = value if isinstance(value, datetime) else parse_datetime(str(value).strip())
            if read is not None:
                read = read if read.utcoffset() is not None else read.replace(tzinfo=zone())
                return read.replace(second=0, microsecond=0).astimezone(zone())
        except (ValueError, OverflowError):
            pass
        raise forms.ValidationError(_("Write day and time, such as 2026-12-01 09:30."), code="invalid")

    def said(self, value: Any) -> str:
        """The moment as a history shows it, on the city's own clock."""
        read = self.to_python(value)
        return f"{read:%Y-%m-%d %H:%M}" if read is not None else ""

    @property
    def example(self) -> str:
        """Three in the night of a day to come, for tests and trials."""
        return f"{today() + timedelta(days=2)}T03:00"


class PlanChangeForm(ActForm):
    """The whole plan that shall be in force at a junction. A plan with faults is refused with a sentence for each."""

    title = LineField(label=gettext_lazy("Title"), max_length=80, required=False)
    junction = JunctionField(label=gettext_lazy("Junction"))
    spans = LinesField(
        label=gettext_lazy("Plan"), help_text=gettext_lazy("A line for each span: letters, a space, seconds.")
    )
    offset = forms.FloatField(label=gettext_lazy("Offset, in seconds"), min_value=0, max_value=300, required=False)
    text = WordsField(label=gettext_lazy("Why"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        junction: Junction | None = data.get("junction")
        if junction is None:
            return data
        if not self._reaches(junction):
            self.add_error("junction", _("There is no such junction."))
            return data
        data["title"] = data.get("title") or _("Plan of %(junction)s") % {"junction": junction.name}
        data |= {
            "lon": junction.lon,
            "lat": junction.lat,
            "address": junction.name,
            "offset": data.get("offset") or 0.0,
        }
        if data.get("spans"):
            self._check(junction, data)
        return data

    def _reaches(self, junction: Junction) -> bool:
        """Whether the junction lies in the area of whoever asks."""
        return self.actor.system or Junction.objects.filter(signal_scope(self.actor), pk=junction.pk).exists()

    def _check(self, junction: Junction, data: dict[str, Any]) -> None:
        """Every rule that the guard at the controller keeps is kept, and something changes."""
        built, plan = junction.built, plan_of(data["spans"], data["offset"])
        found = faults(built, plan)
        for words in sentences(found, built):
            self.add_error("spans", words)
        held = junction.plans.filter(ends_at=None).first()
        if not found and held is not None and plan_to_json(plan) == plan_to_json(plan_of(held.spans, held.offset)):
            self.add_error("spans", _("This plan is in force already."))


def plan_of(spans: Sequence[Sequence[Any]], offset: float) -> Plan:
    """Rows as a plan."""
    return Plan("proposed", tuple(Span(str(letters), float(seconds)) for letters, seconds in spans), float(offset))


class SimulateForm(ActForm):
    seeds = forms.IntegerField(
        label=gettext_lazy("Runs before and after, each with its own traffic"), min_value=1, required=False,
        help_text=gettext_lazy("The same seeds run with the plan in force and with the new one."),
    )  # fmt: skip

    def prepare(self) -> None:
        if self.case is not None:
            self.fields["seeds"].initial = SEEDS.at(today())

    def clean_seeds(self) -> int:
        wanted: int = self.cleaned_data["seeds"] or SEEDS.at(today())
        if wanted > (most := MOST_SEEDS.at(today())):
            raise forms.ValidationError(_("At most %(most)d runs.") % {"most": most})
        return wanted


class ApproveForm(ActForm):
    begins_at = MomentField(
        label=gettext_lazy("In force from"), required=False,
        help_text=gettext_lazy("The platform puts it in force at this time; left empty, at once."),
    )  # fmt: skip
    note = WordsField(label=gettext_lazy("Note"), required=False)

    def clean_begins_at(self) -> datetime | None:
        wanted: datetime | None = self.cleaned_data["begins_at"]
        if wanted is not None and not -timedelta(minutes=5) < wanted - timezone.now() < AHEAD:
            raise forms.ValidationError(_("This time has passed, or lies more than 90 days ahead."))
        return wanted
