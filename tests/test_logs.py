"""The logs name nobody: marked words are sent through every door and looked for in everything that is written down."""

import io
import logging
import smtplib
from collections.abc import Callable, Iterator
from inspect import signature
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as installed
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from citong.adapters.api.tests.doors import program
from citong.cli.web import configured
from citong.core.notices.deliver import deliver
from citong.core.notices.models import Notice
from citong.core.people.models import Account
from citong.web.logs import Discreet
from tests.cast import REPORT, Cast

NAME, PHONE, MAIL, TEXT, ADDRESS = "慕容雪", "13955557777", "murong@example.org", "丢了一只白狗", "幸福路八十八号"
PASSWORD, VISITOR = "murong-password-1", "203.0.113.77"
PERSONAL = (NAME, PHONE, MAIL, TEXT, ADDRESS, PASSWORD, VISITOR)
SAID = REPORT | {
    "text": f"{TEXT} {NAME}", "name": NAME, "phone": PHONE, "email": MAIL, "address": ADDRESS,
    "channels": ["email"], "named": NAME,
}  # fmt: skip


class Refusing(BaseEmailBackend):
    """A mail server that repeats the address it refuses."""

    def send_messages(self, _messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({MAIL: (550, f"no such user {MAIL}".encode())})


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that any logger says, down to its smallest whisper, as an installation writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Discreet())
    root = logging.getLogger()
    before, root.level = root.level, logging.DEBUG
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    root.setLevel(before)


def visitor() -> Client:
    return Client(raise_request_exception=False, REMOTE_ADDR=VISITOR, headers={"Accept-Language": "en"})


def assert_silent(log: io.StringIO, *more: str) -> None:
    written = log.getvalue()
    assert [word for word in (*PERSONAL, *more) if any(form in written for form in _forms(word))] == []


def _forms(word: str) -> set[str]:
    """The word as it is, and as it stands in an address, in JSON and in a log of Django."""
    return {word, quote(word), word.encode("unicode_escape").decode("ascii"), str(word.encode())[2:-1]}


def test_reports_and_what_is_wrong_with_them_are_not_logged(cast: Cast, log: io.StringIO) -> None:
    client = visitor()
    assert client.post("/report/", SAID).status_code == 302
    secret = client.session["receipt"]["secret"]
    number = client.session["receipt"]["number"]
    for sent in (SAID | {"email": f"{MAIL}@"}, SAID | {"category": NAME}, {"phone": PHONE}):
        assert client.post("/report/", sent).status_code == 422
    paper = SimpleUploadedFile(f"{NAME}.txt", f"{NAME} {PHONE}".encode(), "text/plain")
    assert client.post("/report/", SAID | {"photos": [paper]}).status_code == 422
    visitor().post("/report/", f"--x\r\n{NAME}".encode(), content_type="multipart/form-data; boundary=x")
    visitor().get(f"/r/{number}/{secret}/")
    visitor().get(f"/r/{number}/{secret}/{NAME}")
    visitor().post(f"/r/{number}/{secret}/")
    visitor().post("/track/", {"number": number, "secret": secret})
    visitor().get(f"/c/{NAME}/?q={PHONE}")
    visitor().get(f"/{ADDRESS}?name={NAME}")
    visitor().get(f"/map/?kind={NAME}\0")
    assert_silent(log, secret)


def test_programs_that_send_nonsense_are_not_quoted(cast: Cast, settings: Any, log: io.StringIO) -> None:
    settings.OPEN311_KEYS = ["a key"]
    key = program(cast, "clerk")["Authorization"]
    client = Client(raise_request_exception=False, headers={"Authorization": key}, REMOTE_ADDR=VISITOR)
    client.post("/api/v1/requests/cases", SAID, content_type="application/json")
    client.post("/api/v1/requests/cases", f'{{"text": "{NAME}', content_type="application/json")
    client.post("/api/v1/requests/cases", {NAME: PHONE}, content_type="application/json")
    client.get(f"/api/v1/requests/cases?state={NAME}&cursor={PHONE}")
    client.get("/api/v1/requests/cases", headers={"Authorization": f"Bearer {PASSWORD}"})
    sent = {"api_key": "a key", "service_code": "urban.light", "lat": "24.9", "long": "118.6", "description": TEXT}
    client.post("/open311/v2/requests.json", sent | {"first_name": NAME, "phone": PHONE, "email": MAIL})
    client.post("/open311/v2/requests.json", sent | {"lat": NAME, "api_key": PASSWORD})
    client.get(f"/open311/v2/requests/{NAME}.json?start_date={PHONE}")
    assert_silent(log, key.removeprefix("Bearer "))


def test_who_fails_to_sign_in_is_not_named(cast: Cast, log: io.StringIO) -> None:
    for _try in range(7):
        visitor().post("/account/login/", {"login": MAIL, "password": PASSWORD})
    visitor().post("/account/password/reset/", {"email": MAIL})
    visitor().post("/account/signup/", {"username": NAME, "email": MAIL, "password1": PASSWORD, "password2": PASSWORD})
    Client(enforce_csrf_checks=True, REMOTE_ADDR=VISITOR).post(f"/track/?{MAIL}", {"secret": PASSWORD})
    visitor().get("/", headers={"Host": f"{MAIL.split('@')[0]}.example.org"})
    assert_silent(log)


def test_what_staff_look_for_and_do_is_not_logged(
    cast: Cast, report: Callable[..., Any], walk: Any, log: io.StringIO
) -> None:
    client = visitor()
    client.force_login(cast.clerk)
    case = report(**SAID | {"channels": []}).case
    client.get(f"/desk/search?q={NAME}+{PHONE}")
    client.get(f"/desk/?q={NAME}")
    client.get(f"/desk/export.xlsx?q={NAME}")
    client.get(f"/desk/case/{case.number}/")
    client.post(f"/desk/case/{case.number}/do/note/", {"note": f"{NAME} {PHONE}"})
    client.post(f"/desk/case/{case.number}/do/accept/", {"category": NAME})
    client.get(f"/desk/case/{NAME}/")
    assert_silent(log)


@pytest.mark.parametrize("fault", [ValueError(f"{NAME} {PHONE}"), KeyError(MAIL), UnicodeError(TEXT)])
def test_a_page_that_breaks_says_where_and_not_with_what(
    cast: Cast, monkeypatch: Any, log: io.StringIO, fault: Exception
) -> None:
    def breaks(*_given: Any, **_named: Any) -> None:
        try:
            raise LookupError(ADDRESS)
        except LookupError as earlier:
            raise fault from earlier

    monkeypatch.setattr("citong.web.public.report.open_case", breaks)
    assert visitor().post(f"/report/?name={NAME}", SAID).status_code == 500
    written = log.getvalue()
    assert type(fault).__name__ in written and "in breaks" in written and "builtins.LookupError" in written
    assert_silent(log)


def test_a_row_the_database_refuses_is_not_repeated(cast: Cast, monkeypatch: Any, log: io.StringIO) -> None:
    """PostgreSQL says: Key (username)=(…) already exists."""
    Account.objects.create_user(NAME, MAIL, None)

    def breaks(*_given: Any, **_named: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO people_account SELECT * FROM people_account WHERE username = %s", [NAME])

    monkeypatch.setattr("citong.web.public.report.open_case", breaks)
    assert visitor().post("/report/", SAID).status_code == 500
    assert "people_account_pkey" in log.getvalue() and "23505" in log.getvalue()
    assert_silent(log)


def test_a_letter_that_can_not_be_sent_leaves_the_address_out(
    cast: Cast, report: Callable[..., Any], walk: Any, settings: Any, log: io.StringIO
) -> None:
    settings.EMAIL_BACKEND = "tests.test_logs.Refusing"
    walk(report(**SAID).case, "accept")
    assert deliver(at=timezone.now()) == 0
    tried = Notice.objects.filter(tries__gt=0)
    assert tried and all(notice.fault == "SMTPRecipientsRefused" for notice in tried)
    assert_silent(log)


def test_jobs_carry_nothing_but_the_time_and_the_id_of_what_they_go_on_with() -> None:
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    ours = [task for name, task in app.tasks.items() if name.startswith("citong.")]
    assert len(ours) > 5
    assert {name for task in ours for name in signature(task.func).parameters} == {
        "timestamp", "table", "batch_act", "simulation",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_life_of_a_case_leaves_no_job_with_words(cast: Cast, report: Callable[..., Any], walk: Any) -> None:
    walk(report(**SAID).case, "accept", "dispatch", "feed_back", "close")
    kept = str(list(ProcrastinateJob.objects.values_list("args", "lock", "queueing_lock")))
    assert not any(word in kept for word in PERSONAL)


def test_a_web_process_writes_no_list_of_visits() -> None:
    """With uvicorn's own list of visits, addresses with their queries and receipts would stand in web.log."""
    config = configured()
    assert config.access_log is False and config.log_config is None


def test_the_installation_logs_by_this_formatter() -> None:
    assert installed.LOGGING["formatters"] == {"line": {"()": "citong.web.logs.Discreet", "whole": False}}
    handlers: Any = installed.LOGGING["handlers"]
    assert {handler["formatter"] for handler in handlers.values()} == {"line"}
    assert set(installed.LOGGING) == {"version", "disable_existing_loggers", "formatters", "handlers", "root"}
