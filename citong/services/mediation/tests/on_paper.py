"""What stands on the papers of a case, read from the PDFs themselves."""

import json
from collections.abc import Iterable
from typing import Any

from pypdfium2 import PdfDocument

from citong.core.files.store import path_of
from citong.core.papers.models import Paper

TWO_POINTS = json.dumps([
    {"by": "respondent", "what": "拆除外移的墙体，把路恢复到一米七", "due": "2030-06-30"},
    {"by": "applicant", "what": "赔偿花盆损失", "amount": "800", "due": "2030-05-31"},
])  # fmt: skip


def text_of(paper: Paper) -> str:
    """Every word of the paper, without blanks."""
    document = PdfDocument(path_of(paper.sha256).read_bytes())
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)


def papers_of(case: Any, kind: str = "") -> list[Paper]:
    """The papers of the case, each in its newest version, in the order in which they were made."""
    found = Paper.objects.filter(subject=case).order_by("made_at", "id")
    newest = {one.number: one for one in found if not kind or one.kind == kind}
    return list(newest.values())


def kinds(papers: Iterable[Paper]) -> list[str]:
    """The kinds of these papers."""
    return [one.kind for one in papers]
