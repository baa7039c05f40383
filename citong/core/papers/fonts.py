"""The Chinese font of papers: where it lies, and which signs it can write.

It comes from a package of the front end, so an installation has it as soon as its pages are built.
"""

import struct
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path
from unicodedata import category

import typst
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

FAMILY = "Noto Serif SC"
WEIGHTS = ("400Regular", "700Bold")
MEND = "run script/setup, which installs it with the front end, or name its folder: CITONG_PAPER_FONTS."
MISSING = "〓"  # what printers set for a sign that no font of theirs has


class NoFont(RuntimeError):
    """The font of papers is not there; the sentence says where it was looked for and how that is mended."""


@lru_cache(maxsize=2)
def fonts(folder: Path | None = None) -> typst.Fonts:
    """The two weights of the font, and no other font of this machine. Raises NoFont."""
    files = [path.parent for path in _files(folder or Path(settings.PAPER_FONTS))]
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(files))
    if FAMILY not in found.families():
        raise NoFont(f"The files in {files[0]} are not {FAMILY}. Mend: {MEND}")
    return found


def writable(text: str) -> str:
    """The text as the font can write it: a sign that it has not becomes 〓; control signs but line ends are gone."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(MISSING if missing(sign) else sign for sign in text if not _control(sign))


def missing(sign: str) -> bool:
    """Whether the font can not write this sign."""
    if category(sign) in ("Cf", "Zs", "Zl", "Zp") or sign == "\n":
        return False
    starts, ends = _coverage(Path(settings.PAPER_FONTS))
    place = bisect_right(starts, ord(sign)) - 1
    return place < 0 or ord(sign) > ends[place]


def _control(sign: str) -> bool:
    """Signs without a form of their own: control codes, halves of pairs, private ones, variation selectors."""
    return (category(sign) in ("Cc", "Cs", "Co", "Cn") and sign != "\n") or "\ufe00" <= sign <= "\ufe0f"


def _files(folder: Path) -> list[Path]:
    found = [next(iter(sorted((folder / weight).glob("*.ttf"))), None) for weight in WEIGHTS]
    whole = [path for path in found if path]
    if len(whole) == len(WEIGHTS):
        return whole
    raise NoFont(f"The font of papers, {FAMILY}, is not in {folder}. Mend: {MEND}")


@lru_cache(maxsize=2)
def _coverage(folder: Path) -> tuple[list[int], list[int]]:
    """First and last signs of the ranges that the font's table `cmap` (OpenType, format 12) names, in order."""
    with _files(folder)[0].open("rb") as file:
        head = file.read(12)
        tables = file.read(16 * struct.unpack(">H", head[4:6])[0])
        place = next(at for at in range(0, len(tables), 16) if tables[at : at + 4] == b"cmap")
        start, length = struct.unpack(">II", tables[place + 8 : place + 16])
        file.seek(start)
        cmap = file.read(length)
    offsets = [struct.unpack(">I", cmap[at + 4 : at + 8])[0] for at in range(4, 4 + 8 * cmap[3], 8)]
    whole = next(at for at in offsets if cmap[at : at + 2] == b"\x00\x0c")
    count = struct.unpack(">I", cmap[whole + 12 : whole + 16])[0]
    groups = [struct.unpack(">III", cmap[at : at + 12]) for at in range(whole + 16, whole + 16 + 12 * count, 12)]
    return [first for first, _last, _glyph in groups], [last for _first, last, _glyph in groups]


@register()
def font_is_there(**_given: object) -> list[CheckMessage]:
    """A system check: papers can be made."""
    try:
        fonts()
    except NoFont as fault:
        sentence, _mend, mend = str(fault).partition(" Mend: ")
        return [Error(sentence, hint=mend, id="citong.papers.font")]
    return []
