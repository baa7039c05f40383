"""A form as JSON Schema (draft 2020-12, as OpenAPI 3.1 uses it). No query: codes are strings, choices are listed."""

from collections.abc import Iterator
from typing import Any

from django import forms

from citong.core.cases.forms import MOST_PHOTOS, PhotosField

Schema = dict[str, Any]
FILE: Schema = {"type": "string", "format": "binary"}
CODE: Schema = {"type": "string", "maxLength": 80}
# The first kind that fits counts: Django's number fields descend from IntegerField, its choices from ChoiceField.
PLAIN: list[tuple[type[forms.Field], Schema]] = [
    (PhotosField, {"type": "array", "items": FILE, "maxItems": MOST_PHOTOS}),
    (forms.FileField, FILE),
    (forms.BooleanField, {"type": "boolean", "default": False}),
    (forms.FloatField, {"type": "number"}),
    (forms.DecimalField, {"type": "number"}),
    (forms.IntegerField, {"type": "integer"}),
    (forms.ModelMultipleChoiceField, {"type": "array", "items": CODE, "uniqueItems": True}),
    (forms.ModelChoiceField, CODE),
    (forms.DateTimeField, {"type": "string", "format": "date-time"}),
    (forms.DateField, {"type": "string", "format": "date"}),
    (forms.TimeField, {"type": "string", "format": "time"}),
    (forms.EmailField, {"type": "string", "format": "email"}),
    (forms.URLField, {"type": "string", "format": "uri"}),
]


def of_form(form: forms.Form | None, *, files: bool) -> Schema:
    """An object with the form's fields; without `files` those that JSON can carry."""
    fields = {name: field for name, field in (form.fields if form else {}).items() if files or not _file(field)}
    schema: Schema = {
        "type": "object",
        "properties": {name: _field(name, field) for name, field in fields.items()},
        "additionalProperties": False,
    }
    if required := [name for name, field in fields.items() if field.required]:
        schema["required"] = required
    return schema


def has_files(form: forms.Form | None) -> bool:
    """Whether the form takes files, so that it can also come as multipart/form-data."""
    return form is not None and any(map(_file, form.fields.values()))


def needs_files(form: forms.Form | None) -> bool:
    """Whether the form can not be sent without a file, so not as JSON."""
    return form is not None and any(_file(field) and field.required for field in form.fields.values())


def _file(field: forms.Field) -> bool:
    return isinstance(field, forms.FileField)


def _field(name: str, field: forms.Field) -> Schema:
    schema = dict(_kind(field)) | dict(_limits(field)) | {"title": str(field.label or name)}
    if field.help_text:
        schema["description"] = str(field.help_text)
    return schema


def _kind(field: forms.Field) -> Schema:
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return _choice(field)
    return next((schema for kind, schema in PLAIN if isinstance(field, kind)), {"type": "string"})


def _choice(field: forms.ChoiceField) -> Schema:
    values = list(dict.fromkeys(_values(field.widget.choices)))
    if isinstance(field, forms.MultipleChoiceField):
        return {"type": "array", "items": _one_of(values), "uniqueItems": True}
    if not field.required and "" not in values:
        values.append("")
    return _one_of([value for value in values if value or not field.required])


def _one_of(values: list[str]) -> Schema:
    """One of these; any text where what is to choose from follows from the case."""
    return {"type": "string", "enum": values} if any(values) else {"type": "string"}


def _values(choices: Any) -> Iterator[str]:
    """The values of choices; a group of choices has a list where another has its label."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _values(label)
        else:
            yield str(value)


def _limits(field: forms.Field) -> Iterator[tuple[str, Any]]:
    longest = getattr(field, "longest", None) or getattr(field, "max_length", None)
    if longest and not _file(field):
        yield "maxLength", longest
    if isinstance(field, forms.CharField) and field.required:
        yield "minLength", 1
    if isinstance(field, forms.ModelMultipleChoiceField | forms.MultipleChoiceField) and field.required:
        yield "minItems", 1
    for ours, theirs in (("min_value", "minimum"), ("max_value", "maximum")):
        limit = getattr(field, ours, None)
        if isinstance(limit, int | float):
            yield theirs, limit
