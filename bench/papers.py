"""Papers: an agreement made, signed by two, sealed and checked, beside the bare libraries doing the same work."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import partial
from io import BytesIO

import typst
from django.utils import timezone
from PIL import Image, ImageDraw
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, sign_pdf

from bench.figures import Figure, Target
from bench.run import Run
from citong.core.files.store import Cleaned, path_of
from citong.core.papers.certificates import make_certificate, signer_of
from citong.core.papers.check import check
from citong.core.papers.fonts import fonts
from citong.core.papers.models import Paper
from citong.core.papers.plain import plain
from citong.core.papers.render import STANDARD, STYLE
from citong.core.papers.sealing import seal
from citong.core.papers.write import Signer, make, sign
from citong.core.people.access import Actor
from citong.core.people.models import Unit
from citong.core.places.current import zone
from citong.kit.ids import uuid7
from citong.services.mediation.papers import PAPERS
from citong.services.mediation.papers.data import Agreement
from citong.services.mediation.papers.samples import SAMPLES

COUNT = 30
SOON = Target(most=300, unit="ms")
AT = datetime(2026, 6, 3, 2, tzinfo=UTC)


def measure(run: Run) -> Iterator[Figure]:
    """Once in a run: a paper does not depend on the number of cases. Medians of 30 agreements that all differ."""
    if run.size != run.smallest:
        return
    unit = Unit.objects.order_by("id").first()
    assert unit is not None
    make_certificate(unit, at=timezone.now())
    papers = [_made(number) for number in range(COUNT + 1)]
    bare = _median([partial(_bare, number) for number in range(COUNT + 1)])
    made = _median([partial(_made, number + 1000) for number in range(COUNT + 1)])
    yield Figure("a paper made", run.size, made, "ms", bare, "ms Typst alone", SOON)
    for paper in papers:
        for side, name in (("applicant", "林海生"), ("respondent", "陈阿土")):
            sign(paper, signer=Signer(side, name), picture=_drawn(), at=timezone.now())
    alone = _median([partial(_only_signed, paper, unit) for paper in papers])
    sealed = _median([partial(seal, paper, unit=unit, at=timezone.now()) for paper in papers])
    named = "ms pyHanko's signature alone"
    yield Figure("a paper with two drawn signatures sealed", run.size, sealed, "ms", alone, named, SOON)
    checked = _median([partial(check, paper) for paper in papers])
    yield Figure("that paper checked", run.size, checked, "ms", target=SOON)


def _median(calls: list[Callable[[], object]]) -> float:
    """Milliseconds; the first call warms up."""
    spans = []
    for call in calls:
        began = time.perf_counter()
        call()
        spans.append((time.perf_counter() - began) * 1000)
    return statistics.median(spans[1:])


def _sheet(number: int) -> Agreement:
    sample = SAMPLES["agreement"]
    assert isinstance(sample, Agreement)
    return replace(sample, facts=f"第{number}件。{sample.facts}")


def _made(number: int) -> Paper:
    kind = PAPERS["agreement"]
    return make(kind.code, uuid7(), kind.template, _sheet(number), title=kind.title, actor=Actor(), at=AT)


def _bare(number: int) -> None:
    sheet, template = _sheet(number + 2000), PAPERS["agreement"].template
    given = {one.name: getattr(sheet, one.name) for one in fields(sheet)} | {
        "paper": {"number": "W26-0000001-1", "title": "人民调解协议书"}, "unwritten": (),
    }  # fmt: skip
    typst.compile(
        template, root=template.parent, font_paths=fonts(), ignore_system_fonts=True, package_path=STYLE,
        sys_inputs={"data": json.dumps(plain(given, zone=zone()))}, pdf_standards=STANDARD, timestamp=AT,
    )  # fmt: skip


def _only_signed(paper: Paper, unit: Unit) -> None:
    signer = signer_of(unit, at=timezone.now())
    data = BytesIO(path_of(paper.sha256).read_bytes())
    sign_pdf(IncrementalPdfFileWriter(data), PdfSignatureMetadata(field_name="seal"), signer=signer)


def _drawn() -> Cleaned:
    image = Image.new("RGB", (600, 200), "white")
    ImageDraw.Draw(image).line([(40, 150), (200, 40), (330, 160), (560, 60)], fill="black", width=9)
    out = BytesIO()
    image.save(out, "JPEG")
    return Cleaned(out.getvalue(), "image/jpeg", "signature.jpg", 600, 200)
