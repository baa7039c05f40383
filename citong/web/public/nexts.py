"""What a reporter or a party can do now: what waits for them first, each act with its form."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from citong.core.cases.declare import Act
from citong.core.cases.forms import ActForm
from citong.core.cases.models import Case
from citong.core.flow.act import form_for, possible
from citong.core.flow.refusal import Invalid
from citong.core.people.access import Actor
from citong.web.panels import Due, Now


@dataclass(frozen=True)
class Next:
    """An act with its form, the key that makes it happen once, and why it waits for them; `open` when it came back."""

    act: Act
    form: ActForm | None
    key: str
    templates: Sequence[str]
    due: Due | None = None
    open: bool = False


@dataclass(frozen=True)
class Nexts:
    """The acts that wait for somebody, and the others that they may take."""

    due: Sequence[Next]
    others: Sequence[Next]


def nexts(
    request: HttpRequest, case: Case, actor: Actor, now: Now | None, *, answered: tuple[str, Invalid] | None = None
) -> Nexts:
    """Every act that has a place now. One that was refused comes back with every word still in its form."""
    stand = now or Now()
    found = [
        _next(request, one, case, actor, stand, answered[1] if answered and answered[0] == one.name else None)
        for one in possible(case, actor)
        if one.name not in stand.idle
    ]
    order = list(stand.due)
    due = sorted((one for one in found if one.act.name in stand.due), key=lambda one: order.index(one.act.name))
    return Nexts(due, [one for one in found if one.act.name not in stand.due])


def _next(
    request: HttpRequest, act: Act, case: Case, actor: Actor, stand: Now, refusal: Invalid | None
) -> Next:  # fmt: skip
    form = form_for(act, case, actor, prefix=act.name)
    if refusal is not None and act.form is not None:
        form = _answered(request, act, case, actor, refusal)
    templates = [f"{case.service}/party/{act.name}.html", "web/parts/form.html"]
    return Next(act, form, secrets.token_urlsafe(24), templates, stand.due.get(act.name), refusal is not None)


def _answered(request: HttpRequest, act: Act, case: Case, actor: Actor, refusal: Invalid) -> ActForm:
    assert act.form is not None
    form = act.form(request.POST, case=case, actor=actor, prefix=act.name)  # type: ignore[call-arg]
    assert isinstance(form, ActForm)
    for name, sentences in refusal.errors.items():
        for sentence in sentences:
            if sentence not in form.errors.get(name, []):
                form.add_error(name if name in form.fields else None, sentence)
    return form
