"""Several escorts at one junction: it serves one wholly, the more urgent first, of two alike who asked first."""

import pytest

from citong.core.cases.models import Case
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.places.current import today
from citong.services.escort.models import Step
from citong.services.escort.pages.showing import in_reach
from citong.services.escort.tests.street import Street
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def second_officer(street: Street) -> Account:
    account = Account.objects.create_user("second", "second@example.org", PASSWORD, name="高执勤")
    unit = Unit.objects.get(code="traffic-e")
    Appointment.objects.create(account=account, unit=unit, post=Post.OFFICER, begins_on=today())
    street.cast.people["second"] = account
    return account


def both(street: Street, *, priorities: tuple[int, int]) -> tuple[Case, Case]:
    """Two escorts one after the other on the same street."""
    second_officer(street)
    first = street.under_way(priority=priorities[0])
    street.now = street.now.replace(microsecond=500_000)
    return first, street.under_way(by="second", priority=priorities[1])


def side_by_side(street: Street, first: Case, second: Case, seconds: int) -> None:
    for _second in range(seconds):
        for case, by in ((first, "officer"), (second, "second")):
            street.metres[str(case.pk)] = street.metres.get(str(case.pk), 0.0) + 15
            street.tell(case, by=by)
        street.second()


def served(case: Case) -> set[int]:
    return set(Step.objects.filter(escort=case.pk).exclude(asked_at=None).values_list("number", flat=True))


def test_of_two_alike_who_asked_first_has_the_junction_and_the_other_is_told(street: Street) -> None:
    first, second = both(street, priorities=(2, 2))
    side_by_side(street, first, second, 12)
    assert served(first) == {1, 2} or served(first) == {1}
    assert Step.objects.filter(escort=second.pk, yielded_to=first.pk).exists()
    assert not served(second) & served(first)


def test_the_more_urgent_one_has_it_although_it_asked_later(street: Street) -> None:
    first, second = both(street, priorities=(2, 1))
    side_by_side(street, first, second, 12)
    assert 1 in served(second)
    assert not served(first)


def test_the_centre_sees_them_in_the_order_in_which_junctions_serve_them(street: Street) -> None:
    first, second = both(street, priorities=(2, 1))
    third = street.ask(priority=1)
    shown = [one.case.number for one in in_reach(street.cast.actor("operator"))]
    assert shown == [second.number, first.number, third.number]
