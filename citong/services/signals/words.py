"""Faults of plans, and groups, in words that an operator can act on."""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from citong.core.signals.guard import Rule
from citong.core.signals.lawful import Fault, Wrong
from citong.core.signals.model import Junction, Kind

KINDS = {
    Kind.VEHICLE: lambda: _("vehicles"), Kind.PEDESTRIAN: lambda: _("pedestrians"),
    Kind.BICYCLE: lambda: _("bicycles"), Kind.TRAM: lambda: _("trams"),
}  # fmt: skip


def sentences(faults: Iterable[Fault], junction: Junction) -> list[str]:
    """What is wrong, a sentence for all groups of which the same is wrong on the same line."""
    alike: dict[tuple[object, ...], list[Fault]] = {}
    for fault in faults:
        alike.setdefault((fault.rule, fault.span, fault.has, fault.needs), []).append(fault)
    return [_together(rows, junction) for rows in alike.values()]


def _together(rows: list[Fault], junction: Junction) -> str:
    first = rows[0]
    said = {
        "group": _groups(junction, (one.group for one in rows)),
        "other": _groups(junction, (one.other for one in rows)),
        "span": (first.span or 0) + 1, "has": _seconds(first.has), "needs": _seconds(first.needs),
    }  # fmt: skip
    return _text(first.rule) % said


def _groups(junction: Junction, groups: Iterable[int | None]) -> str:
    """One group by its name, several by their numbers."""
    found = {group for group in groups if group is not None}
    if len(found) < 2:
        return named(junction, next(iter(found), None))
    return _("groups %(names)s") % {"names": several(junction, found)}


def named(junction: Junction, group: int | None) -> str:
    """A group as people call it: its number, whom it serves."""
    if group is None:
        return ""
    kind = junction.kinds[group] if group < len(junction.kinds) else Kind.VEHICLE
    return _("group %(number)d (%(kind)s)") % {"number": group + 1, "kind": KINDS[kind]()}


def several(junction: Junction, groups: Iterable[int]) -> str:
    """Groups by their numbers, rows of them joined, with whom they serve: 1–3, 11–13 (vehicles)."""
    kinds: dict[Kind, list[int]] = {}
    for group in sorted(groups):
        kinds.setdefault(junction.kinds[group] if group < len(junction.kinds) else Kind.VEHICLE, []).append(group + 1)
    return "; ".join(
        _("%(numbers)s (%(kind)s)") % {"numbers": _rows(numbers), "kind": KINDS[kind]()}
        for kind, numbers in kinds.items()
    )


def _rows(numbers: list[int]) -> str:
    rows: list[list[int]] = []
    for number in numbers:
        if rows and rows[-1][-1] == number - 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return ", ".join(str(row[0]) if len(row) == 1 else f"{row[0]}–{row[-1]}" for row in rows)


def _seconds(value: float | None) -> str:
    return "" if value is None else number_format(value, 0 if value % 1 == 0 else 1)


def _text(rule: Rule | Wrong) -> str:
    return {
        Rule.CONFLICT: _("Line %(span)d: %(group)s and %(other)s are green together, and their ways meet."),
        Rule.SHORT_GREEN: _("Line %(span)d: the green of %(group)s ends after %(has)s s; it needs %(needs)s s."),
        Rule.SHORT_AMBER: _("Line %(span)d: %(group)s has %(has)s s of amber; it needs %(needs)s s."),
        Rule.CLEARANCE: _(
            "Line %(span)d: %(group)s becomes green %(has)s s after the green of %(other)s; it takes %(needs)s s until"
            " the junction is clear."
        ),
        Rule.PEDESTRIAN: _(
            "Line %(span)d: %(group)s becomes green %(has)s s after the green of %(other)s; whoever has stepped off"
            " needs %(needs)s s."
        ),
        Rule.RED_AMBER: _("Line %(span)d: %(group)s needs %(needs)s s of red and amber before its green."),
        Rule.ENDLESS_RED: _("%(group)s would be red for %(has)s s; nobody waits longer than %(needs)s s here."),
        Wrong.EMPTY: _("The plan has no line."),
        Wrong.LETTERS: _("Line %(span)d has a letter that no signal shows."),
        Wrong.GROUPS: _("Line %(span)d has %(has)s letters; the junction has %(needs)s groups."),
        Wrong.SECONDS: _("Line %(span)d takes %(has)s s; it must take at least %(needs)s s and not too long."),
        Wrong.CYCLE: _("The cycle takes %(has)s s; longer than %(needs)s s people take it for broken."),
        Wrong.NEVER_GREEN: _("%(group)s would never be green."),
        Wrong.NOT_SHOWN: _("The controller would not show line %(span)d as it is written."),
    }[rule]
