"""One document in two formats: XML as GeoReport v2 shows it, JSON by the Spark convention (no root, always arrays)."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse

# XML 1.0 has no way to write these characters, not even escaped (production 2, Char).
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TYPES = {"xml": "text/xml", "json": "application/json"}
CHILDREN = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "service_request_updates": "request_update", "errors": "error", "endpoints": "endpoint", "formats": "format",
    "notes": "note", "media_urls": "media_url",
}  # fmt: skip


@dataclass(frozen=True)
class Document:
    """What is answered: the name of its root in XML, and a mapping or a list of mappings."""

    root: str
    body: Mapping[str, Any] | Sequence[Mapping[str, Any]]


def rendered(document: Document, suffix: str, *, status: int = 200) -> HttpResponse:
    """The document in the format of the suffix, in UTF-8, readable by pages of other sites."""
    content = _json(document) if suffix == "json" else _xml(document)
    answer = HttpResponse(content, content_type=f"{TYPES[suffix]}; charset=utf-8", status=status)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _json(document: Document) -> bytes:
    return json.dumps(_clean(document.body), ensure_ascii=False, allow_nan=False).encode()


def _xml(document: Document) -> bytes:
    root = Element(document.root)
    _fill(root, document.body)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}'.encode()


def _fill(element: Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _fill(SubElement(element, name), inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _fill(SubElement(element, CHILDREN[element.tag]), inner)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = str(_clean(value))


def _clean(value: Any) -> Any:
    """The same words in both formats: without the characters that XML can not carry."""
    if isinstance(value, str):
        return NOT_IN_XML.sub("", value)
    if isinstance(value, Mapping):
        return {name: _clean(inner) for name, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, list | tuple) else value
