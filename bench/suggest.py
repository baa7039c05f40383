"""How often the suggested subject is the right one: cold, and after learning from four fifths of the messages.

    python bench/suggest.py MESSAGES.csv [--categories cities/quanzhou/categories.csv] [--wrong WRONG.csv]

MESSAGES has the columns id, title, text, level1 (the name of a subject, that is of a top category).
"""

import argparse
import csv
import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from citong.kit.suggest import CategoryWords, Suggester, Suggestion

FOLDS = 5
SEEDS = (1, 2, 3)
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Message:
    id: str
    text: str
    subject: str


@dataclass(frozen=True)
class Answer:
    message: Message
    subject: str
    suggestions: list[Suggestion]

    @property
    def right(self) -> bool:
        return self.subject == self.message.subject


def main() -> None:
    options = _options()
    rows = _read(options.categories)
    categories = [CategoryWords(row["code"], row["name"], row["description"], row["keywords"]) for row in rows]
    names = {row["code"]: row["name"] for row in rows if not row["parent"]}
    messages = [
        Message(row.get("id") or str(number), f"{row['title'].strip()}\n{row['text'].strip()}", row["level1"])
        for number, row in enumerate(_read(options.messages), 1)
    ]
    unknown = {message.subject for message in messages} - set(names.values())
    if unknown:
        raise SystemExit(f"No top category has the name {', '.join(sorted(unknown))}: use --categories.")
    cold = _answers(Suggester(categories), messages, names)
    learnt = [_cross_checked(categories, messages, names, seed=seed) for seed in SEEDS]
    _report("cold", cold)
    print(f"after learning from {FOLDS - 1} of {FOLDS} folds, seeds {SEEDS}:", *map(_accuracy, learnt))
    _report(f"learnt, seed {SEEDS[0]}", learnt[0])
    _time(categories, messages)
    if options.wrong:
        _write_wrong(options.wrong, {"cold": cold, "learnt": learnt[0]})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("messages", type=Path)
    parser.add_argument("--categories", type=Path, default=ROOT / "cities/quanzhou/categories.csv")
    parser.add_argument("--wrong", type=Path, help="write the wrong answers to this CSV file")
    return parser.parse_args()


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _answers(suggester: Suggester, messages: Sequence[Message], names: dict[str, str]) -> list[Answer]:
    answers = []
    for message in messages:
        found = suggester.suggest(message.text)
        subject = names[found[0].code.split(".")[0]] if found else "(none)"
        answers.append(Answer(message, subject, found))
    return answers


def _cross_checked(
    categories: Sequence[CategoryWords], messages: Sequence[Message], names: dict[str, str], *, seed: int
) -> list[Answer]:
    """Each message answered by a suggester that has learnt the other folds; folds stratified by subject."""
    codes = {name: code for code, name in names.items()}
    answers: list[Answer] = []
    folds = _folds(messages, seed=seed)
    for held in range(FOLDS):
        suggester = Suggester(categories)
        rest = [message for message in messages if folds[message.id] != held]
        suggester.learn((message.text, codes[message.subject]) for message in rest)
        answers += _answers(suggester, [one for one in messages if folds[one.id] == held], names)
    return answers


def _folds(messages: Sequence[Message], *, seed: int) -> dict[str, int]:
    by_subject: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        by_subject[message.subject].append(message.id)
    folds: dict[str, int] = {}
    for subject in sorted(by_subject):
        ids = by_subject[subject]
        random.Random(seed).shuffle(ids)
        folds |= {id: place % FOLDS for place, id in enumerate(ids)}
    return folds


def _accuracy(answers: Sequence[Answer]) -> str:
    return f"{sum(answer.right for answer in answers) / len(answers):.1%}"


def _report(title: str, answers: Sequence[Answer]) -> None:
    print(f"\n{title}: {_accuracy(answers)} of {len(answers)} right at the subject")
    told = Counter((answer.message.subject, answer.subject) for answer in answers)
    true = Counter(answer.message.subject for answer in answers)
    for subject, count in true.most_common():
        others = [f"{said} {told[subject, said]}" for said in _said(told, subject) if said != subject]
        print(f"  {subject}  {told[subject, subject]}/{count}  instead: {', '.join(others) or '-'}")


def _said(told: Counter[tuple[str, str]], subject: str) -> list[str]:
    return [said for (true, said), _ in told.most_common() if true == subject]


def _time(categories: Sequence[CategoryWords], messages: Sequence[Message]) -> None:
    suggester = Suggester(categories)
    suggester.learn((message.text, categories[0].code) for message in messages)
    began = time.perf_counter()
    for message in messages:
        suggester.suggest(message.text)
    spent = (time.perf_counter() - began) / len(messages)
    print(f"\n{spent * 1000:.2f} ms per suggestion over {len(categories)} categories")


def _write_wrong(path: Path, runs: dict[str, list[Answer]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["run", "id", "true", "said", "code", "words"])
        for run, answers in runs.items():
            for one in answers:
                if not one.right:
                    first = one.suggestions[0] if one.suggestions else Suggestion("", 0.0, ())
                    words = " ".join(first.words)
                    writer.writerow([run, one.message.id, one.message.subject, one.subject, first.code, words])


if __name__ == "__main__":
    main()
