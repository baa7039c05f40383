"""A whole city folder: every part checked together and loaded in one transaction. Categories are its own part."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from uuid import NAMESPACE_OID, UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.core.cases.models import Category
from citong.core.clocks.city import check_days, load_days, read_days
from citong.core.ledger.write import Signature, append, head_of
from citong.core.people.city import People, check_people, load_people
from citong.core.people.duties import Duties, router
from citong.core.places.check import check_places, error
from citong.core.places.city import Places
from citong.core.places.current import forget_city
from citong.core.places.folder import Finding, Folder, Severity
from citong.core.places.load import CannotLoad, LoadReport, assert_same_city, load_places, save_city, settle
from citong.core.places.locate import Located, Locator, forget_locator, of_folder

KINDS = ("component", "event", "matter")


@dataclass(frozen=True)
class CategoryRow:
    """A line of categories.csv; the tree is in the dotted codes and in `parent`."""

    where: str
    code: str
    parent: str
    name: str
    name_en: str
    kind: str
    description: str = ""
    keywords: str = ""
    function: str = ""
    public: bool = True
    urgent: bool = False


@dataclass(frozen=True)
class ExampleRow:
    """A line of routing_examples.csv: this kind at this WGS-84 point goes to this unit for this reason."""

    where: str
    text: str
    category: str
    lon: float
    lat: float
    unit: str
    reason: str


@dataclass(frozen=True)
class ExampleResult:
    """What the duties make of one example. An example without a reason expects a gap."""

    example: ExampleRow
    unit: str
    reason: str

    @property
    def holds(self) -> bool:
        wanted = self.example.reason
        return self.unit == self.example.unit and (wanted in self.reason if wanted else not self.reason)


class CityFolder:
    """All parts of one city's folder, each read when it is first asked for."""

    def __init__(self, path: Path) -> None:
        self.folder = Folder(path)
        self.places = Places(self.folder)
        self.people = People(self.places)

    @cached_property
    def categories(self) -> list[CategoryRow]:
        return self.folder.rows("categories.csv", CategoryRow)

    @cached_property
    def examples(self) -> list[ExampleRow]:
        return self.folder.rows("routing_examples.csv", ExampleRow, required=False)

    def findings(self) -> list[Finding]:
        """Everything wrong with the folder; empty when it can be trusted."""
        days = read_days(self.folder)
        found = [
            *check_places(self.places), *check_people(self.people), *check_days(days),
            *_check_categories(self.categories), *self._unanswered(),
        ]  # fmt: skip
        if not errors(found + self.folder.findings):
            found += self._failing_examples()
        return self.folder.findings + found

    def run_examples(self) -> list[ExampleResult]:
        """Each routing example with what the duties answer. Needs a folder without errors."""
        locator = of_folder(self.places)
        return [_run(example, locator, self.people.book) for example in self.examples]

    def _unanswered(self) -> Iterator[Finding]:
        """Kinds that reach the city's centre as a gap, in the whole city or in some community."""
        parents = {row.parent for row in self.categories}
        for row in self.categories:
            if row.code in parents or self._answered_everywhere(row.code):
                continue
            what = _("Nobody answers for %(name)s (%(code)s), at least in some places.") % vars(row)
            mend = _("Add a duty for it; until then it reaches the city's centre as a gap.")
            yield Finding(Severity.WARNING, row.where, what, mend)

    def _answered_everywhere(self, category: str) -> bool:
        book, paths = self.people.book, self.places.paths
        if any(not duty.area for duty in book.covering(category)):
            return True
        return all(book.match(category, Located(paths.get(code, ""))) for code in self.places.communities)

    def _failing_examples(self) -> Iterator[Finding]:
        known = {row.code for row in self.categories}
        for result in self.run_examples():
            example = result.example
            if example.category not in known:
                yield error(example.where, _("There is no category %s.") % example.category, _("Mend the code."))
            elif not result.holds:
                what = _("The example goes to %(unit)s (%(reason)s), not to %(wanted)s (%(because)s).")
                values = {
                    "unit": result.unit, "reason": result.reason or _("gap"),
                    "wanted": example.unit, "because": example.reason or _("gap"),
                }  # fmt: skip
                yield error(example.where, what % values, _("Mend the duties, their order, or the example."))


def check(path: Path) -> list[Finding]:
    """Everything wrong with the city's folder, each finding with its place and mend."""
    return CityFolder(path).findings()


def errors(findings: list[Finding]) -> list[Finding]:
    """The findings that keep a folder from being loaded."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def load(path: Path, *, by: Signature | None = None, now: datetime | None = None) -> LoadReport:
    """The database holds what the folder says; a second load of the same folder does nothing.

    One transaction with a ledger entry. Raises CannotLoad for a folder with errors or of another city.
    """
    city, at = CityFolder(path), now or timezone.now()
    files = city.folder.digests()
    report = LoadReport()
    with transaction.atomic():
        loaded = assert_same_city(city.folder.settings.code)
        if loaded and loaded.files == files:
            return LoadReport(version=loaded.version)
        _assert_sound(city)
        load_places(city.places, now=at, report=report)
        load_people(city.people, now=at, report=report)
        load_days(read_days(city.folder), now=at, report=report)
        _load_categories(city.categories, now=at, report=report)
        save_city(city.places, files=files, report=report)
        subject = ledger_subject(city.folder.settings.code)
        facts = {"version": report.version, "tables": report.tables}
        append(subject, "load", kind="city", by=by or Signature(), at=at, head=head_of(subject), facts=facts)
    forget_city()
    forget_locator()
    router().forget()
    return report


def ledger_subject(code: str) -> UUID:
    """Under which subject the ledger keeps the loads of this city."""
    return uuid5(NAMESPACE_OID, f"city/{code}")


def _assert_sound(city: CityFolder) -> None:
    found = errors(city.findings())
    if found:
        first = found[0]
        raise CannotLoad(
            _("The folder has %(number)d errors; the first is %(where)s: %(what)s %(mend)s")
            % {"number": len(found), "where": first.where, "what": first.what, "mend": first.mend}
        )


def _run(example: ExampleRow, locator: Locator, book: Duties) -> ExampleResult:
    located = locator.find(example.lon, example.lat)
    duty = book.match(example.category, located)
    unit = book.resolve(duty.to, located) if duty else None
    if duty is None or unit is None:
        centre = book.centre()
        return ExampleResult(example, centre.code if centre else "", "")
    return ExampleResult(example, unit.code, duty.reason)


def _check_categories(rows: list[CategoryRow]) -> Iterator[Finding]:
    numbers = Counter(row.code for row in rows)
    for row in rows:
        if numbers[row.code] > 1:
            yield error(row.where, _("%s appears more than once.") % row.code, _("Keep one of the lines."))
        if row.code.rpartition(".")[0] != row.parent or (row.parent and row.parent not in numbers):
            what = _("Category %(code)s does not lie under its parent %(parent)s.") % vars(row)
            yield error(row.where, what, _("The code is the parent's code, a dot, and one word."))
        if row.kind not in KINDS:
            yield error(row.where, _("Unknown kind: %s") % row.kind, ", ".join(KINDS))


def _load_categories(rows: list[CategoryRow], *, now: datetime, report: LoadReport) -> None:
    names = ("name", "name_en", "kind", "description", "keywords", "function", "public", "urgent")
    ordered = sorted(enumerate(rows), key=lambda one: one[1].code.count("."))
    wanted = {
        row.code: {name: getattr(row, name) for name in names} | {"order": position, "parent_id": row.parent or None}
        for position, row in ordered
    }
    settle(Category, wanted, key="code", now=now, report=report)
