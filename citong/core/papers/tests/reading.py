"""Reading PDFs back: their text, their fonts."""

import io
from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils.generic import ArrayObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdfium2 import PdfDocument


def fonts_of(data: bytes) -> set[tuple[str, bool]]:
    """(name, embedded) of every font of any page, those of stamps and seals included."""
    reader = PdfFileReader(io.BytesIO(data))
    found: set[tuple[str, bool]] = set()
    for page in _pages(reader.root["/Pages"]):
        for resources in _resources(page):
            for font in resources.get("/Font", {}).values():
                found |= set(_font(font.get_object() if hasattr(font, "get_object") else font))
    return found


def text_of(data: bytes) -> str:
    """All text of the pages, as a reader copies it."""
    with PdfDocument(data) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def _pages(node: Any) -> Iterator[Any]:
    if node["/Type"] == "/Page":
        yield node
        return
    for kid in node["/Kids"]:
        yield from _pages(kid.get_object() if hasattr(kid, "get_object") else kid)


def _resources(page: Any) -> Iterator[Any]:
    yield page["/Resources"]
    for form in page["/Resources"].get("/XObject", {}).values():
        inner = form.get_object() if hasattr(form, "get_object") else form
        if "/Resources" in inner:
            yield from _resources(inner)
    for annotation in page.get("/Annots", ArrayObject()):
        shown = annotation.get_object().get("/AP", {}).get("/N")
        form = shown.get_object() if hasattr(shown, "get_object") else shown
        if form is not None and "/Resources" in form:
            yield from _resources(form)


def _font(font: Any) -> Iterator[tuple[str, bool]]:
    for inner in font.get("/DescendantFonts", [font]):
        described = (inner.get_object() if hasattr(inner, "get_object") else inner)["/FontDescriptor"]
        yield str(font["/BaseFont"]), any(f"/FontFile{kind}" in described for kind in ("", "2", "3"))
