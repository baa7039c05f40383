"""The description says what the doors do: it is valid, covers every act, and no answer departs from it."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from citong.adapters.api import openapi
from citong.adapters.api.tests.doors import program
from citong.core.cases.models import Case
from citong.core.cases.registry import case_types
from citong.core.hooks import owner
from citong.core.hooks.models import Delivery, Hook
from tests.cast import DOES_IT, REPORT, Cast, default_data

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]  # fmt: skip
EXAMPLES = 6
PLAIN = {"Accept-Encoding": "identity"}  # the WSGI client asks for gzip, and unpacks nothing
WALKS = [(), ("accept",), ("accept", "dispatch"), ("accept", "dispatch", "feed_back")]
PEOPLE = ("resident", "clerk", "dispatcher", "handler", "verifier", "supervisor", "outsider")
CODES = ["urban.manhole", "urban.light", "urban-e", "fire-e", "station-e1", "no.such"]


@pytest.fixture
def application() -> Iterator[Any]:
    """The whole of Citong as WSGI, within the transaction of the test, which the end of a request must not close."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in signals:
        signal.connect(close_old_connections)


def test_the_description_is_valid_openapi() -> None:
    document = openapi.document()
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_the_description_is_served_as_it_is_stored(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"Accept-Language": "zh-hans"})
    assert answer.json() == json.loads(openapi.written())


@pytest.mark.parametrize("kind", case_types().values(), ids=lambda kind: kind.code)
def test_every_act_of_every_service_is_described(kind: Any) -> None:
    document = openapi.document()
    assert f"/api/v1/{kind.code}/cases" in document["paths"]
    for name, act in kind.acts.items():
        offered = document["paths"][f"/api/v1/cases/{{number}}/acts/{name}"]["post"]
        assert {"200", "401", "403", "404", "409", "412", "422", "429"} <= set(offered["responses"])
        form = act.form() if act.form else None
        told = document["components"]["schemas"][f"{kind.code}_{name}"]
        assert set(told.get("required", [])) == {n for n, f in (form.fields if form else {}).items() if f.required}


def test_choices_limits_and_files_are_described() -> None:
    schemas = openapi.document()["components"]["schemas"]
    plain, with_files = schemas["requests_open"], schemas["requests_open_with_files"]
    assert plain["properties"]["title"]["maxLength"] == 80
    assert "anonymous" in plain["properties"]["reporting"]["enum"]
    assert "photos" not in plain["properties"] and with_files["properties"]["photos"]["maxItems"] == 6


def test_no_answer_departs_from_the_description(application: Any, cast: Cast, report: Any, walk: Any) -> None:
    cases = [walk(report().case, *steps) for steps in WALKS]
    own = [owner.test(_hook(cast, name), at=timezone.now()) for name in ("clerk", "supervisor")]
    people = [program(cast, name) for name in PEOPLE] + [{}, {"Authorization": "Bearer ct_unknown"}]
    schema = schemathesis.openapi.from_dict(_narrowed([case.number for case in cases], own))
    schema.app = application
    seen: set[int] = set()
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        modes = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
        _tried(st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes)), people, seen)
    assert seen >= {200, 201, 401, 403, 404, 409, 422}, "what is made up does not get far enough"


def test_every_step_of_a_whole_life_answers_as_described(application: Any, cast: Cast) -> None:
    schema = schemathesis.openapi.from_dict(openapi.document())
    schema.app = application

    def called(path: str, method: str, who: str, body: Any = None, **number: str) -> Any:
        case = schema[path][method].Case(path_parameters=number, body=body, media_type="application/json")
        answer = case.call(headers=program(cast, who))
        case.validate_response(answer, checks=CHECKS)
        return answer

    number = called("/api/v1/requests/cases", "POST", "resident", REPORT).json()["number"]
    for name in ("accept", "dispatch", "take", "feed_back", "close", "rate"):
        data = default_data(Case.objects.get(number=number), name, cast.actor(DOES_IT[name]))
        sent = {key: value if isinstance(value, bool | list) else str(value) for key, value in data.items()}
        assert called(f"/api/v1/cases/{{number}}/acts/{name}", "POST", DOES_IT[name], sent, number=number)
    for what in ("", "/history", "/receipt"):
        assert called(f"/api/v1/cases/{{number}}{what}", "GET", "resident", number=number).status_code == 200


def _tried(sent: Any, people: list[dict[str, str]], seen: set[int]) -> None:
    @given(case=sent, who=st.sampled_from(people))
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def answers_as_described(case: Any, who: dict[str, str]) -> None:
        case.headers.pop("Authorization", None)
        case.cookies.clear()
        answer = case.call(headers=who | PLAIN)
        seen.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    answers_as_described()


def _hook(cast: Cast, who: str) -> Hook:
    data = {"name": "own", "address": "https://example.org/in", "services": [], "acts": []}
    return owner.make(data, actor=cast.actor(who), at=timezone.now())


def _narrowed(numbers: list[str], deliveries: list[Delivery]) -> dict[str, Any]:
    """The description with numbers, codes and a place of the town, so that what is made up often gets past the door."""
    document = copy.deepcopy(openapi.document())
    parameters, schemas = document["components"]["parameters"], document["components"]["schemas"]
    parameters["number"]["schema"] = {"type": "string", "enum": numbers}
    parameters["hook"]["schema"] = {"type": "string", "enum": [str(one.hook_id) for one in deliveries]}
    parameters["delivery"]["schema"] = {"type": "string", "enum": [str(one.id) for one in deliveries]}
    parameters["if_match"]["schema"] = {"type": "string", "enum": ["*", '"1-00"']}
    known: dict[str, list[Any]] = {"category": CODES, "unit": CODES, "lon": [118.605], "lat": [24.905]}
    for name, schema in schemas.items():
        for field in known.keys() & schema["properties"].keys() if name.startswith("requests_") else ():
            schema["properties"][field]["enum"] = known[field]
    for name in ("requests_open", "requests_open_with_files"):
        schemas[name]["required"] += ["lon", "lat"]
    schemas["requests_invite"]["properties"]["units"]["items"]["enum"] = CODES
    return document
