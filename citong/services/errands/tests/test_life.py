"""The life of an errand, as sentences."""

import base64
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict
from PIL import Image

from citong.core.cases.forms import SignatureField
from citong.core.cases.models import Case, Task
from citong.core.files.models import Attachment
from citong.core.flow.act import act
from citong.core.flow.intake import Opened, open_case
from citong.core.flow.receipt import receipt_actor
from citong.core.flow.refusal import Invalid, NotAllowed, WrongState
from citong.core.ledger.read import faults, history
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ASKED = {"kind": "medicine", "text": "到医院取降压药", "name": "林奶奶", "phone": "13812345678", "grid": "e10"}
SIGNED = SignatureField().example
BOTH = {"signed_by_person": SIGNED, "signed_by_worker": SIGNED}
Do = Callable[..., Case]


def asked(cast: Cast, *, by: str = "grid_worker") -> Opened:
    return open_case("errands", ASKED, actor=cast.actor(by), channel="grid")


@pytest.fixture
def errand(cast: Cast) -> Opened:
    return asked(cast)


@pytest.fixture
def do(cast: Cast, errand: Opened) -> Do:
    """`do("take")` is an act of the grid worker on the errand, `by` others on wish."""

    def done(name: str, *, by: str = "grid_worker", files: Any = None, **said: Any) -> Case:
        return act(errand.case.id, name, said, actor=cast.actor(by), files=files).case

    return done


def test_an_errand_asked_for_at_the_door_is_in_the_hands_of_the_grid_station_at_once(
    cast: Cast, errand: Opened
) -> None:
    case = Case.objects.select_related("unit").get(pk=errand.case.pk)
    assert (case.state, case.unit.code, case.gap) == ("asked", "station-e1", False)
    assert (case.routed_holder_id, case.title) == (cast.grid_worker.id, "到医院取降压药")
    assert case.due_at is not None


def test_whoever_writes_it_down_has_not_asked_for_it(cast: Cast, errand: Opened, do: Do) -> None:
    assert errand.case.reporter_id is None
    do("take")
    do("step", result="已到医院")
    do("hand_over", result="药已送到", **BOTH)
    with pytest.raises(NotAllowed):
        do("thank", stars=5)
    with pytest.raises(NotAllowed):
        do("close", way="call")


def test_it_ends_with_the_thanks_of_the_person_by_the_receipt(cast: Cast, errand: Opened, do: Do) -> None:
    do("take")
    do("step", result="已到医院")
    do("hand_over", result="药已送到", **BOTH)
    held = receipt_actor(errand.case.number, errand.secret)
    assert held is not None
    case = act(errand.case.id, "thank", {"stars": 5, "comment": "谢谢"}, actor=held[1]).case
    assert (case.state, case.rating, case.open) == ("closed", 5, False)


def test_money_received_is_spent_or_returned_before_anything_is_handed_over(errand: Opened, do: Do) -> None:
    do("take")
    do("receive_money", amount="100", what_for="买药", **BOTH)
    with pytest.raises(WrongState, match="money or paper"):
        do("hand_over", result="药已送到", **BOTH)
    do("spend", amount="62.35", what_for="降压药两盒", note="摊贩没有发票")
    with pytest.raises(Invalid, match=r"Only 37\.65 yuan"):
        do("return_money", amount="40", **BOTH)
    do("return_money", amount="37.65", **BOTH)
    assert do("hand_over", result="药已送到", **BOTH).state == "handed_over"
    facts = [one.entry.facts for one in history(errand.case.id) if "amount" in one.entry.facts]
    assert [(one["amount"], one["left"]) for one in facts] == [(10_000, 10_000), (6_235, 3_765), (3_765, 0)]
    task = Task.objects.get(code="entrusted")
    assert (task.outcome, task.wanted) == (
        "accounted",
        {"received": 10_000, "spent": 6_235, "returned": 3_765, "papers": 0},
    )


def test_papers_are_listed_when_they_come_and_when_they_go_back(errand: Opened, do: Do) -> None:
    do("take")
    do("receive_papers", list="身份证\n医保卡\n\n", **BOTH)
    with pytest.raises(Invalid, match="2 papers"):
        do("return_papers", list="身份证\n医保卡\n病历", **BOTH)
    with pytest.raises(WrongState):
        do("withdraw", by="clerk", reason="不用了")
    do("return_papers", list="身份证\n医保卡", **BOTH)
    words = [one.words["list"] for one in history(errand.case.id) if one.words and "list" in one.words]
    assert words == ["身份证\n医保卡", "身份证\n医保卡"]
    assert do("withdraw", by="clerk", reason="不用了").state == "withdrawn"


def test_a_payment_needs_a_receipt_or_a_word(do: Do) -> None:
    do("take")
    do("receive_money", amount="20", what_for="买菜", **BOTH)
    with pytest.raises(Invalid) as refusal:
        do("spend", amount="10", what_for="青菜")
    assert "photos" in refusal.value.errors
    drawn = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(drawn, "JPEG")
    photo = SimpleUploadedFile("receipt.jpg", drawn.getvalue(), "image/jpeg")
    do("spend", amount="10", what_for="青菜", files=MultiValueDict({"photos": [photo]}))


def test_both_signatures_hang_on_the_errand_and_are_never_published(errand: Opened, do: Do) -> None:
    do("take")
    do("receive_money", amount="20", what_for="买菜", **BOTH)
    entry = history(errand.case.id)[-1].entry
    found = Attachment.objects.filter(entry=entry.id).select_related("file")
    assert [(one.file.media_type, one.public) for one in found] == [("image/png", False)] * 2
    assert entry.facts["signed"] == ["signed_by_person", "signed_by_worker"]


@pytest.mark.parametrize("wrong", ["", "林奶奶", "data:image/png;base64,AAAA", "data:image/png;base64," + "A" * 70_000])
def test_what_is_no_signature_is_refused(do: Do, wrong: str) -> None:
    do("take")
    with pytest.raises(Invalid) as refusal:
        do("receive_money", amount="20", what_for="买菜", signed_by_worker=SIGNED, signed_by_person=wrong)
    assert list(refusal.value.errors) == ["signed_by_person"]


def test_an_empty_pad_is_no_signature(do: Do) -> None:
    do("take")
    out = io.BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 0, 0)).save(out, "PNG")
    empty = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    with pytest.raises(Invalid):
        do("receive_money", amount="20", what_for="买菜", signed_by_worker=SIGNED, signed_by_person=empty)


def test_a_colleague_takes_over_but_not_with_other_people_s_money(cast: Cast, do: Do) -> None:
    other = Account.objects.create_user("colleague", name="许网格")
    unit = Unit.objects.get(code="station-e1")
    Appointment.objects.create(account=other, unit=unit, post=Post.GRID_WORKER, begins_on=date(2026, 1, 1))
    do("take")
    do("receive_money", amount="20", what_for="买菜", **BOTH)
    with pytest.raises(WrongState):
        do("pass_on", colleague=str(other.id), reason="休假")
    do("return_money", amount="20", **BOTH)
    assert do("pass_on", colleague=str(other.id), reason="休假").holder_id == other.id
    assert do("pass_on", reason="休假", by="supervisor").holder_id is None


def test_its_history_is_whole_and_names_nobody_in_its_facts(errand: Opened, do: Do) -> None:
    do("take")
    do("receive_money", amount="20", what_for="买菜", witness="陈邻居", **BOTH)
    entries = [one.entry for one in history(errand.case.id)]
    assert list(faults(entries)) == []
    assert not any(word in str(entry.facts) for entry in entries for word in ("林奶奶", "陈邻居", "买菜", "降压"))
