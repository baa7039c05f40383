"""What an owner says of a hook: the same form serves pages and API."""

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.cases.declare import Words
from citong.core.cases.forms import LineField
from citong.core.cases.registry import case_types
from citong.core.hooks.models import Hook
from citong.core.notices.outside import is_outside, place_of

MOST_HOOKS = 20


def services() -> list[tuple[str, Words]]:
    """Every service by code and label."""
    return [(kind.code, kind.label) for kind in case_types().values()]


def acts() -> list[tuple[str, Words]]:
    """Every act that a case's history can show, by name and label."""
    return list(dict(_acts()).items())


def _acts() -> Iterator[tuple[str, Words]]:
    yield "open", gettext_lazy("Opened")
    for kind in case_types().values():
        yield from ((act.name, act.label) for act in kind.acts.values())


class HookForm(forms.Form):
    """A name for people, the receiver's address, and what to hear of."""

    name = LineField(label=gettext_lazy("Name of the webhook"), max_length=60)
    address = LineField(
        label=gettext_lazy("Address of the receiver"), max_length=500, widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=gettext_lazy("Where your program takes messages; https, reachable from outside."),
    )  # fmt: skip
    services = forms.MultipleChoiceField(
        label=gettext_lazy("Only these services"), choices=services, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("None chosen means all."),
    )  # fmt: skip
    acts = forms.MultipleChoiceField(
        label=gettext_lazy("Only these acts"), choices=acts, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("None chosen means all."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, owner: UUID | None = None) -> None:
        super().__init__(data)
        self.owner = owner

    def clean_name(self) -> str:
        """Apart from the owner's other hooks."""
        name = str(self.cleaned_data["name"])
        if Hook.objects.filter(owner_id=self.owner, ended_at=None, name=name).exists():
            raise forms.ValidationError(_("You have a webhook of that name already."))
        return name

    def clean_address(self) -> str:
        """One that could be sent to; whether its name leads outside is asked each time something is sent."""
        address = str(self.cleaned_data["address"])
        try:
            place = place_of(address)
        except ValueError as fault:
            raise forms.ValidationError(str(fault)) from fault
        if _is_number(place.host) and not is_outside(place.host):
            raise forms.ValidationError(_("A webhook may not lead into an inner network."))
        return address

    def clean(self) -> dict[str, Any]:
        """So many hooks and no more."""
        if Hook.objects.filter(owner_id=self.owner, ended_at=None).count() >= MOST_HOOKS:
            raise forms.ValidationError(_("You have %(most)d webhooks already: end one first.") % {"most": MOST_HOOKS})
        return self.cleaned_data


class ReplayForm(forms.Form):
    """From which moment on everything is sent again."""

    since = forms.DateTimeField(
        label=gettext_lazy("Since"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("A moment of the last thirty days."),
    )  # fmt: skip


def _is_number(host: str) -> bool:
    """Whether the host is an IP address itself, not a name that will be looked up."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
