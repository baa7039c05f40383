import datetime as dt

import pytest

from citong.kit.rule import CityDecision, DeclarationError, Law, Parameter, Rule

LAW = Law("Civil Code", 201)
START = dt.date(2021, 1, 1)


class LateDays(Rule):
    label = "Days late"
    unit = "days"
    source = LAW
    in_force_from = START
    in_force_to = dt.date(2030, 12, 31)
    grace = Parameter("Days of grace", "days", LAW, {START: 2, dt.date(2025, 1, 1): 1})

    @staticmethod
    def formula(*, due: dt.date, done: dt.date) -> int:
        return max((done - due).days - LateDays.grace.at(done), 0)


def test_a_rule_answers_with_the_facts_given() -> None:
    assert LateDays.formula(due=dt.date(2024, 5, 1), done=dt.date(2024, 5, 6)) == 3
    assert LateDays.formula(due=dt.date(2026, 5, 1), done=dt.date(2026, 5, 6)) == 4


def test_a_rule_knows_when_it_is_in_force() -> None:
    assert LateDays.in_force(START)
    assert LateDays.in_force(dt.date(2030, 12, 31))
    assert not LateDays.in_force(dt.date(2020, 12, 31))
    assert not LateDays.in_force(dt.date(2031, 1, 1))


def declare(**attributes: object) -> None:
    whole = {"label": "x", "source": LAW, "in_force_from": START, "formula": staticmethod(lambda: 1)}
    kept = {name: value for name, value in (whole | attributes).items() if value is not None}
    type("Broken", (Rule,), {"__module__": __name__} | kept)


def test_a_whole_declaration_is_accepted() -> None:
    declare()


@pytest.mark.parametrize("missing", ["label", "source", "in_force_from", "formula"])
def test_a_rule_without_a_part_names_class_file_and_mend(missing: str) -> None:
    with pytest.raises(DeclarationError) as refused:
        declare(**{missing: None})
    message = str(refused.value)
    assert f"Broken has no {missing}" in message
    assert "test_rule.py" in message
    assert f"Give the rule its {missing}" in message


def test_a_misspelt_attribute_is_named() -> None:
    with pytest.raises(DeclarationError, match=r"unknown attribute in_force_form .* in_force_from"):
        declare(in_force_form=START)


def test_a_source_is_a_law_or_a_decision() -> None:
    with pytest.raises(DeclarationError, match="Name a Law or a CityDecision"):
        declare(source="common sense")


def test_a_formula_needs_no_object() -> None:
    with pytest.raises(DeclarationError, match="@staticmethod"):
        declare(formula=lambda self: 1)


def test_a_parameter_before_its_first_date_has_no_value() -> None:
    with pytest.raises(LookupError, match="Days of grace has no value on 2020-12-31"):
        LateDays.grace.at(dt.date(2020, 12, 31))


def test_a_source_can_be_read_aloud() -> None:
    assert str(LAW) == "Civil Code, 201"
    decision = CityDecision("Closing for typhoon", "No. 12", dt.date(2026, 7, 22), "City Office")
    assert str(decision) == "Closing for typhoon, No. 12 (City Office, 2026-07-22)"
