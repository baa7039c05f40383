"""What can be asked for: the city's public categories as services, the questions of the opening form as attributes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from citong.core.cases.declare import CaseType
from citong.core.cases.models import Category
from citong.core.cases.registry import case_types
from citong.kit.text import plain
from citong.web.public.names import kind_name

# Fields that parameters of the standard carry, or that are not for a client to decide.
CARRIED = frozenset({"category", "text", "address", "lon", "lat", "grid", "name", "phone", "email", "photos", "public"})
DATATYPES: Sequence[tuple[type[forms.Field], str]] = (
    (forms.MultipleChoiceField, "multivaluelist"), (forms.ModelMultipleChoiceField, "multivaluelist"),
    (forms.ChoiceField, "singlevaluelist"), (forms.FloatField, "number"), (forms.IntegerField, "number"),
    (forms.DateTimeField, "datetime"),
)  # fmt: skip
LONGEST_KEYWORDS = 1_000


def intake() -> type[CaseType] | None:
    """The service whose cases are opened here: the first whose opening asks for a kind and an address."""
    fitting = (kind for kind in case_types().values() if {"category", "address"} <= set(kind.opening.form.base_fields))
    return next(fitting, None)


def offered() -> dict[str, Category]:
    """Code to category of all that can be reported here: in force, public, without kinds below; one query."""
    return {category.code: category for category in _leaves(_in_force())}


def services() -> list[dict[str, Any]]:
    """The service list; one query."""
    held, metadata = _in_force(), bool(questions())
    tops = {category.code: kind_name(category) for category in held if category.parent_id is None}
    return [_service(category, tops, metadata=metadata) for category in _leaves(held)]


def definition(category: Category) -> dict[str, Any]:
    """The service's attributes."""
    return {"service_code": category.code, "attributes": questions()}


def questions() -> list[dict[str, Any]]:
    """The attributes that every service here asks for; none where nothing can be opened."""
    kind = intake()
    return attributes(kind.opening.form()) if kind else []


def attributes(form: forms.Form) -> list[dict[str, Any]]:
    """Each field that no parameter of the standard carries, as an attribute, in the form's order."""
    asked = [(name, field) for name, field in form.fields.items() if name not in CARRIED]
    return [_attribute(name, field, order) for order, (name, field) in enumerate(asked, start=1)]


def _in_force() -> list[Category]:
    return list(Category.objects.filter(ends_on=None).order_by("order", "code"))


def _leaves(held: Sequence[Category]) -> list[Category]:
    above = {category.parent_id for category in held}
    return [one for one in held if one.public and one.code not in above] if intake() else []


def _service(category: Category, tops: dict[str, str], *, metadata: bool) -> dict[str, Any]:
    return {
        "service_code": category.code, "service_name": kind_name(category), "description": category.description,
        "metadata": metadata, "type": "realtime", "keywords": _comma_list(category.keywords),
        "group": tops.get(category.code.partition(".")[0], ""),
    }  # fmt: skip


def _comma_list(keywords: str) -> str:
    """Keywords as the standard lists them, whatever the city parted them with."""
    for sign in ";；、，,":
        keywords = keywords.replace(sign, " ")
    return ",".join(plain(keywords, LONGEST_KEYWORDS).split())


def _attribute(name: str, field: forms.Field, order: int) -> dict[str, Any]:
    described = {
        "variable": True, "code": name, "datatype": _datatype(field), "required": field.required,
        "datatype_description": str(field.help_text), "order": order, "description": str(field.label or name),
    }  # fmt: skip
    if isinstance(field, forms.ChoiceField):
        described["values"] = _values(field.widget.choices)
    return described


def _datatype(field: forms.Field) -> str:
    found = next((name for kind, name in DATATYPES if isinstance(field, kind)), "")
    return found or ("text" if isinstance(field.widget, forms.Textarea) else "string")


def _values(choices: Iterable[Any]) -> list[dict[str, str]]:
    return [{"key": str(key), "name": str(label)} for key, label in choices if str(key)]
