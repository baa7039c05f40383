"""What one command leaves behind, written in one statement: all of it or nothing, in one trip to the database."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.base import ModelState

from citong.core.ledger import prepared

Columns = tuple[tuple[str, str], ...]
Made = TypeVar("Made", bound=models.Model)


class Rows:
    """Fresh and changed rows of any models, and words to listening processes, until `write`.

    PostgreSQL reads the rows from one JSON parameter by the tables' own types, so the statement's text depends on
    the tables alone and is planned once. Foreign keys and triggers hold as for any insert.
    """

    def __init__(self) -> None:
        self._fresh: dict[type[models.Model], list[models.Model]] = {}
        self._changed: list[models.Model] = []
        self._said: list[tuple[str, str]] = []

    def add(self, *rows: models.Model) -> None:
        """These rows are new."""
        for row in rows:
            self._fresh.setdefault(type(row), []).append(row)

    def change(self, *rows: models.Model) -> None:
        """These rows stand in the database and get all their values anew; a row is named once."""
        self._changed += rows

    def held(self, model: type[Made]) -> dict[Any, Made]:
        """Rows of this model that wait here, by their keys: what a further step of the same command goes on from."""
        waiting = (row for row in (*self._fresh.get(model, ()), *self._changed) if isinstance(row, model))
        return {row.pk: row for row in waiting}

    def say(self, channel: str, payload: str) -> None:
        """Processes that listen hear this after the commit."""
        self._said.append((channel, payload))

    def write(self) -> None:
        """Everything is in the database, in the running transaction or, without one, in one of its own."""
        fresh, changed = tuple(self._fresh), tuple(map(type, self._changed))
        given = {
            "fresh": [[_values(row) for row in self._fresh[model]] for model in fresh],
            "changed": [_values(row) for row in self._changed],
            "said": self._said,
        }
        prepared.run(statement(fresh, changed), [json.dumps(given, default=_plain, ensure_ascii=False)])
        for row in chain(*self._fresh.values()):
            row._state.adding = False
        self.__init__()  # type: ignore[misc]


@lru_cache(maxsize=200)
def statement(fresh: tuple[type[models.Model], ...], changed: tuple[type[models.Model], ...]) -> str:
    """The statement that writes rows of these tables; its one parameter is the JSON of `Rows.write`."""
    steps = ["given AS (SELECT %s::jsonb AS all_rows)"]
    steps += [_insert(model, number) for number, model in enumerate(fresh)]
    steps += [_update(model, number) for number, model in enumerate(changed)]
    said = "SELECT pg_notify(word->>0, word->>1) FROM given, jsonb_array_elements(all_rows->'said') AS word"
    return f"WITH {', '.join(steps)} {said}"


def _insert(model: type[models.Model], number: int) -> str:
    table = f'"{model._meta.db_table}"'
    columns = ", ".join(f'"{column}"' for _attribute, column in _columns(model))
    given = f"(SELECT all_rows->'fresh'->{number} FROM given)"  # noqa: S608  numbers and names of our own models
    source = f"SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, {given})"  # noqa: S608
    return f"fresh_{number} AS (INSERT INTO {table} ({columns}) {source})"


def _update(model: type[models.Model], number: int) -> str:
    """One statement a row, so that the planner knows it is one and goes by the key."""
    table, key = f'"{model._meta.db_table}"', model._meta.pk.column
    columns = ", ".join(f'"{column}" = new."{column}"' for _attribute, column in _columns(model) if column != key)
    given = f"(SELECT all_rows->'changed'->{number} FROM given)"  # noqa: S608
    source = f'FROM jsonb_populate_record(NULL::{table}, {given}) AS new WHERE {table}."{key}" = new."{key}"'
    return f"changed_{number} AS (UPDATE {table} SET {columns} {source})"  # noqa: S608


@lru_cache
def _columns(model: type[models.Model]) -> Columns:
    """(attribute, column) of every column the model fills in itself."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.BigAutoField)]
    return tuple((field.attname, str(field.column)) for field in fields)


def _values(row: models.Model) -> dict[str, Any]:
    held = row.__dict__
    return {column: held[attribute] for attribute, column in _columns(type(row))}


def made(model: type[Made], row: dict[str, Any]) -> Made:
    """The model's instance from a row as PostgreSQL's `to_jsonb` tells it."""
    read = _readers(model)
    instance = fresh(model, {attribute: read[attribute](row[column]) for attribute, column in _columns(model)})
    instance._state.adding = False
    return instance


def rows_where(model: type[Made], where: str, given: Sequence[Any] | Mapping[str, Any]) -> list[Made]:
    """The rows for which the condition (our own text) holds. It is planned once, so it must go by keys; one query."""
    told = f'SELECT to_jsonb(found) FROM "{model._meta.db_table}" AS found WHERE {where}'  # noqa: S608
    return [made(model, json.loads(row)) for (row,) in prepared.run(told, given)]


def fresh(model: type[Made], values: dict[str, Any]) -> Made:
    """A row that is not in the database, with these values (by attribute) and the model's defaults: made many
    times as fast as by the model itself, which looks at each of its fields."""
    row = model.__new__(model)
    plain, anew = _defaults(model)
    row.__dict__.update(plain, _state=ModelState(), **values)
    for attribute, make in anew:
        if attribute not in values:
            row.__dict__[attribute] = make()
    return row


@lru_cache
def _readers(model: type[models.Model]) -> dict[str, Callable[[Any], Any]]:
    return {field.attname: _reader(field) for field in model._meta.concrete_fields}


def _reader(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    if isinstance(field, ArrayField):
        read = _reader(field.base_field)
        return lambda values: values and [read(value) for value in values]
    if isinstance(field.target_field if isinstance(field, models.ForeignKey) else field, models.UUIDField):
        return lambda value: value and UUID(value)
    if isinstance(field, models.DateTimeField):
        return lambda value: value and datetime.fromisoformat(value)
    if isinstance(field, models.DateField):
        return lambda value: value and date.fromisoformat(value)
    if isinstance(field, models.BinaryField):
        return lambda value: value and bytes.fromhex(value[2:])
    return lambda value: value


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return "\\x" + value.hex()
    return str(value)


@lru_cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """What a column holds where nothing is said, and what is made anew for each row."""
    fields = model._meta.concrete_fields
    anew = [one for one in fields if one.has_default() and callable(one.default)]
    plain = {one.attname: one.get_default() for one in fields if one not in anew}
    return plain, [(one.attname, one.get_default) for one in anew]
