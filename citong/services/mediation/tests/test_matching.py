"""Who is proposed for a dispute and why, as sentences."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from citong.services.mediation.kinds import BodyKind, Kind, Language
from citong.services.mediation.matching import Bar, Candidate, Need, bar, excluded, propose

ROOT = UUID(int=7)
QUARREL = Need(
    uuid5(ROOT, "wall"), Kind.NEIGHBOUR, district="e", street="es", community="e1",
    languages=frozenset({Language.MINNAN}), finders=frozenset({uuid5(ROOT, "finder")}),
    parties=frozenset({uuid5(ROOT, "party")}), keys=frozenset({"party:1"}),
)  # fmt: skip


def somebody(name: str = "elder", **said: object) -> Candidate:
    """Takes neighbours' disputes, lives where they quarrel and speaks as they do, unless said otherwise."""
    usual: dict[str, object] = {
        "body_kind": BodyKind.VILLAGE, "district": "e", "street": "es", "community": "e1",
        "languages": frozenset({Language.MINNAN}), "fields": frozenset({Kind.NEIGHBOUR}), "open": 3, "most": 12,
    }  # fmt: skip
    return Candidate(uuid5(ROOT, name), uuid5(ROOT, f"account {name}"), name, "body", **(usual | said))  # type: ignore[arg-type]


def names(need: Need, *candidates: Candidate, most: int = 5) -> list[str]:
    return [one.candidate.name for one in propose(need, candidates, most=most)]


def barred(one: Candidate, need: Need = QUARREL) -> Bar | None:
    return bar(need, one)


def test_every_proposal_says_its_reasons_in_words() -> None:
    (proposal,) = propose(QUARREL, [somebody(invited=True)])
    assert proposal.reasons == [
        "Knows such disputes: Dispute between neighbours",
        "In the same community",
        "Speaks Minnan",
        "3 open of at most 12",
        "Invited by the court",
    ]


def test_what_speaks_against_somebody_is_said_as_well() -> None:
    loan = replace(QUARREL, kind=Kind.LOAN)
    far = somebody(
        body_kind=BodyKind.COMMERCIAL, community="", street="", fields=frozenset(), languages=frozenset(), charges=True
    )
    assert propose(loan, [far])[0].reasons == [
        "The body is there for such disputes: Dispute about a loan",
        "In the same district",
        "Does not speak Minnan",
        "3 open of at most 12",
        "Charges a fee",
    ]


def test_whoever_found_a_dispute_does_not_mediate_it() -> None:
    finder = somebody("finder")
    need = replace(QUARREL, finders=frozenset({finder.account}))
    assert names(need, finder, somebody()) == ["elder"]
    (out,) = excluded(need, [finder, somebody()])
    assert (out.candidate.name, out.reason) == (
        "finder", "Found this dispute: whoever finds one does not mediate it.",
    )  # fmt: skip


def test_nobody_judges_in_their_own_matter_or_that_of_somebody_they_are_tied_to() -> None:
    assert barred(replace(somebody(), account=uuid5(ROOT, "party"))) == Bar.PARTY
    assert barred(somebody(interests=frozenset({"party:1", "party:2"}))) == Bar.INTEREST
    assert barred(somebody(met=frozenset({"party:1"}))) == Bar.PAST
    assert barred(somebody(interests=frozenset({"party:2"}))) is None


def test_who_is_away_or_has_their_hands_full_or_whose_term_is_over_is_not_proposed() -> None:
    assert barred(somebody(away=True)) == Bar.AWAY
    assert barred(somebody(open=12)) == Bar.FULL
    assert barred(somebody(serves=False)) == Bar.ENDED


def test_who_declined_is_not_asked_again_for_the_same_dispute() -> None:
    assert barred(somebody(), replace(QUARREL, tried=frozenset({somebody().account}))) == Bar.TRIED


def test_each_body_takes_what_the_law_made_it_for() -> None:
    commercial = somebody(body_kind=BodyKind.COMMERCIAL, fields=frozenset())
    assert barred(commercial) == Bar.BODY
    assert barred(commercial, replace(QUARREL, kind=Kind.COMMERCIAL)) is None
    assert barred(somebody(fields=frozenset({Kind.LAND}))) == Bar.FIELD
    hospital = replace(QUARREL, kind=Kind.MEDICAL, line="medical")
    assert barred(somebody(fields=frozenset()), hospital) == Bar.BODY
    assert barred(somebody(fields=frozenset(), body_kind=BodyKind.MEDICAL), hospital) is None


def test_what_a_court_sends_goes_to_those_whom_a_court_has_invited() -> None:
    filed = replace(QUARREL, line="filed_simple")
    assert barred(somebody(), filed) == Bar.COURT
    assert barred(somebody(invited=True), filed) is None


def test_a_village_mediates_at_home_and_where_its_people_say_they_go() -> None:
    west = somebody(district="w", street="ws", community="w1")
    assert barred(west) == Bar.PLACE
    assert barred(replace(west, districts=frozenset({"e"}))) is None
    assert barred(somebody(district="", street="", community="")) is None


def test_the_nearer_is_before_the_farther_and_who_speaks_their_language_before_who_does_not() -> None:
    street, district = somebody("street", community="e2"), somebody("district", community="e3", street="x")
    assert names(QUARREL, district, street, somebody()) == ["elder", "street", "district"]
    dumb = somebody("stranger", languages=frozenset({Language.PUTONGHUA}))
    assert names(QUARREL, dumb, district) == ["district", "stranger"]


def test_free_hands_go_before_nearness() -> None:
    busy, free = somebody("busy", open=8), somebody("free", street="x", community="y", open=2)
    assert names(QUARREL, busy, free) == ["free", "busy"]


def test_among_equals_whoever_has_waited_longest_is_first() -> None:
    assert names(QUARREL, somebody("a", idle=3), somebody("b", idle=9)) == ["b", "a"]


def test_among_equals_who_wait_alike_no_name_is_always_first() -> None:
    equals = [somebody(str(number)) for number in range(20)]
    firsts = {names(replace(QUARREL, id=uuid5(ROOT, f"dispute {number}")), *equals)[0] for number in range(40)}
    assert len(firsts) > 8
    assert names(QUARREL, *equals) == names(QUARREL, *reversed(equals))


KINDS = st.sampled_from([Kind.NEIGHBOUR, Kind.LOAN, Kind.MEDICAL, Kind.MARITIME])
SOME_KINDS = st.frozensets(KINDS, max_size=2)
PLACES = st.sampled_from([("", "", ""), ("e", "", ""), ("e", "es", ""), ("e", "es", "e1"), ("w", "ws", "w1")])
KEYS = st.frozensets(st.sampled_from(["party:1", "party:2"]))
SPOKEN = st.frozensets(st.sampled_from([Language.MINNAN, Language.PUTONGHUA]))


ACCOUNTS = st.frozensets(st.integers(0, 5).map(lambda number: somebody(str(number)).account), max_size=2)
PEOPLE = st.fixed_dictionaries({
    "body_kind": st.sampled_from([BodyKind.VILLAGE, BodyKind.COMMERCIAL, BodyKind.MEDICAL]), "place": PLACES,
    "body_fields": SOME_KINDS, "fields": SOME_KINDS, "languages": SPOKEN, "open": st.integers(0, 5),
    "idle": st.integers(0, 2), "away": st.booleans(), "serves": st.booleans(), "invited": st.booleans(),
    "interests": KEYS, "met": KEYS,
})  # fmt: skip


def registered(people: list[dict[str, Any]]) -> list[Candidate]:
    """Everybody has a name and a place of their own, and takes five at one time."""
    return [
        somebody(str(number), **dict(zip(("district", "street", "community"), said.pop("place"), strict=True)), **said,
                 most=5)
        for number, said in enumerate(map(dict, people))
    ]  # fmt: skip


def registers() -> st.SearchStrategy[list[Candidate]]:
    return st.lists(PEOPLE, max_size=6).map(registered)


def needs() -> st.SearchStrategy[Need]:
    return st.builds(
        Need, st.integers(0, 99).map(lambda number: uuid5(ROOT, str(number))), KINDS, st.just("e"), st.just("es"),
        st.just("e1"), st.sampled_from(["", "medical", "labour", "commercial", "filed"]), SPOKEN, ACCOUNTS, ACCOUNTS,
        ACCOUNTS, KEYS,
    )  # fmt: skip


@given(needs(), registers())
def test_everybody_is_either_proposed_or_excluded_with_a_reason_and_never_both(
    need: Need, register: list[Candidate]
) -> None:
    proposed = {one.candidate.id for one in propose(need, register, most=len(register))}
    out = {one.candidate.id: one.reason for one in excluded(need, register)}
    assert proposed.isdisjoint(out)
    assert proposed | set(out) == {one.id for one in register}
    assert all(out.values())


@given(needs(), registers())
def test_nobody_who_found_it_or_is_tied_or_away_or_full_is_ever_proposed(need: Need, register: list[Candidate]) -> None:
    for one in (proposal.candidate for proposal in propose(need, register, most=99)):
        assert one.account not in need.finders | need.parties | need.tried
        assert not need.keys & (one.interests | one.met)
        assert one.serves
        assert not one.away
        assert one.open < one.most
        assert near_or_called(one)


def near_or_called(one: Candidate) -> bool:
    return one.district in ("", "e") or "e" in one.districts


@given(needs(), registers(), st.integers(0, 5), st.integers(1, 5))
def test_more_load_never_brings_anybody_forward(need: Need, register: list[Candidate], who: int, more: int) -> None:
    before = names(need, *register, most=99)
    heavier = [replace(one, open=one.open + more) if one.name == str(who) else one for one in register]
    after = names(need, *heavier, most=99)
    assert [name for name in before if name != str(who)] == [name for name in after if name != str(who)]
    if str(who) in after:
        assert after.index(str(who)) >= before.index(str(who))


@given(needs(), registers())
def test_the_order_of_the_register_does_not_matter(need: Need, register: list[Candidate]) -> None:
    assert names(need, *register) == names(need, *reversed(register))
