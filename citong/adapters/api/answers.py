"""What the JSON doors answer, as JSON Schema: beside citong.adapters.api.present, which makes it."""

from typing import Any

Schema = dict[str, Any]


def thing(properties: Schema, *, optional: tuple[str, ...] = (), **more: Any) -> Schema:
    """An object that has all of these properties but the `optional` ones, and no other."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False, **more}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def many(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def perhaps(kind: Schema) -> Schema:
    return kind | {"type": [kind["type"], "null"]}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
ANYTHING: Schema = {"type": "object"}
AGAIN: Schema = FLAG | {"description": "The same Idempotency-Key had come before; nothing was done twice."}
CASE_NUMBER: Schema = TEXT | {"examples": ["26-0012345-7"], "description": "Year, sequence, check digit."}
VERSION: Schema = TEXT | {"description": "Where the history of the case stands; may be sent as If-Match."}

ROW: Schema = {
    "number": CASE_NUMBER, "service": TEXT, "state": TEXT, "open": FLAG, "title": TEXT,
    "category": perhaps(TEXT), "district": TEXT, "street": TEXT, "community": TEXT,
    "lon": perhaps(NUMBER), "lat": perhaps(NUMBER), "address": TEXT, "unit": TEXT, "urgent": FLAG, "late": FLAG,
    "opened_at": MOMENT, "due_at": perhaps(MOMENT), "closed_at": perhaps(MOMENT), "rating": perhaps(COUNT),
}  # fmt: skip
PUBLISHED: Schema = {
    "number": CASE_NUMBER, "service": TEXT, "category": TEXT, "category_name": TEXT,
    "status": {"type": "string", "enum": ["open", "closed"]}, "state": TEXT, "state_name": TEXT,
    "opened_at": MOMENT, "changed_at": MOMENT, "due_at": perhaps(MOMENT), "closed_at": perhaps(MOMENT),
    "outcome": TEXT | {"description": "The state in which it ended; empty while it is open."}, "late": FLAG,
    "reworks": COUNT, "reopenings": COUNT, "rating": perhaps(COUNT), "district": TEXT, "district_name": TEXT,
    "street": TEXT, "street_name": TEXT, "community": TEXT, "community_name": TEXT, "datum": {"const": "WGS84"},
}  # fmt: skip
ENTRY: Schema = {
    "id": TEXT, "subject": TEXT, "kind": TEXT, "position": COUNT, "act": TEXT, "at": TEXT, "district": TEXT,
    "actor": perhaps(TEXT), "post": TEXT, "unit": TEXT, "facts": ANYTHING, "content": TEXT, "previous": TEXT,
    "hash": TEXT, "words": ANYTHING, "salt": TEXT,
}  # fmt: skip

SCHEMAS: dict[str, Schema] = {
    "Problem": thing(
        {
            "type": TEXT, "title": TEXT | {"description": "What is wrong, in the language asked for."},
            "status": COUNT, "detail": TEXT, "mend": TEXT | {"description": "What the client can do about it."},
            "errors": {
                "type": "object", "additionalProperties": many(TEXT),
                "description": "Sentences by field; those about the whole are under `__all__` or the empty name.",
            },
        },
        optional=("detail", "mend", "errors"),
        description="RFC 9457.",
    ),
    "Opened": thing({
        "number": CASE_NUMBER, "state": TEXT, "again": AGAIN,
        "secret": TEXT | {"description": "Together with the number the receipt; shown now and never again."},
    }),
    "Done": thing({"number": CASE_NUMBER, "state": TEXT, "again": AGAIN, "version": VERSION}),
    "Row": thing(ROW),
    "Page": thing({
        "cases": many(ref("Row")),
        "next": perhaps(TEXT) | {"description": "The `cursor` of the next page; null on the last."},
    }),
    "Case": thing(ROW | {
        "version": VERSION, "text": TEXT, "reason_of_route": TEXT, "parties": many(ref("Party")),
        "clocks": many(ref("Clock")), "next": many(ref("Act")),
    }),
    "Party": thing({"role": TEXT, "name": TEXT, "phone": TEXT, "email": TEXT}),
    "Clock": thing({
        "code": TEXT, "state": TEXT, "span": TEXT, "source": TEXT, "started_at": MOMENT, "due_at": MOMENT,
        "certain": FLAG, "extensions": many(ANYTHING),
    }),
    "History": thing({"number": CASE_NUMBER, "history": many(ref("Step"))}),
    "Step": thing({
        "position": COUNT, "act": TEXT, "done": TEXT, "at": MOMENT, "post": TEXT, "unit": TEXT, "facts": ANYTHING,
        "words": {"type": ["object", "null"]}, "hash": TEXT,
    }),
    "Receipt": thing({
        "number": CASE_NUMBER, "key": TEXT | {"description": "The city's public key, PEM."},
        "entries": many(thing(ENTRY, optional=("words", "salt"))),
        "proofs": {"type": "object", "additionalProperties": ANYTHING, "description": "Position to Merkle proof."},
        "checkpoints": many(ANYTHING),
        "stamps": many(ANYTHING) | {"description": "Time stamps of an outside authority (RFC 3161) over checkpoints."},
    }),
    "PublicCases": thing({
        "type": {"const": "FeatureCollection"}, "city": TEXT, "code": TEXT,
        "licence": TEXT | {"description": "On which terms the city gives its data away."}, "made_at": MOMENT,
        "zone": TEXT, "datum": {"const": "WGS84"}, "features": many(ref("PublicCase")),
    }),
    "PublicCase": thing({
        "type": {"const": "Feature"}, "id": CASE_NUMBER, "properties": thing(PUBLISHED),
        "geometry": {"oneOf": [{"type": "null"}, thing({
            "type": {"const": "Point"}, "coordinates": many(NUMBER) | {"minItems": 2, "maxItems": 2},
        })]},
    }),
    "Services": thing({"services": many(ref("Service"))}),
    "Service": thing({
        "code": TEXT, "label": TEXT, "description": TEXT, "ground": TEXT,
        "opening": thing({"state": TEXT, "fields": many(ref("Field"))}),
        "states": many(ref("State")), "acts": many(ref("Act")),
    }),
    "State": thing({
        "name": TEXT, "label": TEXT, "public": TEXT, "stage": TEXT, "ends": FLAG, "final": FLAG,
        "clocks": many(thing({"code": TEXT, "span": TEXT, "source": TEXT})),
    }),
    "Act": thing({
        "name": TEXT, "label": TEXT, "from": many(TEXT), "to": perhaps(TEXT),
        "posts": many(thing({"post": TEXT, "reach": TEXT})), "ground": perhaps(TEXT), "danger": FLAG,
        "fields": many(ref("Field")),
    }),
    "Field": thing(
        {
            "name": TEXT, "label": TEXT, "help": TEXT, "required": FLAG, "type": TEXT, "initial": {},
            "choices": many(thing({"value": TEXT, "label": TEXT})), "max_length": COUNT,
        },
        optional=("initial", "choices", "max_length"),
    ),
}  # fmt: skip
