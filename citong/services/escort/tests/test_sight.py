"""Who sees where somebody drives: the driver, who asked, and the centre that has it in hand; and only while it runs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from citong.core.cases.models import Case
from citong.core.flow.reading import told
from citong.core.ledger.models import Entry
from citong.core.people.models import Look
from citong.core.people.refusal import NotAllowed, WrongState
from citong.services.escort import keeping
from citong.services.escort.models import Escort, Position, Step
from citong.services.escort.places import tell_place
from citong.services.escort.tests.street import LAT, WEST, Street

pytestmark = pytest.mark.django_db
HERE = {"lon": WEST, "lat": LAT}


def client(street: Street, who: str) -> Client:
    found = Client(headers={"Accept-Language": "en"})
    found.force_login(street.cast.people[who])
    return found


def test_a_place_is_taken_while_it_runs_from_its_driver_alone(street: Street) -> None:
    case = street.ask()
    officer = street.cast.actor("officer")
    with pytest.raises(WrongState):
        tell_place(case, HERE, actor=officer, at=street.now)
    street.does(case, "approve", "operator")
    case = street.does(case, "set_off", "officer")
    with pytest.raises(NotAllowed):
        tell_place(case, HERE, actor=street.cast.actor("operator"), at=street.now)
    tell_place(case, HERE, actor=officer, at=street.now)
    street.does(case, "arrive", "officer")
    with pytest.raises(WrongState):
        tell_place(case, HERE, actor=officer, at=street.now)
    assert Position.objects.count() == 1


def test_a_place_that_is_sent_twice_is_kept_once(street: Street) -> None:
    case = street.under_way()
    for _time in range(2):
        tell_place(case, HERE | {"at": street.now.isoformat()}, actor=street.cast.actor("officer"), at=street.now)
    assert Position.objects.count() == 1


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "verifier", "supervisor", "outsider", "handler"])
def test_nobody_else_reaches_the_console_or_the_drive(street: Street, who: str) -> None:
    case = street.under_way()
    for page in ("escort_watch", "escort_watch_part", "escort_drive", "escort_drive_part", "escort_report"):
        assert client(street, who).get(reverse(page, args=[case.number])).status_code == 404, page


def test_another_officer_of_the_same_unit_sees_nothing_of_it(street: Street) -> None:
    case = street.under_way()
    Case.objects.filter(pk=case.pk).update(holder=None, reporter=None)
    Escort.objects.filter(pk=case.pk).update(driver=None)
    assert client(street, "officer").get(reverse("escort_drive", args=[case.number])).status_code == 404
    assert case.number not in client(street, "officer").get(reverse("desk")).content.decode()


def test_a_look_of_the_centre_at_where_it_drives_is_written_down(street: Street) -> None:
    case = street.under_way()
    client(street, "operator").get(reverse("escort_watch", args=[case.number]))
    assert Look.objects.filter(subject=case.pk, account=street.cast.operator.pk).exists()


def test_the_words_are_for_the_centre_and_the_driver_and_stand_in_no_table_but_the_ledger(street: Street) -> None:
    case = street.ask(text="孩子高烧抽搐")
    assert any("孩子" in str(one.words) for one in told(case, street.cast.actor("operator")))
    assert not any("孩子" in str(one.words) for one in told(case, street.cast.actor("supervisor")))
    assert "孩子" not in f"{case.title}{case.text}{case.address}"


def test_no_point_stands_in_the_ledger_which_forgets_nothing(street: Street) -> None:
    case = street.ask()
    facts = Entry.objects.get(subject=case.id, act="open").facts
    assert not {"lon", "lat", "goal_lon", "goal_lat", "driver"} & facts.keys()


def test_after_the_days_the_city_keeps_it_nobody_can_say_where_it_drove(street: Street) -> None:
    case = street.under_way()
    street.drive(case, 30)
    street.does(case, "arrive", "officer")
    assert keeping.erase(at=street.now + timedelta(days=6)) == 0
    assert keeping.erase(at=street.now + timedelta(days=8)) == 1
    escort = street.escort(case)
    assert (escort.route, escort.line, escort.goal_lon, escort.origin_lon) == ({}, [], None, None)
    assert not Position.objects.exists()
    assert not Step.objects.exclude(label="", junction="", lon=None).exists()
    page = client(street, "officer").get(reverse("escort_report", args=[case.number])).content.decode()
    assert "has been erased" in page and "Junction 1" in page
