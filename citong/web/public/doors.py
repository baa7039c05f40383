"""The doors by which residents come in: the services that let them, and the pages on which each asks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import CaseType, Words
from citong.core.cases.door import Step
from citong.core.cases.forms import ActForm
from citong.core.cases.registry import case_types

PLACE = ("address", "grid", "lon", "lat", "datum")


@dataclass(frozen=True)
class Page:
    """A step of a door as it is drawn: its fields that are seen, and whether it asks for the place."""

    label: Words
    words: Words
    fields: Sequence[str]
    place: bool
    shown: Sequence[forms.BoundField]
    templates: Sequence[str] = field(default_factory=list)


def doors() -> list[type[CaseType]]:
    """The services with a door, in their order; the first is where people come who know of none."""
    return [kind for kind in case_types().values() if kind.opening.door is not None]


def door_of(service: str) -> type[CaseType] | None:
    """The service of this code if it has a door; the first of all for no code."""
    return next((kind for kind in doors() if service in ("", kind.code)), None)


def pages(kind: type[CaseType], form: ActForm) -> list[Page]:
    """The steps of the service's door with the fields of this form. A service may draw a step in a template of its
    own, `<code>/public_step_<number>.html`."""
    assert kind.opening.door is not None
    return [_page(kind, form, step, number) for number, step in enumerate(kind.opening.door.steps, start=1)]


def desk_pages(kind: type[CaseType], form: ActForm) -> list[Page]:
    """What staff are asked, in the steps of the door if there is one; what residents are not asked comes last."""
    steps = list(kind.opening.door.steps) if kind.opening.door else []
    asked = {name for step in steps for name in step.fields}
    rest = [name for name in form.fields if name not in asked and not form[name].is_hidden]
    found = [_page(kind, form, step, number) for number, step in enumerate(steps, start=1)]
    return [*found, _page(kind, form, Step(_("For the desk"), rest), len(steps) + 1)] if rest else found


def first_wrong(found: Sequence[Page], form: ActForm) -> int:
    """The number of the first page with something to mend; 1 where nothing is wrong."""
    wrong = set(form.errors) if form.is_bound else set()
    return next((number for number, page in enumerate(found, start=1) if wrong & set(page.fields)), 1)


def _page(kind: type[CaseType], form: ActForm, step: Step, number: int) -> Page:
    place = {"lon", "address"} <= set(step.fields)
    drawn = [form[name] for name in step.fields if name in form.fields and not (place and name in PLACE)]
    return Page(
        step.label, step.words, step.fields, place, [one for one in drawn if not one.is_hidden],
        [f"{kind.code}/public_step_{number}.html", "web/public/_step.html"],
    )  # fmt: skip
