"""The write door of the register: nothing else changes records, ties and proposals, but `bulk` for whole tables.

All of it takes `rows` of a surrounding command, or runs in a transaction of its own; and raises the refusals of
citong.core.people.refusal, each a sentence for the sender.
"""

from citong.core.register.changing import Change, Changed, change, change_all
from citong.core.register.deciding import decide
from citong.core.register.making import New, end, move, record, record_all, resume
from citong.core.register.tying import tie, untie
from citong.core.register.uniting import merge, unmerge

__all__ = [
    "Change", "Changed", "New", "change", "change_all", "decide", "end", "merge", "move", "record", "record_all",
    "resume", "tie", "unmerge", "untie",
]  # fmt: skip
