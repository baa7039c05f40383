"""Adding to a case what another program has to say: by the act with which a reporter tells the desk more."""

from typing import Any

from citong.core.cases.declare import REPORTER, Act, Does, Tell
from citong.core.cases.models import Case
from citong.core.flow.act import Done, act, possible
from citong.core.flow.receipt import holder_of


def note_down(case: Case, words: str, *, files: Any = None, key: str = "") -> Done | None:
    """The words stand in the case's history and its desk hears of them; None where the case takes none any more.

    `key` names the command: sent twice it is done once. Raises Invalid.
    """
    actor = holder_of(case.id)
    declared = next((one for one in possible(case, actor) if _takes_a_note(one)), None)
    if declared is None:
        return None
    return act(case.id, declared.name, {"note": words}, files=files, actor=actor, key=key)


def _takes_a_note(declared: Act) -> bool:
    if REPORTER not in declared.by or Tell.DESK not in declared.tells or declared.does != Does.NOTHING:
        return False
    fields = declared.form.base_fields if declared.form else {}
    return "note" in fields and all(name == "note" or not field.required for name, field in fields.items())
