"""Which column of a table means which value: guessed from the table's header, or said by somebody."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext as _

from citong.core.register.sheet_kinds import Target, table_kind
from citong.kit.text import to_simplified

LANGUAGES = ("zh-hans", "zh-hant", "en")


class Unfit(ValueError):
    """A mapping can not be used for this kind or this table; the sentence says why."""


def guessed(kind: str, header: Sequence[str]) -> dict[str, str]:
    """Column to target, as the names of the columns suggest; a column that fits nothing is left out."""
    names = _names(kind)
    found: dict[str, str] = {}
    for column in header:
        fitting = (name for name in names.get(folded(column), ()) if name not in found.values())
        if target := next(fitting, None):
            found[column] = target
    return found


def said(kind: str, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Column to target as somebody said, checked against table and kind. Raises Unfit."""
    known, used = table_kind(kind).targets(), {column: name for column, name in columns.items() if name}
    if strange := [name for name in used.values() if name not in known]:
        raise Unfit(_("“%(name)s” is no field of this kind.") % {"name": strange[0]})
    if missing := [column for column in used if column not in header]:
        raise Unfit(_("The table has no column “%(name)s”.") % {"name": missing[0]})
    twice = [name for name in used.values() if list(used.values()).count(name) > 1]
    if twice:
        raise Unfit(_("Two columns say “%(name)s”: choose one.") % {"name": known[twice[0]].label})
    asked = [name for name in table_kind(kind).needed() if name not in used.values()]
    if asked:
        raise Unfit(_("No column says “%(name)s”, which every row needs.") % {"name": known[asked[0]].label})
    return used


def of_file(kind: str, header: Sequence[str], text: str) -> dict[str, str]:
    """Column to target as a TOML text says in its table [columns]: field = "column". Raises Unfit."""
    try:
        columns = tomllib.loads(text).get("columns", {})
    except tomllib.TOMLDecodeError as fault:
        raise Unfit(_("The mapping is no readable TOML: %(fault)s.") % {"fault": fault}) from None
    return said(kind, header, {str(column): str(name) for name, column in columns.items()})


def folded(name: str) -> str:
    """A column's name without spaces, marks, brackets and case, in simplified characters."""
    plain = re.sub(r"[（(\[【].*$", "", to_simplified(name.casefold()))
    return re.sub(r"[\W_]", "", plain)


@lru_cache(maxsize=20)
def _names(kind: str) -> dict[str, list[str]]:
    """Folded name of a column to the targets it may mean, likeliest first: in the order in which they are asked."""
    found: dict[str, list[str]] = {}
    called = table_kind(kind).called
    for target in table_kind(kind).targets().values():
        own = [target.name.replace(".", ""), *called.get(target.name, "").split(), *_labels(target)]
        for word in dict.fromkeys(folded(one) for one in own):
            found.setdefault(word, []).append(target.name)
    return found


def _labels(target: Target) -> list[str]:
    words = []
    for language in LANGUAGES:
        with translation.override(language):
            words += [str(target.label), str(target.known.field.label) if target.known else ""]
    return [word for word in words if word]
