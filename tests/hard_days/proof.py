"""What must hold after a hard day, whatever was killed when. Each check yields a sentence for each thing that is wrong.

Reads the house's database through the models (`town.open_django` first). Expectations come from the clients' journal
and from the ledger, never from the tables that are checked.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from uuid import UUID

from citong.core.cases.models import Case, Submission
from citong.core.files.models import Attachment
from citong.core.files.store import path_of
from citong.core.flow.receipt import receipt_actor
from citong.core.ledger.models import Content, Entry
from citong.core.search.models import Document
from tests.hard_days.expected_clocks import clock_faults
from tests.hard_days.expected_notices import letter_faults, notice_faults
from tests.hard_days.load import Command, Journal

History = Mapping[UUID, Sequence[Entry]]


def faults(journal: Journal, *, mail: Path, kills: Mapping[str, int]) -> list[str]:
    """Every sentence about what does not hold."""
    cases = {case.id: case for case in Case.objects.select_related("desk", "handling_unit")}
    history = _history()
    return list(
        chain(
            journal.faults,
            _opened_once(journal, cases),
            _done_once(journal, cases, history),
            _words_once(journal),
            _commands_once(journal),
            _whole(cases, history),
            _files_there(),
            clock_faults(cases, history),
            notice_faults(cases, history),
            letter_faults(mail, most_twice=sum(kills.values())),
        )
    )


def _history() -> History:
    found = defaultdict[UUID, list[Entry]](list)
    for entry in Entry.objects.filter(kind="case").order_by("subject", "position").iterator():
        found[entry.subject].append(entry)
    return found


def _opened_once(journal: Journal, cases: Mapping[UUID, Case]) -> Iterator[str]:
    """Each answered opening is one case, under the number that was answered, and its receipt opens it."""
    titles = Counter(case.title for case in cases.values())
    by_number = {case.number: case for case in cases.values()}
    openings = [command for command in journal.commands if command.act == "open" and command.done]
    for command in openings:
        case = by_number.get(command.number)
        if case is None or titles[command.body["title"]] != 1 or case.title != command.body["title"]:
            yield f"{command.number} was answered and there are {titles[command.body['title']]} cases of its title"
        elif receipt_actor(command.number, command.answer["secret"]) is None:
            yield f"the receipt of {command.number} does not open it"
    if len(cases) != len(openings):
        yield f"{len(openings)} openings were answered and there are {len(cases)} cases"


def _done_once(journal: Journal, cases: Mapping[UUID, Case], history: History) -> Iterator[str]:
    """What people did to each case is what was answered, act by act."""
    answered = Counter((c.number, c.act) for c in journal.commands if c.done)
    numbers = {id: case.number for id, case in cases.items()}
    recorded = Counter((numbers[e.subject], e.act) for entries in history.values() for e in entries if not _alone(e))
    for what in answered.keys() | recorded.keys():
        if answered[what] != recorded[what]:
            yield f"{what[1]} on {what[0]} was answered {answered[what]} times and stands {recorded[what]} times"


def _words_once(journal: Journal) -> Iterator[str]:
    """The words of each command stand in the ledger once; those of a refused one not at all."""
    found = Counter(
        value for body in Content.objects.values_list("body", flat=True) for value in (body or {}).values()
    )  # fmt: skip
    for command in journal.commands:
        if command.act == "open" or command.key not in command.body.values():
            continue
        if found[command.key] != int(command.done):
            yield f"the words of {command.act} on {command.number} ({command.status}) stand {found[command.key]} times"


def _commands_once(journal: Journal) -> Iterator[str]:
    """As many commands are noted as were answered, each for the case and act it was for."""
    noted = Counter(Submission.objects.values_list("act", flat=True))
    answered = Counter(command.act for command in journal.commands if command.done)
    if noted != answered:
        yield f"commands noted {dict(noted)} and answered {dict(answered)} differ"


def _whole(cases: Mapping[UUID, Case], history: History) -> Iterator[str]:
    """No row of a half-done act: a case is where its history says, can be found, and every history has its case."""
    found = set(Document.objects.filter(kind="case").values_list("subject", flat=True))
    for id in history.keys() - cases.keys():
        yield f"there is a history of {id} and no case"
    for id in found ^ cases.keys():
        yield f"{id} is in the search index or among the cases, not both"
    for id, case in cases.items():
        entries = history.get(id, ())
        states = [entry.facts["to"] for entry in entries if "to" in entry.facts]
        if case.position != len(entries) or not states or states[-1] != case.state:
            yield f"{case.number} is {case.state} at {case.position} and its history says {states} in {len(entries)}"
        if entries and case.changed_at < entries[-1].at:
            yield f"{case.number} was changed by an act that did not change it"


def _files_there() -> Iterator[str]:
    for attachment in Attachment.objects.select_related("file"):
        path = path_of(attachment.file_id)
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != attachment.file_id:
            yield f"the file {attachment.file_id} is not there as it was sent"
        if not Entry.objects.filter(pk=attachment.entry).exists():
            yield f"the file {attachment.file_id} hangs on no entry"


def _alone(entry: Entry) -> bool:
    """Whether the platform acted by itself."""
    return entry.post == "system"


def answered(commands: Sequence[Command]) -> str:
    """A line about what was done."""
    again = sum(bool(command.answer.get("again")) for command in commands)
    return f"{len(commands)} commands answered, {again} of them had been done before their answer was heard"
