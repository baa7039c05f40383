"""Sending what waits in the outbox; each notice once, tried again with growing pauses."""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.module_loading import import_string

from citong.core.ledger.write import utc
from citong.core.notices.hook import send, written
from citong.core.notices.models import Notice
from citong.core.notices.words import letter, message, words

MOST_TRIES = 8
FIRST_PAUSE = timedelta(minutes=1)
log = logging.getLogger(__name__)


class NotTaken(OSError):
    """A webhook's receiver answered with another status than a good one."""


def deliver(*, at: datetime, limit: int = 200) -> int:
    """What is due is sent, or put off with the reason. Returns how many were sent. Safe beside other workers."""
    sent = 0
    for _turn in range(limit):
        with transaction.atomic():
            waiting = Notice.objects.select_for_update(skip_locked=True).filter(next_at__lte=at)
            notice = waiting.order_by("next_at").first()
            if notice is None:
                return sent
            sent += _try(notice, at)
            notice.save(update_fields=["next_at", "sent_at", "tries", "fault"])
    return sent


def _try(notice: Notice, at: datetime) -> int:
    try:
        SENDERS[notice.channel](notice)
    except (OSError, smtplib.SMTPException, ValueError) as fault:
        _put_off(notice, at, type(fault).__name__)
        return 0
    notice.next_at, notice.sent_at = None, at
    return 1


def _put_off(notice: Notice, at: datetime, fault: str) -> None:
    notice.tries += 1
    notice.fault = fault
    notice.next_at = at + FIRST_PAUSE * 4 ** (notice.tries - 1) if notice.tries < MOST_TRIES else None
    log.warning("notice %s by %s not sent (%s), try %d", notice.id, notice.channel, fault, notice.tries)


def _email(notice: Notice) -> None:
    send_mail(words(notice).title, letter(notice), settings.DEFAULT_FROM_EMAIL, [notice.address])


def _sms(notice: Notice) -> None:
    send: Callable[[str, str], None] = import_string(settings.SMS_SENDER)
    send(notice.address, message(notice))


def _webhook(notice: Notice) -> None:
    """Signed with the city's key alone: a reporter who only left an address shares no secret with the city."""
    body = written(f"case.{notice.code}", at=utc(notice.made_at), data=notice.facts)
    status = send(notice.address, id=str(notice.id), body=body)
    if not 200 <= status < 300:
        raise NotTaken(f"answered {status}")


SENDERS: dict[str, Callable[[Notice], None]] = {
    Notice.Channel.EMAIL: _email,
    Notice.Channel.SMS: _sms,
    Notice.Channel.WEBHOOK: _webhook,
}
