"""Text as people write it: tokens for search, clean input, personal numbers found and masked.

Search keeps every pair of neighbouring Han characters of a text, so that a word is found wherever it stands
and whatever the dictionary says now or later; the dictionary only decides where a query is cut into words.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby

import rjieba
from opencc import OpenCC

HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUNS = re.compile(rf"(?P<han>[{HAN}]+)|[^\W_{HAN}]+")
# Direction overrides can make a text show another order than it has.
BETWEEN_WORDS = re.compile(r"[\W_]+")
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, annex A
ID_CHECKS = "10X98765432"
BIRTH = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
# One sign for one, so that places in the folded text are places in the text: full-width ASCII, space, dashes.
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(map(ord, "‐‑–—−"), "-")
PERSONAL = {
    "e-mail": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII),
    "identity number": re.compile(r"(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])", re.ASCII),
    "mobile number": re.compile(r"(?<!\d)(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)", re.ASCII),
    "landline": re.compile(r"(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3})[-\s]?[2-9]\d{6,7}(?!\d)", re.ASCII),
}


@dataclass(frozen=True)
class Found:
    """A personal number at `text[start:end]`."""

    kind: str
    start: int
    end: int


def tokens(text: str, words: Iterable[str] = ()) -> list[str]:
    """What a text can be found by: pairs of Han characters, whole other words; each token once, in order.

    A character that ends its run stands alone, so one character matched as a prefix finds every place.
    `words` are further texts to be found by, such as the name of the category.
    """
    runs = [run for part in (text, *words) for run in _runs(part)]
    return list(dict.fromkeys(token for run, han in runs for token in (_pairs(run) if han else [run])))


def token_counts(text: str) -> Counter[str]:
    """The same tokens, each with how often it stands in the text."""
    return Counter(token for run, han in _runs(text) for token in (_pairs(run) if han else [run]))


def query_words(text: str) -> dict[str, str]:
    """Each token of two signs or more that a long text asks for, with the word that it stands for."""
    found = ((pair, word) for run, han in _runs(text) for word, pairs in _cut(run, han) for pair in pairs)
    return {pair: word for pair, word in found if len(pair) > 1}


def query_tokens(text: str) -> list[str]:
    """The tokens a text must all have to answer this query; match a token of one character as a prefix."""
    found = [token for run, han in _runs(text) for token in (_query_words(run) if han else [run])]
    # A lone character beside words is mostly a particle, such as 的.
    wanted = [token for token in found if len(token) > 1] or found
    return list(dict.fromkeys(wanted))


def add_words(words: Iterable[str]) -> None:
    """Queries are no longer cut inside these words (names of places, units, categories), in this process."""
    for word in words:
        rjieba.add_word(to_simplified(_folded(word)), None, None)


@lru_cache(maxsize=10_000)
def alike(text: str) -> str:
    """What two ways of writing the same name or address have in common: simplified, folded, words and numbers alone."""
    folded = _folded(text)
    return BETWEEN_WORDS.sub("", folded if folded.isascii() else to_simplified(folded))


def to_simplified(text: str) -> str:
    return str(_converter("t2s").convert(text))


def to_traditional(text: str) -> str:
    """In the characters of the Taiwan standard; the words themselves stay."""
    return str(_converter("s2tw").convert(text))


def plain(text: str, limit: int) -> str:
    """The text as it may be kept: composed (NFC), trimmed, without control characters but newline and tab.

    ValueError when it is longer than `limit` characters: never cut what a person wrote.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = unicodedata.normalize("NFC", UNSEEN.sub("", lines)).strip()
    if len(clean) > limit:
        raise ValueError(f"This text has {len(clean)} characters and may have {limit}: please shorten it.")
    return clean


def find_personal(text: str) -> list[Found]:
    """Mobile and landline numbers, identity numbers and e-mail addresses, in order, none inside another."""
    found: list[Found] = []
    for kind, pattern in PERSONAL.items():
        for match in pattern.finditer(text.translate(HALF_WIDTH)):
            apart = all(match.end() <= other.start or other.end <= match.start() for other in found)
            if apart and (kind != "identity number" or _is_identity(match[0])):
                found.append(Found(kind, match.start(), match.end()))
    return sorted(found, key=lambda one: one.start)


def masked(text: str) -> str:
    """The text with every personal number replaced by `***`, fit to be published or logged."""
    for found in reversed(find_personal(text)):
        text = f"{text[: found.start]}***{text[found.end :]}"
    return text


def mask_phone(phone: str) -> str:
    """First three and last four digits, for a person who may know whose number it is: `138****5678`."""
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", phone))
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) > 9 else "****"


def _is_identity(number: str) -> bool:
    """The check sign fits (GB 11643-1999), or the birth date is one: a slip must not publish a person."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], ID_WEIGHTS, strict=True))
    fits = number[17].upper() == ID_CHECKS[total % 11]
    return fits or BIRTH.fullmatch(number[6:14]) is not None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    """Unbroken runs of one script without punctuation, each with whether it is Han."""
    for match in RUNS.finditer(to_simplified(_folded(text))):
        yield match[0], match["han"] is not None


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]


def _query_words(run: str) -> list[str]:
    return [pair for _word, pairs in _cut(run, True) for pair in pairs]


def _cut(run: str, han: bool) -> Iterator[tuple[str, list[str]]]:
    """The words of a run with the pairs within each; single characters in a row (不亮) count as one word."""
    if not han:
        yield run, [run]
        return
    for single, group in groupby(rjieba.cut(run, False), key=lambda word: len(word) == 1):
        for word in ["".join(group)] if single else group:
            yield word, _pairs(word)[:-1] or [word]


@cache
def _converter(config: str) -> OpenCC:
    return OpenCC(config)
