"""What a phone can ask and say, told from the same declarations that pages and API follow, in one language."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Act, CaseType, Words
from citong.core.cases.forms import PhotosField, WordsField
from citong.core.cases.registry import case_types
from citong.core.people.access import Actor, Purpose
from citong.core.people.posts import Post
from citong.core.register.declare import Known
from citong.core.register.fields import PhoneField
from citong.core.register.kinds import KINDS, TIES
from citong.core.register.models import Source
from citong.core.sync.registry import kinds

Told = dict[str, Any]
PURPOSES: Mapping[Purpose, Words] = {
    Purpose.VISITING: _("Visit"),
    Purpose.ERRAND: _("Errand"),
    Purpose.HANDLING: _("Handling"),
    Purpose.CORRECTION: _("Correction"),
}
SOURCES = (Source.VISIT, Source.PERSON, Source.PAPER)
POINT = ("lon", "lat", "datum", "grid")  # one question on the phone, which knows where it is
TYPES: Sequence[tuple[type[forms.Field], str]] = (
    (PhotosField, "photos"), (forms.FileField, "photos"), (PhoneField, "phone"),
    (forms.MultipleChoiceField, "choices"), (forms.ModelMultipleChoiceField, "choices"),
    (forms.ChoiceField, "choice"), (forms.ModelChoiceField, "choice"), (forms.DateField, "date"),
    (forms.IntegerField, "number"), (forms.FloatField, "number"), (forms.DecimalField, "number"),
    (forms.BooleanField, "yesno"), (forms.CharField, "text"),
)  # fmt: skip


def forms_of(actor: Actor) -> Told:
    """Everything a grid worker's phone can say, with labels in the language that is active."""
    return {
        "kinds": {code: _kind(str(kind.label), kind.known) for code, kind in KINDS.items()},
        "ties": {
            code: {"label": str(tie.label), "back": str(tie.back), "subject": tie.subject, "object": tie.object}
            for code, tie in TIES.items()
        },
        "operations": {
            kind.code: {"label": str(kind.label), "fields": fields_of(_blank(kind.form, actor))}
            for kind in kinds().values() if kind.form is not None
        },
        "services": {code: _service(kind, actor) for code, kind in case_types().items()},
        "purposes": {str(purpose): str(label) for purpose, label in PURPOSES.items()},
        "sources": {source.value: str(source.label) for source in SOURCES},
    }  # fmt: skip


def fields_of(form: forms.BaseForm) -> list[Told]:
    """The form's fields as the phone draws them. Longitude and latitude are one question for the place; what the
    form's `off_phone` names is not asked there, what its `later` names stands behind the rest."""
    left_out = {*getattr(form, "off_phone", ()), *(POINT if _has_point(form) else ())}
    later = getattr(form, "later", ())
    place = [_told("place", _("Place"), "place", required=False)] if _has_point(form) else []
    asked = {name: field for name, field in form.fields.items() if name not in left_out}
    return place + [field_of(name, one) | ({"later": True} if name in later else {}) for name, one in asked.items()]


def field_of(name: str, field: forms.Field, known: Known | None = None) -> Told:
    """One field. A field may say with `phone_type` what the phone draws, such as a signature."""
    kind = _type(field)
    told = _told(
        name, field.label or name, kind, required=field.required, help=str(field.help_text or ""),
        choices=[[str(value), str(label)] for value, label in _choices(field)],
        longest=getattr(field, "longest", None) or getattr(field, "max_length", None),
    )  # fmt: skip
    if known is not None:
        told |= {"merge": str(known.merge)} | ({"sealed": True} if known.sealed else {})
    if kind in ("photos", "signature") and field.required:
        told["needs_files"] = True
    return told


def _told(name: str, label: Any, type: str, *, required: bool, **more: Any) -> Told:
    plain: Told = {"help": "", "choices": [], "longest": None}
    return {"name": name, "label": str(label), "type": type, "required": required} | plain | more


def _type(field: forms.Field) -> str:
    if said := getattr(field, "phone_type", ""):
        return str(said)
    if field.widget.is_hidden:
        return "hidden"
    if isinstance(field, WordsField) and isinstance(field.widget, forms.Textarea):
        return "words"
    return next((name for kind, name in TYPES if isinstance(field, kind)), "text")


def _choices(field: forms.Field) -> Iterator[tuple[Any, Any]]:
    for value, label in getattr(field, "choices", ()):
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label


def _kind(label: str, known: Mapping[str, Known]) -> Told:
    return {"label": label, "fields": [field_of(name, one.field, one) for name, one in known.items()]}


def _service(kind: type[CaseType], actor: Actor) -> Told:
    told: Told = {
        "label": str(kind.label),
        "acts": {act.name: _act(act, actor) for act in kind.acts.values() if _workers(act.by)},
        "states": {name: str(state.label) for name, state in kind.states.items()},
    }
    if _workers(kind.opening.by):
        fields = fields_of(_blank(kind.opening.form, actor))
        told["open"] = {"fields": fields, "place_required": kind.opening.place_required}
    return told


def _act(act: Act, actor: Actor) -> Told:
    fields = fields_of(_blank(act.form, actor)) if act.form else []
    target = act.target.name if act.target else ""
    return {"label": str(act.label), "from": [state.name for state in act.source], "to": target, "fields": fields}


def _workers(by: Sequence[Any]) -> bool:
    return any(who.post == Post.GRID_WORKER for who in by)


def _blank(form: type[forms.Form], actor: Actor) -> forms.Form:
    return form(actor=actor)  # type: ignore[call-arg]


def _has_point(form: forms.BaseForm) -> bool:
    return {"lon", "lat"} <= form.fields.keys()
