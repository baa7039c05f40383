"""Which kind of matter a text is about: proposed from the kinds' own words, better after learning from closed cases.

Cold, a text is compared with the names, key words and descriptions of the categories. After learning, words seen in
closed cases add their evidence (complement naive Bayes; J. Rennie et al., "Tackling the Poor Assumptions of Naive
Bayes Text Classifiers", 2003). The subject (first part of the code) is found first, then the kind within it: a subject
has many words and is reliable where a single kind is not. A person decides; this only proposes, with its reasons.
"""

import base64
import math
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import rjieba
from numpy.typing import NDArray

from citong.kit.text import UNSEEN, to_simplified

TEXT_LIMIT = 2_000  # signs read from the start of a text: people say first what it is about
TITLE_LIMIT = 80  # a first line up to this long is a title
TITLE_WEIGHT = 3.0
READ_LENGTH = 300.0  # signs after which a key word in the body counts 1/e
DESCRIPTION_WEIGHT = 0.1
WORD_GROWTH = 0.8  # a word of four signs weighs 2 ** 0.8 as much as one of two
PARENT_PART = 0.3  # part of its parent's own evidence that a kind inherits
INNER_PART = 0.5  # a kind that has finer kinds gives way to them
SMOOTHING = 0.02
SHARPNESS = 2.5
LEAST_SHARE = 0.005  # a kind with less is not worth the clerk's look
FAINT = 1.0  # evidence weaker than this is not blown up to a firm opinion
CASES_FOR_HALF_TRUST = 400
MOST_WORDS = 12_000  # learnt words kept: 14 MB with 280 categories
SHOWN_WORDS = 5
SHOWN_PART = 0.1  # of the strongest word's weight
STATE_VERSION = 1

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class CategoryWords:
    """A kind of matter: `code` is a dotted path whose first part is the subject, `keywords` are `;`-separated."""

    code: str
    name: str
    description: str = ""
    keywords: str = ""


@dataclass(frozen=True)
class Suggestion:
    """A proposed kind: `share` of all weight (0 to 1), `words` of the text that spoke for it, strongest first."""

    code: str
    share: float
    words: tuple[str, ...]


class Suggester:
    """Proposes categories; knows only their words until it has learnt."""

    def __init__(self, categories: Sequence[CategoryWords]) -> None:
        self._tree = _Tree([category.code for category in categories])
        self._known = _KnownWords(categories, self._tree)
        self._learnt = _LearntWords(self._tree)

    def learn(self, pairs: Iterable[tuple[str, str]]) -> None:
        """The texts of closed cases count for their category code, or for its nearest known ancestor."""
        for text, code in pairs:
            node = self._tree.nearest(code)
            if node is not None:
                self._learnt.add(_Reading.of(text), node)

    def suggest(self, text: str, *, top: int = 3) -> list[Suggestion]:
        """At most `top` kinds, best first; empty when no word of the text is known. Reads `TEXT_LIMIT` signs."""
        reading = _Reading.of(text)
        known, learnt = self._known.evidence(reading), self._learnt.evidence(reading)
        if not (known or learnt):
            return []
        shares = self._tree.shares(known.subjects + learnt.subjects, known.nodes + learnt.nodes)
        best = np.argsort(-shares, kind="stable")[:top]
        return [
            Suggestion(self._tree.codes[node], round(float(shares[node]), 4), self._reasons(known, learnt, node))
            for node in best
            if shares[node] >= LEAST_SHARE
        ]

    def to_json(self) -> dict[str, Any]:
        """What was learnt, without the categories, fit for JSON; a few megabytes at most."""
        return self._learnt.to_json()

    @classmethod
    def from_json(cls, categories: Sequence[CategoryWords], state: Mapping[str, Any]) -> "Suggester":
        """As it was when `to_json` was called; the categories may have changed since.

        Cases of a category that is gone count for its nearest ancestor. Empty state, or state of another version,
        gives a suggester that has learnt nothing.
        """
        suggester = cls(categories)
        if state.get("version") == STATE_VERSION:
            suggester._learnt.restore(state)
        return suggester

    def _reasons(self, known: "_Evidence", learnt: "_Evidence", node: int) -> tuple[str, ...]:
        subject = self._tree.subject_of[node]
        weights: dict[str, float] = defaultdict(float)
        for part in (known, learnt):
            for row, word in enumerate(part.words):
                weights[word] += float(part.by_subject[row, subject] + part.by_node[row, node])
        least = SHOWN_PART * max(weights.values())
        spoke = [word for word in weights if weights[word] > max(least, 0)]
        return tuple(sorted(spoke, key=lambda word: -weights[word])[:SHOWN_WORDS])


class _Tree:
    """The codes, which subject each belongs to, and how evidence becomes shares."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = list(codes)
        self.index = {code: node for node, code in enumerate(self.codes)}
        subjects = {code: at for at, code in enumerate(dict.fromkeys(code.split(".")[0] for code in self.codes))}
        self.subject_of = np.array([subjects[code.split(".")[0]] for code in self.codes], dtype=np.intp)
        self.subjects = len(subjects)
        self.member = np.zeros((len(self.codes), self.subjects), dtype=np.float32)
        self.member[np.arange(len(self.codes)), self.subject_of] = 1
        parents = [self.index.get(code.rpartition(".")[0], -1) for code in self.codes]
        self.parent = np.array(parents, dtype=np.intp)
        self.inner = np.isin(np.arange(len(self.codes)), self.parent)
        # A case filed under a whole subject says nothing about the kinds within it.
        self.whole_subject = self.inner & (self.parent < 0)

    def nearest(self, code: str) -> int | None:
        while code and code not in self.index:
            code = code.rpartition(".")[0]
        return self.index.get(code)

    def shares(self, subjects: Floats, nodes: Floats) -> Floats:
        """The best kind of the best subject comes first: many weak kinds do not outvote it."""
        of_subject = np.exp(SHARPNESS * (subjects - subjects.max()))
        best = np.full(self.subjects, -np.inf, dtype=np.float32)
        np.maximum.at(best, self.subject_of, nodes)
        weights = of_subject[self.subject_of] * np.exp(SHARPNESS * (nodes - best[self.subject_of]))
        return np.asarray(weights / weights.sum(), dtype=np.float32)


@dataclass(frozen=True)
class _Reading:
    """A text prepared for comparison: simplified characters, title apart from body."""

    title: str
    body: str

    @classmethod
    def of(cls, text: str) -> "_Reading":
        folded = unicodedata.normalize("NFKC", UNSEEN.sub("", text[:TEXT_LIMIT])).lower()
        clean = to_simplified(folded[:TEXT_LIMIT]).strip()
        title, _, body = clean.partition("\n")
        return cls(title, body) if body and len(title) <= TITLE_LIMIT else cls("", clean)

    def words(self) -> dict[str, float]:
        """Weight of each word of two signs or more; the squares of the weights add up to 1."""
        counts: Counter[str] = Counter()
        for part, weight in ((self.title, TITLE_WEIGHT), (self.body, 1.0)):
            for word in rjieba.cut(part):
                if len(word) > 1 and not word.isascii():
                    counts[word] += weight  # type: ignore[assignment]
        weights = {word: math.log1p(count) for word, count in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()}


@dataclass(frozen=True)
class _Evidence:
    """What each word says for each subject and each node; rows as `words`."""

    words: list[str]
    by_subject: Floats
    by_node: Floats
    subjects: Floats = field(init=False)
    nodes: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "subjects", self.by_subject.sum(axis=0))
        object.__setattr__(self, "nodes", self.by_node.sum(axis=0))

    def __bool__(self) -> bool:
        return bool(self.by_subject.any() or self.by_node.any())

    def scaled(self, weight: float, tree: _Tree) -> "_Evidence":
        """With spread 1 over the subjects, and over the nodes, times `weight`; faint evidence stays fainter."""
        if not self:
            return self
        by_subject = self.by_subject * (weight / (float(self.subjects.std()) + FAINT))
        by_node = self.by_node * (weight / (float(self.nodes.std()) + FAINT))
        return _Evidence(self.words, by_subject, by_node)


class _KnownWords:
    """Names, key words and descriptions, each word with its weight for subjects and nodes."""

    def __init__(self, categories: Sequence[CategoryWords], tree: _Tree) -> None:
        self.tree = tree
        found: dict[str, dict[int, float]] = defaultdict(dict)
        for node, category in enumerate(categories):
            for word, weight in _profile(category).items():
                found[word][node] = weight
        self.row = {word: row for row, word in enumerate(found)}
        self.longest: dict[str, int] = defaultdict(int)
        for word in found:
            self.longest[word[0]] = max(self.longest[word[0]], len(word))
        own = np.zeros((len(found), len(categories)), dtype=np.float32)
        for row, weights in enumerate(found.values()):
            own[row, list(weights)] = list(weights.values())
        growth = np.array([(len(word) / 2) ** WORD_GROWTH for word in found], dtype=np.float32)[:, None]
        subjects = np.zeros((len(found), tree.subjects), dtype=np.float32)
        for node, subject in enumerate(tree.subject_of):
            np.maximum(subjects[:, subject], own[:, node], out=subjects[:, subject])
        self.by_subject = subjects * growth * _rarity(subjects)
        self.by_node = self._inherited(own * growth * _rarity(own))

    def evidence(self, reading: _Reading) -> _Evidence:
        strength: dict[str, float] = defaultdict(float)
        for _, word in self._matches(reading.title):
            strength[word] += TITLE_WEIGHT
        for at, word in self._matches(reading.body):
            strength[word] += math.exp(-at / READ_LENGTH)
        rows = [self.row[word] for word in strength]
        weights = np.log1p(np.array(list(strength.values()), dtype=np.float32))[:, None]
        found = _Evidence(list(strength), self.by_subject[rows] * weights, self.by_node[rows] * weights)
        return found.scaled(1.0, self.tree)

    def _matches(self, text: str) -> Iterable[tuple[int, str]]:
        """Known words from left to right, the longest at each place, none inside another."""
        at = 0
        while at < len(text):
            for length in range(self.longest.get(text[at], 0), 1, -1):
                if (word := text[at : at + length]) in self.row:
                    yield at, word
                    at += len(word) - 1
                    break
            at += 1

    def _inherited(self, own: Floats) -> Floats:
        whole = own.copy()
        whole[:, self.tree.inner] *= INNER_PART
        child = self.tree.parent >= 0
        whole[:, child] += PARENT_PART * own[:, self.tree.parent[child]]
        return whole


class _LearntWords:
    """Words of closed cases and how they spread over the categories."""

    def __init__(self, tree: _Tree) -> None:
        self.tree = tree
        self.row: dict[str, int] = {}
        self.counts = np.zeros((256, len(tree.codes)), dtype=np.float32)
        self.seen_in = np.zeros(256, dtype=np.int64)
        self.cases = np.zeros(len(tree.codes), dtype=np.int64)
        self.total = np.zeros(len(tree.codes), dtype=np.float32)  # of each column of counts

    def add(self, reading: _Reading, node: int) -> None:
        words = reading.words()
        self._make_room(len(words))
        rows = [self.row.setdefault(word, len(self.row)) for word in words]
        self.counts[rows, node] += np.array(list(words.values()), dtype=np.float32)
        self.total[node] += sum(words.values())
        self.seen_in[rows] += 1
        self.cases[node] += 1

    def evidence(self, reading: _Reading) -> _Evidence:
        words = {word: weight for word, weight in reading.words().items() if word in self.row}
        rows = [self.row[word] for word in words]
        weights = np.array(list(words.values()), dtype=np.float32)
        rarity = np.log((self.cases.sum() + 1) / (self.seen_in[rows] + 0.5)).astype(np.float32)
        strength = (weights * rarity)[:, None]
        counts, member = self.counts[rows], self.tree.member
        subjects = _complement(counts @ member, self.total @ member, self.cases @ member)
        nodes = _complement(counts, self.total, np.where(self.tree.whole_subject, 0, self.cases))
        trust = float(self.cases.sum() / (self.cases.sum() + CASES_FOR_HALF_TRUST))
        return _Evidence(list(words), subjects * strength, nodes * strength).scaled(trust, self.tree)

    def to_json(self) -> dict[str, Any]:
        words = list(self.row)
        row, column = np.nonzero(self.counts[: len(words)])
        return {
            "version": STATE_VERSION,
            "codes": self.tree.codes,
            "cases": self.cases.tolist(),
            "words": words,
            "seen_in": self.seen_in[: len(words)].tolist(),
            "cells": _packed(np.bincount(row, minlength=len(words)).astype("<u2")),
            "columns": _packed(column.astype("<u2")),
            "counts": _packed(self.counts[row, column].astype("<f4")),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        words = state["words"]
        self.row = {word: row for row, word in enumerate(words)}
        self._grow(len(words))
        self.seen_in[: len(words)] = state["seen_in"]
        places = [self.tree.nearest(code) for code in state["codes"]]
        target = np.array([-1 if place is None else place for place in places], dtype=np.intp)
        column = target[_unpacked(state["columns"], "<u2")]
        row = np.repeat(np.arange(len(words)), _unpacked(state["cells"], "<u2"))
        counts = _unpacked(state["counts"], "<f4")
        np.add.at(self.counts, (row[column >= 0], column[column >= 0]), counts[column >= 0])
        self.total = self.counts.sum(axis=0)
        np.add.at(self.cases, target[target >= 0], np.array(state["cases"], dtype=np.int64)[target >= 0])

    def _make_room(self, more: int) -> None:
        if len(self.row) + more > MOST_WORDS:
            self._forget_rare()
        self._grow(len(self.row) + more)

    def _grow(self, rows: int) -> None:
        if (missing := rows - len(self.counts)) > 0:
            extra = max(missing, min(len(self.counts), MOST_WORDS - len(self.counts)))
            self.counts = np.pad(self.counts, ((0, extra), (0, 0)))
            self.seen_in = np.pad(self.seen_in, (0, extra))

    def _forget_rare(self) -> None:
        kept = np.sort(np.argsort(-self.seen_in[: len(self.row)], kind="stable")[: MOST_WORDS * 3 // 4])
        words = list(self.row)
        self.row = {words[old]: new for new, old in enumerate(kept)}
        self.counts, self.seen_in = self.counts[kept], self.seen_in[kept]
        self.total = self.counts.sum(axis=0)


def _profile(category: CategoryWords) -> dict[str, float]:
    described = (word for word in rjieba.cut(to_simplified(category.description)) if len(word) > 1)
    weights = dict.fromkeys(described, DESCRIPTION_WEIGHT)
    for word in (category.name, *category.keywords.split(";")):
        folded = to_simplified(unicodedata.normalize("NFKC", word).lower()).strip()
        if len(folded) > 1:
            weights[folded] = 1.0
    return weights


def _rarity(weights: Floats) -> Floats:
    """How much a word (row) tells its columns apart: nothing when all have it."""
    spread = np.maximum(weights.sum(axis=1, keepdims=True), 1)
    return np.asarray(np.log(np.maximum(weights.shape[1] / spread, 1)), dtype=np.float32)


def _complement(counts: Floats, total: Floats, cases: NDArray[Any]) -> Floats:
    """How much rarer each word (row) is outside a class (column) than outside the mean class that has cases."""
    seen = cases > 0
    outside = total.sum() - total + 1
    weights = -np.log((counts.sum(axis=1, keepdims=True) - counts + SMOOTHING) / outside)
    if seen.any():
        weights -= weights[:, seen].mean(axis=1, keepdims=True)
    weights[:, ~seen] = 0
    return np.asarray(weights, dtype=np.float32)


def _packed(numbers: NDArray[Any]) -> str:
    return base64.b85encode(zlib.compress(numbers.tobytes(), 6)).decode("ascii")


def _unpacked(text: str, kind: str) -> NDArray[Any]:
    return np.frombuffer(zlib.decompress(base64.b85decode(text)), dtype=kind)
