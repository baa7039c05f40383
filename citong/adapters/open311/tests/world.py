"""What the tests of this door share: a client with a key, and answers read back from either format."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from django.test import Client

KEY = "a-key-of-the-city"
BASE = "/open311/v2"
NEW = {
    "service_code": "urban.manhole", "lat": "24.905", "long": "118.605", "description": "井盖缺失 🕳️\n很危险",
}  # fmt: skip


@dataclass
class Caller:
    """A program that speaks Open311."""

    client: Client = field(default_factory=lambda: Client(headers={"Accept-Language": "en"}))

    def get(self, path: str, **params: Any) -> Any:
        return self.client.get(f"{BASE}/{path}", params)

    def rows(self, path: str, **params: Any) -> Any:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def send(self, path: str, pairs: Any, *, key: str = KEY, **headers: str) -> Any:
        """A form as other programs encode it; `pairs` may repeat a name."""
        given = [*(pairs.items() if isinstance(pairs, dict) else pairs), *([("api_key", key)] if key else [])]
        form = "application/x-www-form-urlencoded"
        return self.client.post(f"{BASE}/{path}", urlencode(given), content_type=form, headers=headers or None)

    def report(self, **more: Any) -> Any:
        answer = self.send("requests.json", NEW | more)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()[0]


def tree(answer: Any) -> ElementTree.Element:
    """The answer as XML, which it must be."""
    assert answer["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    return ElementTree.fromstring(answer.content)


def plain(element: ElementTree.Element, *, lists: tuple[str, ...] = ()) -> Any:
    """The element as the JSON of the same document would be, every value a string or None."""
    if element.tag in lists:
        return [plain(child, lists=lists) for child in element]
    if len(element):
        return {child.tag: plain(child, lists=lists) for child in element}
    return element.text


def faults(answer: Any) -> list[str]:
    """The sentences of an errors body in JSON."""
    assert answer["Content-Type"] == "application/json; charset=utf-8"
    assert {error["code"] for error in answer.json()} == {answer.status_code}
    return [error["description"] for error in answer.json()]
