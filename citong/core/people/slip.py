"""Number and secret: by them somebody without an account sees what is theirs, such as which offices looked, and why."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from citong.core.people.models import Look
from citong.kit import ids


@dataclass(frozen=True)
class Shown:
    """A number and a secret as somebody gave them; the secret as a digest alone."""

    number: str
    digest: bytes

    def opens(self, kept: Iterable[bytes | memoryview | None]) -> bool:
        """Whether one of these digests is that of the secret."""
        return any(one and hmac.compare_digest(bytes(one), self.digest) for one in kept)


def read(number: str, secret: str) -> Shown | None:
    """What somebody typed, in the form in which it is kept; None where it can be no number or no secret. No query."""
    try:
        return Shown(ids.case_number(*ids.parse_number(number)), ids.digest(secret, settings.RECEIPT_PEPPER))
    except ValueError:
        return None


def fresh() -> tuple[str, bytes]:
    """(secret, digest) of a new slip: the secret is shown once, the digest kept."""
    secret = ids.secret()
    return secret, ids.digest(secret, settings.RECEIPT_PEPPER)


def invited(person: UUID, mark: str) -> tuple[str, bytes]:
    """(secret, digest) of the slip of somebody who was invited with this mark: the same whenever it is asked for, so
    that the secret is kept nowhere. A new mark makes the old slip worthless once its digest is kept."""
    secret = ids.secret_from(f"invited:{person}:{mark}", settings.RECEIPT_PEPPER)
    return secret, ids.digest(secret, settings.RECEIPT_PEPPER)


def looks(subjects: Sequence[UUID]) -> list[Look]:
    """Every look at these subjects, newest first; one query."""
    return list(Look.objects.filter(subject__in=subjects).order_by("-at"))
