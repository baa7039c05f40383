"""How people sign in: staff accounts are made by the city, residents may make their own."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from citong.core.people.access import actor_of, may_open


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff go to their desk or to the settings, residents to their reports."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        assert request.user.is_authenticated
        actor = actor_of(request.user)
        if may_open(actor, "inbox"):
            return reverse("desk")
        return reverse("administration" if may_open(actor, "administration") else "my_reports")


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An identity provider may bring residents; posts are given by the city alone."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        user.name = data.get("name") or ""
        return user
