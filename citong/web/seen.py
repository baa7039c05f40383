"""Looks as the pages of cases and of records tell them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from citong.core.people.models import Look
from citong.web.public.names import post_name, purpose_words


@dataclass(frozen=True)
class Seen:
    """One look: when, which office and person, what for."""

    at: datetime
    unit: str
    post: str
    who: str
    purpose: str


def seen(look: Look, *, units: Mapping[str, str], people: Mapping[UUID, str]) -> Seen:
    """The look with the names of its office (by code) and person (by id), as far as they are known."""
    unit, who = units.get(look.unit, look.unit), people.get(look.account, "")
    return Seen(look.at, unit, post_name(look.post), who, purpose_words(look.purpose))
