"""A mapping that says how another system's history is to be read: columns, dates, values, and what holds otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from citong.cli.columns import EARLIEST, FORMATS, Unreadable, joined, moment_of, number_of, read_mapping, titled
from citong.cli.trouble import Trouble
from citong.core.cases.declare import CaseType
from citong.core.cases.registry import case_types
from citong.kit.geometry import Datum

FIELDS = frozenset(
    {"id", "title", "text", "category", "state", "opened", "closed", "lon", "lat", "address", "district", "rating",
     "handled_by", "result", "channel", "name", "phone", "email", "public"}
)  # fmt: skip
MAPPED = ("category", "state", "district", "handled_by", "rating", "channel", "public")
KEYS = {"source", "service", "zone", "datum", "public", "closed_unsaid", "columns", "formats", "values", "default"}
YES = frozenset({"true", "yes", "y", "1", "是", "公开"})
STARS = range(1, 6)


@dataclass(frozen=True)
class HistoryMap:
    """How a history is to be read. `values` are field to what the file says to what is meant; `default` likewise."""

    source: str
    service: str
    columns: Mapping[str, Sequence[str]]
    formats: Mapping[str, Sequence[str]]
    values: Mapping[str, Mapping[str, str]]
    default: Mapping[str, str]
    zone: ZoneInfo
    datum: Datum
    public: bool
    closed_unsaid: str

    def said(self, cells: Mapping[str, str]) -> dict[str, str]:
        """What a row says, field by field, in its own words; empty ones left out."""
        found = {name: joined(cells, columns) for name, columns in self.columns.items()}
        return {name: words for name, words in titled(found).items() if words}

    def meant(self, name: str, said: Mapping[str, str]) -> tuple[str, bool]:
        """(What a value means, whether the mapping knows it); the default where nothing is said or it is not known."""
        word = said.get(name, "")
        if word in self.values.get(name, {}):
            return self.values[name][word], True
        return (word, False) if word else (self.default.get(name, ""), True)

    def moment(self, name: str, text: str, *, now: datetime) -> datetime:
        """The moment a cell tells. An hour that came twice is the first; one that never was is the hour after.

        Raises Unreadable.
        """
        at = moment_of(text, self.formats[name])
        at = at.replace(tzinfo=self.zone) if at.tzinfo is None else at
        if not EARLIEST <= at <= now:
            raise Unreadable(_("The date “%s” lies before the year 2000 or in the future.") % text)
        return at

    def point(self, said: Mapping[str, str]) -> tuple[float, float] | None:
        """Longitude and latitude as they were given; None where there are none. Raises Unreadable."""
        given = [number_of(said[name]) for name in ("lon", "lat") if name in said]
        if len(given) == 1:
            raise Unreadable(_("A point needs both longitude and latitude."))
        return (given[0], given[1]) if given and any(given) else None  # many systems write 0 for a point they lack

    def stars(self, said: Mapping[str, str]) -> int | None:
        """The rating in stars. Raises Unreadable."""
        meant, _known = self.meant("rating", said)
        if not meant:
            return None
        if not (meant.isdecimal() and int(meant) in STARS):
            raise Unreadable(_("The rating “%s” is no number from 1 to 5.") % meant)
        return int(meant)

    def is_public(self, said: Mapping[str, str]) -> bool:
        """Whether the row may be shown: as its column says, else as the mapping says for all."""
        meant, _known = self.meant("public", said)
        return meant.casefold() in YES if meant else self.public

    def described(self) -> list[str]:
        """One line for each field, for the screen."""
        return [f"{name:10} ← {' + '.join(columns)}" for name, columns in self.columns.items()]


def history_map(path: Path, header: Sequence[str], *, zone: ZoneInfo) -> HistoryMap:
    """The mapping of a TOML file, checked against the header and the service; `zone` holds where it names none.

    Raises Trouble with every fault.
    """
    said = read_mapping(path)
    columns = {name: [at] if isinstance(at, str) else list(at) for name, at in said.get("columns", {}).items()}
    faults = [*_faults(said, columns, header), *_value_faults(said)]
    if faults:
        raise Trouble(f"{path.name}: {'; '.join(faults)}.", mend=f"the columns are {', '.join(header)}.")
    formats = said.get("formats", {})
    return HistoryMap(
        source=str(said["source"]), service=str(said.get("service", "requests")), columns=columns,
        formats={name: [*formats.get(name, []), *FORMATS] for name in ("opened", "closed")},
        values=_texts(said.get("values", {})), default={name: str(at) for name, at in said.get("default", {}).items()},
        zone=ZoneInfo(said["zone"]) if "zone" in said else zone, datum=Datum(said.get("datum", Datum.WGS84)),
        public=bool(said.get("public", False)), closed_unsaid=str(said.get("closed_unsaid", "")),
    )  # fmt: skip


def _faults(said: Mapping[str, Any], columns: Mapping[str, Sequence[str]], header: Sequence[str]) -> list[str]:
    faults = [f"`{key}` is no part of a mapping" for key in sorted(said.keys() - KEYS)]
    faults += [f"`{name}` is no field of a history" for name in sorted(columns.keys() - FIELDS)]
    missing = sorted({one for names in columns.values() for one in names} - set(header))
    faults += [f"the file has no column “{name}”" for name in missing]
    faults += [f"`{name}` has no column" for name in ("id", "opened") if name not in columns]
    if not columns.keys() & {"text", "title"}:
        faults.append("neither `text` nor `title` has a column")
    if not str(said.get("source", "")).strip():
        faults.append("`source` is missing: the name of the system whose numbers are in `id`")
    if said.get("datum", Datum.WGS84) not in list(Datum):
        faults.append(f"the datum must be one of {', '.join(Datum)}")
    if said.get("closed_unsaid", "opened") != "opened":
        faults.append('`closed_unsaid` can only be "opened"')
    return faults


def _value_faults(said: Mapping[str, Any]) -> list[str]:
    kind, zone = case_types().get(str(said.get("service", "requests"))), said.get("zone")
    faults = [] if kind else [f"there is no service `{said.get('service')}`"]
    if zone is not None and not _is_zone(str(zone)):
        faults.append(f"there is no time zone `{zone}`, write one such as Asia/Shanghai")
    for part in ("values", "default"):
        faults += [
            f"[{part}] {name} is for no field that has values" for name in said.get(part, {}) if name not in MAPPED
        ]
    return faults + (_state_faults(said, kind) if kind else [])


def _state_faults(said: Mapping[str, Any], kind: type[CaseType]) -> list[str]:
    meant = {str(name) for name in said.get("values", {}).get("state", {}).values()}
    meant |= {str(said["default"]["state"])} if "state" in said.get("default", {}) else set()
    return [f"`{name}` is no state of {kind.code}" for name in sorted(meant - set(kind.states))]


def _texts(values: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    return {name: {str(said): str(meant) for said, meant in pairs.items()} for name, pairs in values.items()}


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError in name only
        return False
    except KeyError:
        return False
    return True
