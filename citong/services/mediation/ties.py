"""What ties a mediator to a party, found by blind keys: nobody's name is read, and none is kept in the clear."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from citong.core.cases.models import Party
from citong.core.register.sealed import blind
from citong.kit.checks import digits, telephone
from citong.kit.text import alike
from citong.services.mediation.models import Mediator, Met


def keys_of(*, name: str = "", phone: str = "", number: str = "", account: UUID | None = None) -> frozenset[str]:
    """The keys by which somebody is found again: by account, telephone, number of identity or credit code, and name."""
    return _sure(phone=phone, number=number, account=account) | (
        frozenset({blind("party", alike(name))}) if name.strip() else frozenset()
    )


def keys_of_parties(parties: Iterable[Party]) -> frozenset[str]:
    """Every key of these parties; no query."""
    found = (keys_of(name=one.name, phone=one.phone, account=one.account_id) for one in parties)
    return frozenset[str]().union(*found)


def taken_up(mediator: UUID, *, case: UUID, parties: Iterable[Party], at: datetime) -> None:
    """The account has this dispute of these parties in hand: later ones of the same go to others.

    A namesake is not the same: the name counts only where there is neither account nor telephone.
    """
    Mediator.objects.filter(account=mediator).update(last_at=at)
    held = Mediator.objects.filter(account=mediator).values_list("pk", flat=True).first()
    if held is not None:
        keys = sorted(frozenset[str]().union(*(_surest(one) for one in parties)))
        Met.objects.bulk_create(
            [Met(mediator_id=held, key=key, case=case, at=at) for key in keys], ignore_conflicts=True
        )


def met_keys(parties: Iterable[Party]) -> frozenset[str]:
    """The keys by which a past dispute of these parties is found."""
    return frozenset[str]().union(*(_surest(one) for one in parties))


def _surest(party: Party) -> frozenset[str]:
    return _sure(phone=party.phone, account=party.account_id) or keys_of(name=party.name)


def _sure(*, phone: str = "", number: str = "", account: UUID | None = None) -> frozenset[str]:
    keys = {blind("account", str(account))} if account else set[str]()
    keys |= {blind("phone", telephone(phone))} if phone.strip() else set()
    return frozenset(keys | ({blind("number", digits(number))} if number.strip() else set()))
