"""script/bench: what it prints, and that its people can do what it measures."""

import json
import socket
import threading
from typing import Any

import pytest
from django.test import Client

from bench import matching
from bench.cast import Cast as Gathered
from bench.cast import Words, gathered, spots
from bench.client import Connection, drive, quantile
from bench.figures import Figure, Target, constant, table
from bench.lifecycle import act_path, acts
from bench.opening import PATH
from citong.core.places.models import City


def test_the_table_shows_a_figure_beside_its_reference_and_judges_it() -> None:
    ratio = Target(least=0.45, of_ratio=True)
    figures = [
        Figure("opening", 10_000, 450.0, "/s", 1000.0, "/s pgbench", ratio, details={"p95_ms": 12.34}),
        Figure("inbox of a 受理员", 10_000, 61.0, "ms", target=Target(most=60, unit="ms")),
        Figure("import", 1_000_000, note="the program is missing"),
    ]
    head, _rule, *lines = table(figures)
    assert head.split() == ["measured", "cases", "ours", "reference", "ratio", "target", "reached"]
    assert lines[0].split()[-5:] == ["0.45", "ratio", "≥", "0.45", "yes"]
    assert lines[1].strip() == "p95_ms 12.3"
    assert lines[2].endswith("no")
    assert "not measured" in lines[3] and lines[4].strip() == "the program is missing"
    assert figures[0].plain()["reached"] is True
    assert [Figure.restored(json.loads(json.dumps(one.stored()))) for one in figures] == figures


def test_a_page_that_makes_more_queries_when_there_are_more_cases_is_told() -> None:
    small, large = (Figure("inbox", size, 1.0, details={"queries": size // 1000}) for size in (1000, 2000))
    (told,) = constant([large, small])
    assert (told.name, told.size, told.reached) == ("inbox: queries", 2000, False)


def test_the_client_reads_answers_of_known_length_and_in_chunks() -> None:
    said = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
    ]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_answer, args=(listening, said), daemon=True).start()
        connection = Connection(f"http://127.0.0.1:{listening.getsockname()[1]}")
        assert connection.get("/").body == b"hi"
        assert connection.get("/").body == b"abcde"
        with pytest.raises(RuntimeError, match="answers 500"):
            connection.get("/")
        connection.close()


def test_a_round_counts_what_was_done_and_raises_the_first_fault() -> None:
    load = drive(lambda client: None, clients=2, seconds=0.01)
    assert load.each and load.rate > 0
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    with pytest.raises(ZeroDivisionError):
        drive(lambda client: 1 // 0, clients=2, seconds=5)


def test_the_people_of_the_bench_lead_a_case_through_its_six_acts(town: City, client: Client, tmp_path: Any) -> None:
    gathered(spots(3), openers=1).write(tmp_path / "cast.json")
    cast = Gathered.read(tmp_path / "cast.json")
    for spot in cast.spots:
        number = _post(client, PATH, cast.openers[0], Words(seed=1).opening(spot))["number"]
        for act, unit, post, data in acts(spot):
            done = _post(client, act_path(number, act), cast.keys[unit, post], data)
        assert done["state"] == "closed"


def test_in_a_small_year_our_mediators_have_a_more_even_load_and_are_nearer_than_by_first_come() -> None:
    register, arriving = matching.people(120), matching.disputes(1_500)
    ours, first = (matching.lived(register, arriving, way) for way in (matching.best, matching.first_come))
    assert matching.given(ours).sum() + sum(wait > 0 for wait in ours.waits) >= len(arriving)
    assert matching.gini(matching.given(ours)) < 0.7 * matching.gini(matching.given(first))
    assert ours.spoken > first.spoken


def _post(client: Client, path: str, key: str, body: dict[str, Any]) -> Any:
    answer = client.post(path, body, content_type="application/json", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code in (200, 201), answer.content.decode()
    return answer.json()


def _answer(listening: socket.socket, said: list[bytes]) -> None:
    connection, _address = listening.accept()
    with connection:
        for answer in said:
            connection.recv(65536)
            connection.sendall(answer)
