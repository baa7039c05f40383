"""A life that is loaded can not be told from one that was lived."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, models

from citong.core.cases.models import Case, Category, Link, Party, Submission, Task
from citong.core.clocks.models import Clock
from citong.core.flow.act import act
from citong.core.flow.intake import open_case
from citong.core.flow.locate import GivenPlace, locate, locate_many
from citong.core.flow.moving_in import known, move_in, numbers
from citong.core.flow.receipt import holder_of
from citong.core.flow.replay import Life, Told, do, opened, watch
from citong.core.flow.watch import tick
from citong.core.ledger.models import Checkpoint, Content, Entry, Seal
from citong.core.ledger.proof import checkpoint_faults, receipt
from citong.core.ledger.read import faults, history
from citong.core.ledger.seal import public_key, seal
from citong.core.ledger.tables import ready_months
from citong.core.people.access import ANYBODY, RESIDENT_SEAT, Actor
from citong.core.people.models import Unit
from citong.core.search.index import found
from citong.core.search.models import Document
from citong.kit import receipt as receipts
from tests.cast import Cast

AT = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
REPORT = {
    "title": "井盖缺失", "text": "东一社区门口井盖缺失，晚上很危险", "lon": 118.605, "lat": 24.905,
    "address": "东一社区", "public": True, "reporting": "open", "name": "陈女士",
}  # fmt: skip
OWN = {"id", "subject", "case", "case_id", "first_id", "second_id", "entry", "number", "salt", "content_hash", "hash",
       "previous", "head", "receipt", "key", "checkpoint", "index", "sealed"}  # fmt: skip
LIVES: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "rated": [("accept", "clerk", {"category": "urban.manhole", "urgent": True, "public": True}),
              ("dispatch", "dispatcher", {"unit": "urban-e", "note": "请按时处理"}), ("take", "handler", {}),
              ("feed_back", "handler", {"result": "已修好"}), ("close", "verifier", {"way": "site", "note": "属实"}),
              ("rate", "reporter", {"stars": 4, "comment": "谢谢"})],
    "delayed": [("accept", "clerk", {"category": "urban.manhole"}), ("dispatch", "dispatcher", {"unit": "urban-e"}),
                ("take", "handler", {}), ("ask_delay", "handler", {"days": 3, "reason": "等配件"}),
                ("decide_delay", "dispatcher", {"decision": "grant", "reason": "同意"})],
    "together": [("accept", "clerk", {"category": "urban.light", "public": True}),
                 ("dispatch", "dispatcher", {"unit": "urban-e"}),
                 ("invite", "dispatcher", {"units": ["fire-e"], "note": "请到场"}),
                 ("finish_part", "firefighter", {"result": "已办"}), ("feed_back", "handler", {"result": "好了"}),
                 ("rework", "verifier", {"reason": "还差一点"}), ("feed_back", "handler", {"result": "再好了"}),
                 ("close", "verifier", {"way": "call"}), ("reopen", "reporter", {"reason": "又坏了"})],
    "asked": [("ask", "clerk", {"reason": "在哪里"}), ("answer", "reporter", {"note": "门口"}),
              ("urge", "reporter", {"reason": "请快"}), ("accept", "clerk", {"category": "urban.manhole"}),
              ("dispatch", "dispatcher", {"unit": "urban-e"}),
              ("reassign", "dispatcher", {"unit": "station-e1", "reason": "更合适"}),
              ("take", "grid_worker", {}), ("return", "grid_worker", {"reason": "不归我管"})],
    "refused": [("refuse", "clerk", {"reason": "不属于"})],
    "withdrawn": [("withdraw", "reporter", {"reason": "自己好了"})],
}  # fmt: skip
ROWS: tuple[tuple[type[models.Model], str], ...] = (
    (Case, "id"), (Party, "case_id"), (Task, "case_id"), (Clock, "subject"), (Entry, "subject"),
    (Submission, "case"), (Document, "subject"),
)  # fmt: skip


@pytest.mark.parametrize("fate", LIVES)
def test_a_loaded_life_leaves_the_rows_that_a_lived_one_leaves(cast: Cast, fate: str) -> None:
    lived = _lived(cast, fate, key=f"lived {fate}")
    loaded = _told(cast, fate, key=f"loaded {fate}")
    move_in([loaded], at=AT)
    for model, owner in ROWS:
        assert _rows(model, owner, loaded.case) == _rows(model, owner, lived), model.__name__
    assert _words(loaded.case) == _words(lived)


def test_clocks_that_ran_out_raised_a_loaded_case_as_the_watch_does(cast: Cast) -> None:
    lived = _lived(cast, "refused", key="lived", steps=0)
    loaded = _told(cast, "refused", key="loaded", steps=0)
    until = AT + timedelta(days=3)
    minute = Clock.objects.get(subject=lived.id).due_at + timedelta(minutes=1)
    while minute < until:
        tick(at=minute)
        waking = Clock.objects.get(subject=lived.id).wake_at
        assert waking is not None
        minute = waking + timedelta(minutes=1)
    watch(loaded, until=until, act="escalate")
    move_in([loaded], at=AT)
    lived.refresh_from_db()
    assert lived.level != "street"
    for model, owner in ((Case, "id"), (Clock, "subject"), (Entry, "subject")):
        assert _rows(model, owner, loaded.case) == _rows(model, owner, lived), model.__name__


def test_a_warning_that_was_given_is_not_given_again(cast: Cast) -> None:
    loaded = _told(cast, "refused", key="loaded", steps=0)
    clock = loaded.clocks[0]
    watch(loaded, until=clock.warn_at + timedelta(minutes=5), act="escalate")
    assert clock.wake_at == clock.due_at
    assert len(loaded.entries) == 1


def test_a_merged_report_leaves_its_reporter_as_a_follower_of_the_other(cast: Cast) -> None:
    lived = [_lived(cast, "rated", key=f"lived {number}", steps=1) for number in range(2)]
    asked = {"number": lived[0].number, "reason": "同一处"}
    act(lived[1].id, "merge", asked, actor=cast.actor("clerk"), at=AT + 5 * HOUR)
    other, twin = (_told(cast, "rated", key=f"loaded {number}", steps=1) for number in range(2))
    told = {"number": other.case.number, "reason": "同一处", "other": other}
    do(twin, "merge", told, actor=cast.actor("clerk"), at=AT + 5 * HOUR)
    move_in([other, twin], at=AT)
    for (model, owner), old, new in product(ROWS[:2], lived, [other.case, twin.case]):
        if (old is lived[1]) == (new is twin.case):
            assert _rows(model, owner, new) == _rows(model, owner, old), model.__name__
    assert set(Link.objects.values_list("first_id", "second_id")) == {
        (lived[1].id, lived[0].id), (twin.case.id, other.case.id),
    }  # fmt: skip
    merged = Entry.objects.get(subject=twin.case.id, act="merge")
    assert merged.facts == Entry.objects.get(subject=lived[1].id, act="merge").facts | {"number": other.case.number}


def test_what_is_loaded_is_sealed_at_once_and_its_receipts_hold(cast: Cast) -> None:
    _lived(cast, "rated", key="lived before")
    seal(at=AT)
    loaded = [_told(cast, "rated", key=f"loaded {number}") for number in range(3)]
    move_in(loaded, at=AT)
    _lived(cast, "rated", key="lived after")
    assert Seal.objects.filter(checkpoint=None).count() == 7
    seal(at=AT)
    assert list(Checkpoint.objects.order_by("number").values_list("count", flat=True)) == [7, 21, 7]
    assert next(checkpoint_faults(), None) is None
    case = Case.objects.get(pk=loaded[1].case.id)
    entries = [one.entry for one in history(case.id)]
    assert list(faults(entries)) == []
    file = receipt(case.number, entries, readable=frozenset())
    assert (list(receipts.faults(file, public_key())), receipts.unsealed(file)) == ([], [])


def test_an_entry_that_slipped_in_without_its_seal_is_found(cast: Cast) -> None:
    loaded = _told(cast, "refused", key="loaded")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL citong.seals = 'along'")
    Entry.objects.bulk_create(loaded.entries)
    assert "has no seal" in next(checkpoint_faults())


def test_what_is_loaded_is_found_by_its_words_and_number(cast: Cast) -> None:
    life = _told(cast, "rated", key="loaded")
    life.texts.append("旧编号 SR2019-77")
    move_in([life], at=AT)
    for said in ("井盖缺失", life.case.number, "SR2019-77"):
        assert [one["subject"] for one in found(said, "case")] == [life.case.id], said


def test_one_that_was_loaded_before_takes_all_that_come_with_it_back(cast: Cast) -> None:
    move_in([_told(cast, "refused", key="once")], at=AT)
    assert known(["once", "never"]) == {"once"}
    with pytest.raises(IntegrityError):
        move_in([_told(cast, "refused", key="another"), _told(cast, "refused", key="once")], at=AT)


def test_months_are_made_ready_backwards_but_not_where_history_lies_already(cast: Cast) -> None:
    life = _told(cast, "refused", key="loaded", at=datetime(2019, 3, 5, tzinfo=UTC))
    move_in([life], at=AT)
    ready_months(datetime(2019, 1, 1, tzinfo=UTC), ahead=4)
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname ~ '^ledger_entry_2019..$' ORDER BY 1")
        made = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT count(*) FROM ledger_entry_other")
        assert cursor.fetchone() == (len(life.entries),)
    assert made == ["ledger_entry_201901", "ledger_entry_201902", "ledger_entry_201904"]
    assert [one.entry.id for one in history(life.case.id)] == [entry.id for entry in life.entries]


def test_many_places_are_found_as_one_is(cast: Cast) -> None:
    points = [(118.605, 24.905), (118.61, 24.91), (118.64, 24.92005), (118.5999, 24.905)]
    assert locate_many(points) == [locate(GivenPlace(lon, lat)) for lon, lat in points]
    assert not locate_many([(10.0, 10.0)])[0].located.inside  # type: ignore[union-attr]


def _lived(cast: Cast, fate: str, *, key: str, steps: int | None = None) -> Case:
    case = open_case(
        "requests", REPORT | {"category": "urban.manhole"}, actor=ANYBODY, channel="web", key=key, at=AT
    ).case
    for number, (name, who, data) in enumerate(LIVES[fate][:steps], start=1):
        actor = holder_of(case.id) if who == "reporter" else cast.actor(who)
        case = act(case.id, name, data, actor=actor, at=AT + number * HOUR).case
    return case


def _told(cast: Cast, fate: str, *, key: str, steps: int | None = None, at: datetime = AT) -> Life:
    category = Category.objects.get(code="urban.manhole")
    place = locate_many([(118.605, 24.905)])[0]
    (number,) = numbers([at])
    life = opened(
        Told("requests", REPORT | {"category": category}, at, number, place, "web", key, ANYBODY, RESIDENT_SEAT)
    )
    for turn, (name, who, data) in enumerate(LIVES[fate][:steps], start=1):
        actor = Actor(receipt=life.case.id) if who == "reporter" else cast.actor(who)
        do(life, name, _cleaned(data), actor=actor, at=at + turn * HOUR)
    return life


def _cleaned(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a form makes of codes."""
    given: dict[str, Callable[[Any], Any]] = {
        "category": lambda code: Category.objects.get(code=code),
        "unit": lambda code: Unit.objects.get(code=code),
        "units": lambda codes: list(Unit.objects.filter(code__in=codes)),
    }
    return {name: given.get(name, lambda value: value)(value) for name, value in data.items()}


def _rows(model: type[models.Model], owner: str, case: Case) -> list[dict[str, Any]]:
    held = model._default_manager.filter(**{owner: case.id}).order_by("pk").values()
    return [{name: _plain(value, case) for name, value in row.items() if name not in OWN} for row in held]


def _plain(value: Any, case: Case) -> Any:
    if isinstance(value, str):  # a document holds the parts of the case's number
        return " ".join(sorted(set(value.split()) - {f"'{part}'" for part in case.number.split("-")}))
    return value


def _words(case: Case) -> list[Any]:
    held = {row.id: row.body for row in Content.objects.all()}
    return [held.get(entry.id) for entry in Entry.objects.filter(subject=case.id).order_by("position")]
