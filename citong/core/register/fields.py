"""The fields of records that carry a check of their own."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import LineField
from citong.kit import checks


class NumberField(LineField):
    """One number, brought into its normal form and checked."""

    fault: Callable[[str], str | None]
    normal: Callable[[str], str] = staticmethod(checks.digits)
    sentences: dict[str, Any]

    def clean(self, value: Any) -> str:
        number = type(self).normal(super().clean(value))
        fault = type(self).fault(number) if number else None
        if fault:
            raise forms.ValidationError(self.sentences[fault], code=fault)
        return number


class IdentityField(NumberField):
    fault = staticmethod(checks.identity_fault)
    sentences = {
        "length": _("A resident identity number has 18 signs: 17 digits and a digit or X."),
        "check": _("This identity number is not right: a digit is wrong or two are swapped."),
        "birthday": _("This identity number holds a day of birth that never was: look at its 7th to 14th digit."),
        "unknown_area": _("This identity number begins with a place that never was: look at its first six digits."),
    }


class CreditCodeField(NumberField):
    fault = staticmethod(checks.credit_code_fault)
    sentences = {"check": _("This credit code is not right: it has 18 signs, and a sign is wrong or two are swapped.")}


class PhoneField(NumberField):
    fault = staticmethod(checks.phone_fault)
    normal = staticmethod(checks.telephone)
    sentences = {"shape": _("This is no telephone number: a mobile has 11 digits, a fixed line its area code first.")}


class PlateField(NumberField):
    fault = staticmethod(checks.plate_fault)
    sentences = {"shape": _("This is no number plate: province, letter, then five signs, or six for an electric car.")}
