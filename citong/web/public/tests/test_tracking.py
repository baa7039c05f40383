"""Following a report with its receipt, and what its reporter can do."""

import re
from typing import Any

from django.test import Client

from citong.core.cases.models import Case, Submission
from citong.core.files.models import Attachment
from citong.core.flow.act import act
from citong.core.flow.slip import issue_slip
from citong.core.people.access import Purpose
from citong.core.people.administration import look
from citong.kit.chain import read_public_key
from citong.kit.receipt import faults
from citong.web.public.tests.conftest import photo


def keys(page: str) -> list[str]:
    return re.findall(r'name="key" value="([^"]+)"', page)


def test_number_and_code_open_the_report(site: Client, report: Any) -> None:
    opened = report(title="井盖没了")
    answer = site.post("/track/", {"number": opened.case.number.replace("-", " "), "secret": opened.secret.upper()})
    assert answer.headers["Location"] == f"/track/{opened.case.number}/"
    assert "井盖没了" in site.get(f"/track/{opened.case.number}/").content.decode()


def test_a_forged_receipt_and_an_unknown_number_get_the_same_answer(site: Client, report: Any) -> None:
    number = report().case.number
    forged = site.post("/track/", {"number": number, "secret": "aaaaa-aaaaa"}).content.decode()
    unknown = site.post("/track/", {"number": "26-9999999-1", "secret": "aaaaa-aaaaa"}).content.decode()
    sentence = "Number and code do not belong together"
    assert sentence in forged and sentence in unknown
    assert site.get(f"/r/{number}/aaaaa-aaaaa/").headers["Location"] == "/track/?again=1"
    assert site.get(f"/track/{number}/").headers["Location"] == f"/track/?number={number}"


def test_after_twenty_wrong_tries_even_the_right_code_waits(site: Client, report: Any) -> None:
    opened = report()
    for _try in range(20):
        site.post("/track/", {"number": opened.case.number, "secret": "aaaaa-aaaaa"})
    answer = Client().post("/track/", {"number": opened.case.number, "secret": opened.secret})
    assert answer.status_code == 429


def test_every_step_is_told_by_office_and_never_by_person(site: Client, report: Any, walk: Any, holds: Any) -> None:
    opened = report(named="赵某某", name="林居民", phone="13812345678")
    walk(opened.case, "accept", "dispatch", ("note", {"note": "内部备注"}), "feed_back", "close")
    page = site.get(holds(opened)).content.decode()
    for told in ("东区指挥中心", "东区城管局", "已经修好", "The result was checked and the case closed."):
        assert told in page
    for hidden in ("王受理", "李派遣", "张处置", "吴核查", "内部备注", "赵某某", "13812345678"):
        assert hidden not in page


def test_deadlines_name_the_rule_they_come_from(site: Client, report: Any, holds: Any) -> None:
    page = site.get(holds(report())).content.decode()
    assert "Time limits of digital city management" in page and "within 4 working hours" in page


def test_rating_a_closed_report_stands_once_however_often_it_is_sent(
    site: Client, report: Any, walk: Any, holds: Any
) -> None:  # fmt: skip
    opened = report()
    walk(opened.case, "accept", "dispatch", "feed_back", "close")
    where = holds(opened)
    key = keys(site.get(where).content.decode())[0]
    for _click in range(2):
        answer = site.post(f"{where}do/rate/", {"rate-stars": "4", "rate-comment": "修得快", "key": key}, follow=True)
        assert answer.status_code == 200 and "★★★★☆" in answer.content.decode()
    assert Case.objects.get().rating == 4
    assert Submission.objects.filter(act="rate").count() == 1


def test_reopening_brings_the_case_back_to_be_dispatched(site: Client, report: Any, walk: Any, holds: Any) -> None:
    opened = report()
    walk(opened.case, "accept", "dispatch", "feed_back", "close")
    site.post(f"{holds(opened)}do/reopen/", {"reopen-reason": "又坏了"})
    assert Case.objects.get().state == "dispatching"


def test_an_act_without_its_reason_keeps_the_form_open_with_a_sentence(
    site: Client, report: Any, holds: Any
) -> None:  # fmt: skip
    answer = site.post(f"{holds(report())}do/urge/", {"urge-reason": ""})
    page = answer.content.decode()
    assert answer.status_code == 422 and "<details open" in page and Case.objects.get().urges == 0


def test_an_act_that_came_too_late_says_so(site: Client, report: Any, walk: Any, holds: Any) -> None:
    opened = report()
    where = holds(opened)
    walk(opened.case, "accept", "dispatch")
    page = site.post(f"{where}do/withdraw/", {"withdraw-reason": "算了"}, follow=True).content.decode()
    assert "The case has moved on" in page


def test_acts_of_the_staff_are_out_of_reach_of_a_receipt(site: Client, report: Any, holds: Any) -> None:
    site.post(f"{holds(report())}do/accept/", {"accept-category": "urban.manhole"})
    assert Case.objects.get().state == "filed"


def test_somebody_else_can_not_act_on_the_report(site: Client, report: Any) -> None:
    assert site.post(f"/track/{report().case.number}/do/urge/", {"urge-reason": "快"}).status_code == 404


def test_photos_added_by_the_reporter_are_theirs_and_not_public(site: Client, report: Any, holds: Any) -> None:
    opened = report()
    site.post(f"{holds(opened)}do/supplement/", {"supplement-note": "补一张", "supplement-photos": photo()})
    address = f"/files/{Attachment.objects.get().id}/"
    answer = site.get(address)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "image/jpeg"
    assert "private" in answer.headers["Cache-Control"] and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert Client().get(address).status_code == 404


def test_a_published_photo_of_a_handler_is_seen_by_all_and_staff_see_theirs(
    site: Client, cast: Any, published: Any, walk: Any
) -> None:  # fmt: skip
    opened = published()
    walk(opened.case, "accept", "dispatch")
    act(opened.case.id, "feed_back", {"result": "好了"}, actor=cast.actor("handler"), files={"photos": [photo()]})
    address = f"/files/{Attachment.objects.get().id}/"
    assert site.get(address).status_code == 200
    Case.objects.update(public=False)
    assert site.get(address).status_code == 404
    site.force_login(cast.verifier)
    assert site.get(address).status_code == 200
    site.force_login(cast.outsider)
    assert site.get(address).status_code == 404


def test_the_reporter_sees_which_office_looked_and_what_for(
    site: Client, cast: Any, report: Any, holds: Any
) -> None:  # fmt: skip
    opened = report()
    look(opened.case.id, actor=cast.actor("clerk"), purpose=Purpose.HANDLING, at=opened.case.opened_at)
    page = site.get(f"{holds(opened)}looks/").content.decode()
    assert "东区指挥中心" in page and "Intake clerk" in page and "Handling" in page and "王受理" not in page


def test_a_part_that_was_split_off_opens_with_the_same_receipt(
    site: Client, report: Any, walk: Any, holds: Any
) -> None:  # fmt: skip
    opened = report()
    walk(opened.case, "split")
    page = site.get(holds(opened)).content.decode()
    child = Case.objects.exclude(pk=opened.case.pk).get()
    assert f"/track/{child.number}/" in page
    assert site.get(f"/track/{child.number}/").status_code == 200


def test_a_person_named_in_a_report_reads_who_looked_and_nothing_else(
    site: Client, cast: Any, report: Any
) -> None:  # fmt: skip
    case = report(named="赵某某", title="邻里的事").case
    party = case.parties.get(role="named")
    secret = issue_slip(case.id, party.id, actor=cast.actor("clerk"), at=case.opened_at)
    look(case.id, actor=cast.actor("clerk"), purpose=Purpose.HANDLING, at=case.opened_at)
    answer = site.post("/track/", {"number": case.number, "secret": secret})
    assert answer.headers["Location"] == f"/track/{case.number}/looks/"
    page = site.get(answer.headers["Location"]).content.decode()
    assert "东区指挥中心" in page and "邻里的事" not in page
    assert site.get(f"/track/{case.number}/").status_code == 302


def test_the_reporter_takes_away_a_proof_that_holds_and_nobody_else_does(
    site: Client, report: Any, walk: Any, holds: Any
) -> None:  # fmt: skip
    opened = report()
    walk(opened.case, "accept")
    file = site.get(f"{holds(opened)}proof.json").json()
    assert [entry["act"] for entry in file["entries"]] == ["open", "accept"]
    assert not list(faults(file, read_public_key(file["key"].encode())))
    assert Client().get(f"/track/{opened.case.number}/proof.json").status_code == 404
