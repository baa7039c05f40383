"""What a form makes of the answers that came with a command."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from citong.core.cases.forms import ActForm
from citong.core.people.refusal import Invalid


def answers_of(form: type[forms.Form], data: Mapping[str, Any], *, files: Any = None, **whose: Any) -> dict[str, Any]:
    """Field to value; `whose` says about which case, by which actor, under which prefix.

    Raises Invalid with the sentences of each field.
    """
    assert issubclass(form, ActForm)
    filled = form(data, files=files, shown=False, **whose)
    if not filled.is_valid():
        errors = {name: [str(e) for e in found] for name, found in filled.errors.items()}
        raise Invalid(_("Some answers need another look."), errors)
    return dict(filled.cleaned_data)
