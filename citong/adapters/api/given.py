"""What a client sends, as a form's data: one form serves page, phone and API."""

import json
from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from citong.adapters.api.problem import Turned
from citong.core.flow.refusal import Invalid

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
Errors = dict[str, list[str]]


def given(request: HttpRequest, form: type[forms.Form] | None) -> tuple[QueryDict, Any]:
    """(data, files) of a JSON object or of a form with files, for this form.

    Raises Invalid for what is no object, for fields the form does not know (nothing sent is lost without a word) and
    for signs that can not be kept; Turned for another media type.
    """
    data: QueryDict
    files: Any = None
    if request.content_type in FORMS:
        data, files = request.POST, request.FILES
    elif request.content_type in ("application/json", ""):
        data = _as_form(_object(request.body), form.base_fields if form else {})
    else:
        wanted = _("Send application/json, or multipart/form-data with files.")
        raise Turned(415, _("This media type is not taken here."), mend=wanted)
    assert_plain(data)
    return data, files


def assert_plain(data: QueryDict) -> None:
    """Raises Invalid when a value has signs that the database can not keep."""
    errors = {
        name: [_("Has signs that can not be kept.")] for name, values in data.lists() if not all(map(_kept, values))
    }
    if errors:
        raise Invalid(_("Some answers need another look."), errors)


def _kept(value: Any) -> bool:
    try:
        return "\0" not in value and bool(str(value).encode() or True)
    except UnicodeEncodeError:
        return False


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError) as fault:
        raise Invalid(_("The body is not JSON."), {"": [str(fault)]}) from fault
    if not isinstance(found, dict):
        raise Invalid(_("The body must be a JSON object."), {"": [_("Send an object of fields.")]})
    return found


def _as_form(body: dict[str, Any], known: dict[str, forms.Field]) -> QueryDict:
    errors = dict(_faults(body, known))
    if errors:
        raise Invalid(_("Some answers need another look."), errors)
    data = QueryDict(mutable=True)
    for name, value in body.items():
        values = value if isinstance(value, list) else [value]
        data.setlist(name, [_written(one) for one in values if one is not None and one is not False])
    return data


def _faults(body: dict[str, Any], known: dict[str, forms.Field]) -> Iterator[tuple[str, list[str]]]:
    for name, value in body.items():
        if name not in known:
            yield name, [_unknown(known)]
        elif isinstance(known[name], forms.FileField) and value not in (None, "", []):
            yield name, [_("Files can only be sent as multipart/form-data.")]
        elif not all(_single(one) for one in (value if isinstance(value, list) else [value])):
            yield name, [_("Send text, a number, true or false, or a list of these.")]


def _unknown(known: Collection[str]) -> str:
    return _("There is no such field here. There is: %s") % (", ".join(known) or "–")


def _single(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _written(value: Any) -> str:
    return "on" if value is True else str(value)
