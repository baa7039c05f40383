"""The catalogues of the platform's words, without GNU gettext: `update`, `check` and `compile`.

The source strings are English. `citong/locale/zh_Hans` is written by people. `citong/locale/zh_Hant` follows from it by
OpenCC, except for entries marked `#. by hand`, so that the two can not drift apart.

    script/translations.py update     take in new strings, drop those no longer used, derive zh_Hant
    script/translations.py check      list whatever is missing, wrong or out of step; exit 1 if there is anything
    script/translations.py compile    write the .mo files that Django reads
"""

import importlib
import io
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from translatable import PACKAGE, Found, Trouble, found

LANGUAGES = {"zh_Hans": "Simplified Chinese, written by people", "zh_Hant": "Traditional Chinese, derived by OpenCC"}
BY_HAND = "by hand"
WIDTH = 120

# Libraries whose pages we show, and which of their sources these come from.
LIBRARIES = {
    "allauth": re.compile(r"account/|mfa/(?!models)|socialaccount/adapter|templates/(account|mfa|socialaccount)/"),
    "django.contrib.auth": re.compile(""),
}
RENAMED = {"Two-Factor Authentication", "Sign Out", "Are you sure you want to sign out?"}

# OpenCC keeps these as the mainland says them, or goes too far.
TAIWAN = {
    "賬號": "帳號", "臺賬": "台帳", "反饋": "回饋", "質量": "品質", "點選": "點按", "許可權": "權限", "程式碼": "代碼",
    "社群": "社區", "畫素": "像素", "郵箱": "信箱", "退出登入": "登出", "“": "「", "”": "」",
}  # fmt: skip

# Latin words that a Chinese reader meets in Chinese sentences. Everything else is a leftover.
LATIN = {
    "Citong", "QR", "PDF", "JavaScript", "IP", "PIN", "Excel", "CSV", "GPS", "API", "JSON", "GeoJSON", "TOML",
    "Webhook", "OpenID", "Connect", "HEIC", "JPEG", "PNG", "WebP", "kB", "MB", "WGS", "GCJ", "BD", "CGCS", "UTF", "GBK",
    "GB", "SHA", "PKCS", "WKB", "URL", "Cookie", "Authorization", "Bearer", "ct", "CSRFToken", "X", "ETag", "Retry",
    "After", "multipart", "form", "data", "application", "json", "true", "false", "Idempotency", "Key", "SUMO",
}  # fmt: skip
# Literal input: what is typed or shown exactly so in every language.
LITERAL = re.compile(
    r"`[^`]*`|[“\"‘'「『][\x20-\x7e]+[”\"’'」』]"  # quoted
    r"|<[^>]*>|&\w+;|https?://\S+|[\w.]+@[\w.]+"  # markup, addresses
    r"|%\(\w+\)[a-z]|%[sd]|\{\w*\}"  # placeholders
    r"|\b\w+(?:[./_]\w+)+|\[\w+\]|\bcitong(?: [a-z]+)+",  # names of files and fields, commands
    re.ASCII,
)
TITLE = re.compile(r"(《[^》]*》)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}")

Key = tuple[str | None, str | tuple[str, str]]


def wanted() -> dict[Key, set[str]]:
    """Each string with the files that use it. A counted string and a plain one of the same English are one entry."""
    files: dict[Key, set[str]] = {}
    for one in (*found(), *_borrowed()):
        if one.english:
            files.setdefault((one.context, one.english), set()).add(one.file)
    for context, english in [key for key in files if isinstance(key[1], tuple)]:
        files[context, english] |= files.pop((context, english[0]), set())
    return files


# The catalogues -----------------------------------------------------------------------------------


def path_of(language: str) -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    """The catalogue as it stands; an empty one where there is none."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def entries(catalog: Catalog) -> dict[Key, Message]:
    return {_key(message): message for message in catalog if message.id}


def _key(message: Message) -> Key:
    english: Any = message.id
    return message.context or None, tuple(english) if isinstance(english, list | tuple) else english


def update() -> None:
    """Both catalogues hold exactly the strings of the sources; what was translated stays."""
    sources = wanted()
    hans = _renewed("zh_Hans", sources, lambda message, _key: message)
    write("zh_Hans", hans)
    written = entries(hans)
    write("zh_Hant", _renewed("zh_Hant", sources, lambda message, key: _derived(message, written[key])))
    open_ones = sum(not _forms(message)[0] for message in written.values())
    print(f"{len(written)} strings, {open_ones} not translated yet.")


def _renewed(language: str, sources: dict[Key, set[str]], settle: Callable[[Message, Key], Message]) -> Catalog:
    known = entries(read(language))
    catalog = Catalog(locale=language, fuzzy=False, header_comment=f"# The words of Citong in {LANGUAGES[language]}.")
    for key, files in sources.items():
        context, english = key
        old = known.get(key)
        string: Any = old.string if old else ("",) if isinstance(english, tuple) else ""
        fresh = Message(
            english, string, [(file, 0) for file in sorted(files)], (old.flags - {"python-format"}) if old else (),
            [BY_HAND] if old and BY_HAND in old.auto_comments else [], old.user_comments if old else [],
            context=context,
        )  # fmt: skip
        catalog[_id(fresh)] = settle(fresh, key)
    return catalog


def _id(message: Message) -> Any:
    return message.id


def _derived(message: Message, hans: Message) -> Message:
    if BY_HAND not in message.auto_comments:
        message.string = _traditional(hans.string)
    return message


def _traditional(string: Any) -> Any:
    if isinstance(string, list | tuple):
        return tuple(traditional(form) for form in string)
    return traditional(string)


def traditional(text: str) -> str:
    """The text in traditional characters and the words used with them. Titles in 《》 keep their words."""
    parts = TITLE.split(text)
    return "".join(_opencc("s2tw").convert(part) if TITLE.match(part) else _words(part) for part in parts)


def _words(text: str) -> str:
    converted = str(_opencc("s2twp").convert(text))
    for mainland, taiwan in TAIWAN.items():
        converted = converted.replace(mainland, taiwan)
    return converted


@cache
def _opencc(table: str) -> Any:
    import opencc

    return opencc.OpenCC(table)


CHURNING = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Last-Translator', b'"Language-Team', b'"Generated-By',
            b'"Project-Id-Version', b'"Report-Msgid-Bugs-To')  # fmt: skip


def write(language: str, catalog: Catalog) -> None:
    """The .po file, sorted, without dates and line numbers, which would change when the words do not."""
    text = io.BytesIO()
    write_po(text, catalog, width=WIDTH, sort_output=True, include_lineno=False)
    lines = [line for line in text.getvalue().splitlines(keepends=True) if not line.startswith(CHURNING)]
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(lines).rstrip() + b"\n")


def compile_all() -> None:
    """Each .po has a .mo of the same words beside it, as far as it is not there already."""
    for language in LANGUAGES:
        po = path_of(language)
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        text = io.BytesIO()
        write_mo(text, read(language))
        fresh = mo.with_suffix(".mo.new")
        fresh.write_bytes(text.getvalue())
        fresh.replace(mo)


# Words of libraries -----------------------------------------------------------------------------


def _borrowed() -> Iterator[Found]:
    """What libraries say in Latin letters, too familiarly or in other words than ours: we say it better."""
    for library, shown in LIBRARIES.items():
        folder = Path(importlib.import_module(library).__path__[0]) / "locale"
        for language in LANGUAGES:
            with (folder / language / "LC_MESSAGES" / "django.po").open("rb") as file:
                known = entries(read_po(file, locale=language))
            for key, message in known.items():
                places = [place for place, _line in message.locations] or [""]
                if any(map(shown.match, places)) and _said_badly(message):
                    yield Found(*key, library)


def _said_badly(message: Message) -> bool:
    return message.id in RENAMED or any(leftovers(form) or "你" in form for form in _forms(message))


# What may be wrong with them ----------------------------------------------------------------------


def findings() -> list[str]:
    """One line for each fault: language, kind of fault, string."""
    sources = wanted()
    hans = entries(read("zh_Hans"))
    lines = []
    for language in LANGUAGES:
        known = entries(read(language))
        lines += [f"{language}: missing, run update: {_shown(key)}" for key in sources.keys() - known.keys()]
        lines += [f"{language}: no longer used, run update: {_shown(key)}" for key in known.keys() - sources.keys()]
        for key in known.keys() & sources.keys():
            lines += [f"{language}: {fault}: {_shown(key)}" for fault in _faults(known[key])]
            if language == "zh_Hant" and key in hans and _adrift(known[key], hans[key]):
                lines.append(f"{language}: out of step with zh_Hans, run update: {_shown(key)}")
    return sorted(lines)


def _adrift(hant: Message, hans: Message) -> bool:
    return BY_HAND not in hant.auto_comments and tuple(map(traditional, _forms(hans))) != _forms(hant)


def _faults(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield "fuzzy"
    for form in _forms(message):
        if not form:
            yield "not translated"
            continue
        if odd := _placeholders(message) ^ set(PLACEHOLDER.findall(form)):
            yield f"placeholders differ ({', '.join(sorted(odd))})"
        if left := leftovers(form):
            yield f"words left in Latin letters ({', '.join(left)})"


def _placeholders(message: Message) -> set[str]:
    """Of the plural where there is one: “one case” may leave its number out, Chinese has a single form."""
    english: Any = message.id
    return set(PLACEHOLDER.findall(english if isinstance(english, str) else english[-1]))


def leftovers(chinese: str) -> list[str]:
    """Latin words of a Chinese text that are neither names, nor literal input, nor placeholders."""
    words = re.findall(r"[A-Za-z]{2,}(?:['-][A-Za-z]+)*", LITERAL.sub(" ", chinese))
    return [word for word in words if not set(re.split("-", word)) <= LATIN]


def _forms(message: Message) -> tuple[str, ...]:
    string: Any = message.string
    return tuple(string) if isinstance(string, list | tuple) else (string,)


def _shown(key: Key) -> str:
    context, english = key
    words = english if isinstance(english, str) else english[0]
    return f"{context}: {words!r}" if context else repr(words)


def check() -> None:
    """Exits 1 after a list of the faults."""
    if faults := findings():
        print(*faults, sep="\n")
        print(f"{len(faults)} faults. Mend: script/translations.py update, then translate citong/locale/zh_Hans.")
        sys.exit(1)


COMMANDS: dict[str, Callable[[], None]] = {"update": update, "check": check, "compile": compile_all}


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        sys.exit(f"Say what to do: script/translations.py {' | '.join(COMMANDS)}")
    try:
        COMMANDS[arguments[0]]()
    except Trouble as trouble:
        sys.exit(f"{trouble}. Mend this file, then run it again.")


if __name__ == "__main__":
    main(sys.argv[1:])
