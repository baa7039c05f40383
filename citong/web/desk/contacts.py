"""The people of a case, as far as the reader may know them; telephone numbers only on demand."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from citong.core.cases.models import Case, Party
from citong.kit.text import mask_phone


@dataclass(frozen=True)
class Contact:
    """One person: `phone` is masked, and empty when there is none."""

    id: UUID
    role: str
    name: str
    phone: str
    email: str
    named: bool = False


def contacts(parties: Sequence[Party], *, sees_reporter: bool) -> list[Contact]:
    """The people a reader may know: those who are named always, who reported only with `sees_reporter`."""
    return [_contact(party) for party in parties if may_know(party, sees_reporter=sees_reporter)]


def may_know(party: Party, *, sees_reporter: bool) -> bool:
    """Whoever is named is part of the matter; whoever told of it is not."""
    return sees_reporter or party.role == Party.Role.NAMED


def phone_of(party: Party) -> str:
    """The number to call, as it was given here, else as the account has it."""
    return party.phone or (party.account.phone if party.account else "")


def parties_of(case: Case) -> list[Party]:
    """The case's parties with their accounts, in the order they came; one query."""
    return list(case.parties.select_related("account").order_by("id"))


def _named(party: Party) -> bool:
    return bool(party.role == Party.Role.NAMED)


def _contact(party: Party) -> Contact:
    phone = phone_of(party)
    name = party.name or (party.account.get_full_name() if party.account else "")
    sided = party.side and party.role != Party.Role.AGENT
    role = party.get_side_display() if sided else party.get_role_display()
    return Contact(party.id, role, name, mask_phone(phone) if phone else "", party.email, _named(party))
