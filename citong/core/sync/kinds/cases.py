"""Reports and acts from a phone: by the forms of their service, with the photos that are here already."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from citong.core.cases.registry import case_types
from citong.core.flow.act import act
from citong.core.flow.intake import open_case
from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor
from citong.core.people.refusal import NotThere
from citong.core.sync.declare import Kind, Outcome, Result, Sent
from citong.core.sync.kinds.reading import each, mapping, uuid, words
from citong.kit.geometry import Datum

CHANNEL = "app"


class Open(Kind):
    """open: {service, form, files}. Whatever a worker found on their round is reported in their own name."""

    code = "open"
    takes_files = True

    def apply(self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows) -> list[Outcome]:
        def opened(one: Sent) -> Outcome:
            service = words(one.data, "service")
            if service not in case_types():
                raise NotThere(_("There is no such service."))
            form = _form(one)
            case = open_case(service, form, files=_files(one), actor=actor, channel=CHANNEL, at=at).case
            return Outcome(Result.DONE, version=case.position, number=case.number, about=case.id)

        return each(sent, opened)


class Act(Kind):
    """act: {case, act, form, files}."""

    code = "act"
    takes_files = True

    def apply(self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows) -> list[Outcome]:
        def acted(one: Sent) -> Outcome:
            case_id, form = uuid(one.data, "case"), _form(one)
            done = act(case_id, words(one.data, "act"), form, files=_files(one), actor=actor, at=at)
            return Outcome(Result.DONE, version=done.case.position, number=done.case.number, about=case_id)

        return each(sent, acted)


def _files(one: Sent) -> "MultiValueDict[str, object]":
    return MultiValueDict({name: list(uploads) for name, uploads in one.files.items()})


def _form(one: Sent) -> dict[str, object]:
    """The answers, a place as the forms take it."""
    form = dict(mapping(one.data, "form"))
    place = form.pop("place", None)
    if isinstance(place, dict) and isinstance(place.get("lon"), int | float):
        return form | {"lon": place["lon"], "lat": place.get("lat"), "datum": Datum.WGS84}
    return form
