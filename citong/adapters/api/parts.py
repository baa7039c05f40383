"""Parts of the OpenAPI document that every door uses: answers, refusals, references."""

from collections.abc import Sequence
from typing import Any

from citong.adapters.api.answers import Schema, ref

REFUSALS = {
    400: ("Unreadable", "The request can not be read."),
    401: ("UnknownKey", "The key is unknown, revoked or past its time."),
    403: ("NotAllowed", "The sender sees the case and may not do this, or the key has not this scope."),
    404: ("NotThere", "It does not exist, or not for the sender."),
    409: ("WrongState", "The case is in another state, or a rule does not hold."),
    412: ("MovedOn", "If-Match names another version of the case: it has moved on."),
    413: ("TooLarge", "The body is too large."),
    415: ("WrongMediaType", "Neither JSON nor a form."),
    422: ("Invalid", "Fields need another look: `errors` says which and why."),
    429: ("UsedUp", "The key is used up for this minute, or the address for this hour."),
}
READING, SENDING = (401, 403, 404, 429), (400, 401, 403, 404, 409, 413, 415, 422, 429)
CARRIED = {401: "WWW-Authenticate", 429: "Retry-After"}


def answer(told: str, shown: Schema) -> Schema:
    return {"description": told, "content": {"application/json": {"schema": shown}}}


def refusal(status: int, told: str) -> Schema:
    answer: Schema = {"description": told, "content": {"application/problem+json": {"schema": ref("Problem")}}}
    if header := CARRIED.get(status):
        answer["headers"] = {header: {"$ref": f"#/components/headers/{header}"}}
    return answer


def refusals(statuses: Sequence[int]) -> Schema:
    return {str(one): {"$ref": f"#/components/responses/{REFUSALS[one][0]}"} for one in sorted(statuses)}


def parameter(name: str) -> Any:
    return {"$ref": f"#/components/parameters/{name}"}
