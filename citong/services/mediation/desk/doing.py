"""What the forms of these pages do with a refusal: it is said at its field, and nothing that was typed is lost."""

from collections.abc import Callable
from typing import TypeVar

from django import forms

from citong.core.people.refusal import Refusal

T = TypeVar("T")


def done(form: forms.Form, do: Callable[[], T]) -> tuple[int, T | None]:
    """(200, what came of it) for a form that is filled in and may be done; else (status, None), and the form says why.

    NotThere is raised on: it has no page to be told on.
    """
    if not form.is_valid():
        return 422, None
    try:
        return 200, do()
    except Refusal as refusal:
        said = [(name, sentence) for name, many in refusal.errors.items() for sentence in many]
        for name, sentence in said or [("", str(refusal))]:
            form.add_error(_field(form, name), sentence)
        return refusal.status, None


def _field(form: forms.Form, name: str) -> str | None:
    return next((one for one in (name, f"{name}_") if one in form.fields), None)
