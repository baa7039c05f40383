"""The part of the OpenAPI document about webhooks: their doors, and the message their receivers get."""

from citong.adapters.api import schema
from citong.adapters.api.answers import CASE_NUMBER, COUNT, MOMENT, TEXT, Schema, many, perhaps, ref, thing
from citong.adapters.api.parts import SENDING, answer, parameter, refusals
from citong.core.hooks.forms import HookForm, ReplayForm
from citong.core.hooks.models import Delivery, Hook

KNOWN: list[Schema] = [{"session": []}, {"key": []}]
READING = (401, 403, 404, 429)
VERBS = {
    "pause": "Send nothing for now; what happens is kept for later",
    "resume": "Send what waited, as far back as thirty days",
    "end": "Send nothing any more, for good",
    "turn": "Another secret; for a day messages are signed with the old one, too",
    "test": "Send a message of type `test`, to try the way",
}
ID: Schema = {"type": "string", "format": "uuid"}
SECRET: Schema = TEXT | {"description": "`whsec_…`, to check `v1` signatures; shown now and never again."}
PUBLIC: Schema = TEXT | {"description": "`whpk_…`, the city's public key, to check `v1a` signatures."}
HOOK: Schema = {
    "id": ID, "name": TEXT, "address": TEXT, "services": many(TEXT), "acts": many(TEXT),
    "state": {"type": "string", "enum": ["active", "failing", "paused", "ended"]},
    "reason": {"type": "string", "enum": ["", *Hook.Reason.values]},
    "made_at": MOMENT, "paused_at": perhaps(MOMENT), "ended_at": perhaps(MOMENT), "failing_since": perhaps(MOMENT),
    "turned_at": perhaps(MOMENT),
}  # fmt: skip
DELIVERY: Schema = {
    "id": ID, "webhook_id": ID | {"description": "The same whenever the same message is sent again."},
    "type": TEXT, "number": TEXT | {"description": "Of the case; empty for a test, and once it is out of reach."},
    "state": {"type": "string", "enum": ["waiting", "retrying", "sent", "given_up"]},
    "made_at": MOMENT, "tries": COUNT, "next_at": perhaps(MOMENT), "sent_at": perhaps(MOMENT),
    "status": perhaps(COUNT) | {"description": "What the receiver answered last; nothing else of it is kept."},
    "fault": {"type": "string", "enum": ["", *Delivery.Fault.values]},
}  # fmt: skip
EVENT: Schema = {
    "hook": ID, "number": CASE_NUMBER, "service": TEXT, "act": TEXT,
    "state": perhaps(TEXT) | {"description": "Into which the act moved the case; null when it moved none."},
    "position": COUNT | {"description": "Of the act in the history of its case, from 1."},
    "unit": TEXT | {"description": "In whose name it was done."}, "district": TEXT,
    "checkpoint": COUNT | {"description": "With `index`, the place in the sealed ledger: a total order."},
    "index": COUNT, "path": TEXT | {"description": "Of the case in this API."},
}  # fmt: skip
PARAMETERS: Schema = {
    "hook": {"name": "hook", "in": "path", "required": True, "schema": ID, "description": "The webhook's id."},
    "delivery": {"name": "delivery", "in": "path", "required": True, "schema": ID, "description": "Its id."},
}


def schemas() -> Schema:
    """What is answered and sent."""
    return {
        "Hook": thing(HOOK),
        "HookWithSecret": thing(HOOK | {"secret": SECRET}),
        "Hooks": thing({"hooks": many(ref("Hook")), "public_key": PUBLIC}),
        "Delivery": thing(DELIVERY),
        "Deliveries": thing({
            "deliveries": many(ref("Delivery")),
            "next": perhaps(TEXT) | {"description": "The `cursor` of the next page; null on the last."},
        }),
        "CaseEvent": thing(
            {"type": TEXT | {"examples": ["case.accept"]}, "timestamp": MOMENT, "data": thing(EVENT)},
            description="An act on a case in reach. No person and no words: fetch `path` for more.",
        ),
        "hook_make": schema.of_form(HookForm(), files=False),
        "hook_replay": schema.of_form(ReplayForm(), files=False),
        "hook_nothing": schema.of_form(None, files=False),
    }  # fmt: skip


def paths() -> Schema:
    """Every door of webhooks."""
    one = "/api/v1/hooks/{hook}"
    verbs = {f"{one}/{verb}": _on_one({"post": _verb(verb, told)}) for verb, told in VERBS.items()}
    return {
        "/api/v1/hooks": {"get": _read("hooks", "Own webhooks", "Hooks"), "post": _make()},
        one: _on_one({"get": _read("hook", "One webhook", "Hook")}),
        f"{one}/deliveries": _on_one({"get": _deliveries()}),
        f"{one}/deliveries/{{delivery}}/again": {
            "parameters": [parameter("hook"), parameter("delivery")],
            "post": _do("delivery_again", "Send the same message once more", "hook_nothing", {"201": "Delivery"}),
        },
        f"{one}/replay": _on_one({
            "post": _do("hook_replay", "Send all that happened since a moment again", "hook_replay", {"200": "Hook"})
        }),
        **verbs,
    }  # fmt: skip


def webhooks() -> Schema:
    """The message a receiver gets."""
    headers = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {"case": {"post": {
        "operationId": "case_event", "summary": "An act on a case in the owner's reach",
        "description": "Signed as Standard Webhooks 1.0.0 says.",
        "parameters": [{"name": name, "in": "header", "required": True, "schema": TEXT} for name in headers],
        "requestBody": {"required": True, "content": {"application/json": {"schema": ref("CaseEvent")}}},
        "responses": {
            "2XX": {"description": "Taken."}, "410": {"description": "Gone: the webhook ends."},
            "default": {"description": "Not taken: tried again for three days."},
        },
    }}}  # fmt: skip


def _on_one(operations: Schema) -> Schema:
    return {"parameters": [parameter("hook")], **operations}


def _read(name: str, summary: str, shown: str) -> Schema:
    return {
        "operationId": name, "summary": summary, "security": KNOWN,
        "responses": {"200": answer(summary, ref(shown))} | refusals(READING),
    }  # fmt: skip


def _deliveries() -> Schema:
    cursor = {"name": "cursor", "in": "query", "schema": ID, "description": "`next` of the page before."}
    read = _read("deliveries", "A page of what was sent, newest first; 50 on each", "Deliveries")
    return read | {"parameters": [cursor], "responses": read["responses"] | refusals((422,))}


def _make() -> Schema:
    return _do("hook_make", "A new webhook, with its secret", "hook_make", {"201": "HookWithSecret"}, required=True)


def _verb(verb: str, told: str) -> Schema:
    shown = "HookWithSecret" if verb == "turn" else "Hook"
    return _do(f"hook_{verb}", told, "hook_nothing", {"200": shown})


def _do(name: str, summary: str, sent: str, shown: dict[str, str], *, required: bool = False) -> Schema:
    return {
        "operationId": name, "summary": summary, "security": KNOWN,
        "requestBody": {"required": required, "content": {"application/json": {"schema": ref(sent)}}},
        "responses": {status: answer(summary, ref(one)) for status, one in shown.items()} | refusals(SENDING),
    }  # fmt: skip
