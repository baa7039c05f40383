"""Accounts of staff: making them, giving a first password, closing them. Residents make their own."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from citong.core.people import roster
from citong.core.people.access import Actor
from citong.core.people.models import Absence, Account
from citong.core.people.posts import Post
from citong.core.places.current import today
from citong.web.office.administration.subject import Asked, Column, Subject, following
from citong.web.office.administration.units import current

WORDS_OF_PASSWORD = 15  # bytes of chance: twenty letters


class AccountForm(forms.Form):
    username = forms.CharField(label=_("Sign-in name"), max_length=60, validators=[UnicodeUsernameValidator()])
    name = forms.CharField(label=_("Name"), max_length=60)
    email = forms.EmailField(label=_("E-mail"), required=False)


def first_password() -> str:
    """A password nobody can guess, to be handed over and changed."""
    return secrets.token_urlsafe(WORDS_OF_PASSWORD)


def _posts(of: Account) -> str:
    day = today()
    held = [one for one in of.appointments.all() if one.ends_on is None or one.ends_on > day]
    return "、".join(f"{one.unit.name} {Post(one.post).label}" for one in held) or "–"


class Accounts(Subject[Account]):
    code, label, icon = "accounts", _("Accounts"), "users"
    lead = _("Staff who can sign in. Whoever holds no post yet is found by the whole sign-in name.")
    searches, adds, ends = _("Name or sign-in name"), _("New account"), _("Close the account")
    template = "web/office/admin/account.html"
    columns = (
        Column[Account](_("Sign-in name"), lambda of: of.username, code=True),
        Column[Account](_("Name"), lambda of: of.name),
        Column[Account](_("Posts"), _posts),
        Column[Account](
            _("State"),
            lambda of: pgettext("account", "Open") if of.is_active else pgettext("account", "Closed"),
            lambda of: "good" if of.is_active else "late",
        ),
    )

    def listed(self, asked: Asked) -> Sequence[Account]:
        q = asked.get("q", "").strip()
        staff = Q(appointments__isnull=False)
        wanted = staff & (Q(username__icontains=q) | Q(name__icontains=q)) | Q(username=q) if q else staff
        found = Account.objects.filter(wanted).distinct().prefetch_related("appointments__unit")
        return following(found, "username", asked)

    def find(self, key: str) -> Account | None:
        try:
            return Account.objects.filter(pk=UUID(key)).first()
        except ValueError:
            return None

    def key(self, of: Account) -> str:
        return str(of.pk)

    def after(self, of: Account) -> str:
        return of.username

    def form(self, data: Any, *, of: Account | None, asked: Asked) -> forms.Form | None:
        return None

    def save(self, data: Mapping[str, Any], *, of: Account | None, actor: Actor) -> Account:
        raise ValueError(_("Accounts are made on a page of their own, which shows the first password once."))

    def end(self, of: Account, data: Mapping[str, Any], *, actor: Actor) -> None:
        roster.set_active(of, False, reason=data["reason"], actor=actor)

    def more(self, of: Account, actor: Actor) -> Mapping[str, Any]:
        now = timezone.now()
        held = of.appointments.filter(current(today())).select_related("unit").order_by("unit__code")
        return {
            "held": held,
            "absences": Absence.objects.filter(account=of, ends_at__gt=now).select_related("stand_in"),
            "own": of.pk == actor.account,
        }
