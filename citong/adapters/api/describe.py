"""The declarations as data: states, acts, clocks and the fields of every form."""

from typing import Any

from django import forms

from citong.core.cases.declare import Act, CaseType, State
from citong.core.cases.forms import MoneyField, PhotosField, SignatureField


def service(kind: type[CaseType]) -> dict[str, Any]:
    """A whole service: what a client needs to draw its forms and to know what can follow what."""
    return {
        "code": kind.code,
        "label": str(kind.label),
        "description": str(kind.description),
        "ground": str(kind.ground),
        "opening": {"state": kind.opening.state.name, "fields": fields(kind.opening.form())},
        "states": [_state(state) for state in kind.states.values()],
        "acts": [act(one) for one in kind.acts.values()],
    }


def act(declared: Act, form: forms.Form | None = None) -> dict[str, Any]:
    """One act; `form` with the choices of a certain case, else the form as declared."""
    form = form or (declared.form() if declared.form else None)
    return {
        "name": declared.name,
        "label": str(declared.label),
        "from": [state.name for state in declared.source],
        "to": declared.target.name if declared.target else None,
        "posts": [{"post": who.post, "reach": who.reach} for who in declared.by],
        "ground": str(declared.ground) if declared.ground else None,
        "danger": declared.danger,
        "fields": fields(form) if form else [],
    }


def fields(form: forms.Form) -> list[dict[str, Any]]:
    """Name, type, label and limits of every field, in order."""
    return [_field(name, field, form.get_initial_for_field(field, name)) for name, field in form.fields.items()]


def _state(state: State) -> dict[str, Any]:
    clocks = [{"code": one.code, "span": one.span, "source": str(one.source)} for one in state.clocks]
    return {
        "name": state.name, "label": str(state.label), "public": str(state.public), "stage": state.stage.value,
        "ends": state.ends, "final": state.final, "clocks": clocks,
    }  # fmt: skip


def _field(name: str, field: forms.Field, initial: Any) -> dict[str, Any]:
    described = {
        "name": name, "label": str(field.label or name), "help": str(field.help_text), "required": field.required,
        "type": _type(field),
    }  # fmt: skip
    if initial not in (None, ""):
        described["initial"] = initial
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        described["choices"] = [{"value": str(value), "label": str(label)} for value, label in field.widget.choices]
    if longest := getattr(field, "longest", None):
        described["max_length"] = longest
    return described


def _type(field: forms.Field) -> str:
    kinds: list[tuple[type[forms.Field], str]] = [
        (PhotosField, "files"), (MoneyField, "money"), (SignatureField, "signature"),
        (forms.BooleanField, "boolean"), (forms.FloatField, "number"),
        (forms.MultipleChoiceField, "choices"), (forms.ModelMultipleChoiceField, "codes"),
        (forms.ModelChoiceField, "code"), (forms.ChoiceField, "choice"), (forms.EmailField, "email"),
    ]  # fmt: skip
    return next((name for kind, name in kinds if isinstance(field, kind)), "text")
