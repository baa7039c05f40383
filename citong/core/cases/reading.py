"""How the beginning of a case's history is told, and which of its words are meant for its reporter."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Act, Tell, Words

# Entries that begin a case and are no acts of a declaration.
BEGINNINGS: Mapping[str, Words] = {
    "open": _("The report was received and placed."),
    "import": _("The report was moved in from another system."),
}
FOR_THE_REPORTER = ("reason", "result")  # what a post writes under these names is meant to be read


def words_for_reporter(declared: Act | None, content: Mapping[str, Any], *, own: bool) -> list[str]:
    """The words of one entry that its reporter may read: all of their own, and the reasons and results of acts
    that tell the reporter; a note only where the act ends the case. `declared` is None for what is no act."""
    if own:
        return [str(value) for value in content.values()]
    if declared is None or Tell.REPORTER not in declared.tells:
        return []
    ending = declared.target is not None and declared.target.ends
    names = (*FOR_THE_REPORTER, "note") if ending else FOR_THE_REPORTER
    return [str(content[name]) for name in names if content.get(name)]
