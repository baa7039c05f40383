"""Signing in: by password, with a second factor, and with a passkey."""

import time

import pytest
from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache

from tests.browser.conftest import Someone
from tests.browser.person import Person, answer
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def signs_in(person: Person, login: str) -> None:
    person.go("/account/login/")
    answer(person.page.locator("main form").first, login=login, password=PASSWORD)
    person.page.locator("main form button").first.click()


def goes_on_after_the_password(person: Person, path: str) -> None:
    """The page at that path is open: what guards an account asks for the password once more."""
    person.go(path).at("/account/reauthenticate/")
    answer(person.page.locator("main form").first, password=PASSWORD)
    person.page.locator("main form button").first.click()
    person.at(path)


def signs_out(person: Person) -> None:
    person.go("/account/logout/")
    person.page.locator("main form button").first.click()
    person.at("/")


def code(secret: str) -> str:
    """What the telephone shows now: with a step of tolerance it still holds when the step ends while it is sent."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD)))


def test_a_password_opens_the_desk_to_staff_and_their_reports_to_residents(someone: Someone) -> None:
    clerk, resident = someone(), someone(phone=True)
    signs_in(clerk, "clerk")
    clerk.at("/desk/")
    signs_in(resident, "resident")
    resident.at("/reports/")


def test_a_second_factor_is_set_up_and_asked_for(someone: Someone) -> None:
    clerk = someone()
    signs_in(clerk, "clerk")
    clerk.at("/desk/")
    goes_on_after_the_password(clerk, "/account/2fa/totp/activate/")
    secret = clerk.page.locator("#authenticator_secret").input_value()
    clerk.page.locator("main [name=code]").fill(code(secret))
    clerk.page.locator("main form .door-acts button").first.click()
    clerk.at("/account/2fa/recovery-codes/")
    signs_out(clerk)

    cache.clear()  # a code is taken once: time stands still for the test, not for the telephone
    signs_in(clerk, "clerk")
    clerk.at("/account/2fa/authenticate/")
    clerk.page.locator("main [name=code]").fill(code(secret))
    clerk.page.locator("main form button").first.click()
    clerk.at("/desk/")


def test_a_passkey_opens_the_desk_without_a_password(someone: Someone) -> None:
    clerk = someone()
    devtools = clerk.context.new_cdp_session(clerk.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    signs_in(clerk, "clerk")
    clerk.at("/desk/")
    goes_on_after_the_password(clerk, "/account/2fa/webauthn/add/")
    clerk.page.locator("main [name=name]").fill("办公室的钥匙")
    clerk.page.locator("main [name=passwordless]").check()
    clerk.page.locator("#mfa_webauthn_add").click()
    clerk.at("/account/2fa/recovery-codes/")
    clerk.go("/account/2fa/webauthn/").reads("办公室的钥匙")
    signs_out(clerk)

    clerk.go("/account/login/")
    clerk.page.locator("#passkey_login").click()
    clerk.at("/desk/")
