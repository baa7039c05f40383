"""What an act has to say reaches people once, by the channel they chose."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from citong.core.notices.deliver import deliver
from citong.core.notices.models import Notice
from citong.core.notices.words import words

Report = Callable[..., Any]


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path


def test_a_reporter_is_told_by_e_mail_and_text_message_once(report: Report, settings: Any) -> None:
    case = report(email="a@example.org", phone="000-1", channels=["email", "sms"]).case
    later = timezone.now() + timedelta(seconds=1)
    assert deliver(at=later) == 2
    assert deliver(at=later) == 0
    assert case.number in mail.outbox[0].subject
    (line,) = (settings.HOME / "mail" / "sms.jsonl").read_text().splitlines()
    assert case.number in json.loads(line)["text"]


def test_what_can_not_be_sent_is_tried_again_with_growing_pauses(report: Report, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    report(email="a@example.org", channels=["email"])
    at = timezone.now() + timedelta(seconds=1)
    assert deliver(at=at) == 0
    notice = Notice.objects.get(channel="email")
    assert (notice.tries, notice.next_at) == (1, at + timedelta(minutes=1))
    assert deliver(at=at + timedelta(seconds=59)) == 0
    deliver(at=at + timedelta(minutes=1))
    notice.refresh_from_db()
    assert notice.next_at == at + timedelta(minutes=5)


@pytest.mark.parametrize("address", ["https://127.0.0.1/hook", "https://10.0.0.1/hook", "http://example.org/hook"])
def test_a_webhook_never_leads_into_an_inner_network(report: Report, address: str) -> None:
    report(webhook=address, channels=["webhook"])
    assert deliver(at=timezone.now() + timedelta(seconds=1)) == 0
    assert Notice.objects.get(channel="webhook").fault == "ValueError"


def test_a_notice_names_the_case_and_no_person(report: Report, walk: Any) -> None:
    case = walk(report(name="林居民", email="a@example.org", channels=["email"]).case, "accept")
    for notice in Notice.objects.filter(subject=case.id):
        said = words(notice)
        assert case.number in said.title
        assert "林居民" not in said.title + said.body
