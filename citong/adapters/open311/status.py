"""Internal states in the words of others: open or closed, and the extended status that mySociety's software knows."""

from citong.core.cases.declare import REPORTER, CaseType, Does, Stage, State

# https://github.com/mysociety/fixmystreet: the states its Open311 updates understand, in lower case.
EXTENDED = frozenset(
    {
        "open", "closed", "fixed", "in_progress", "planned", "action_scheduled", "investigating", "duplicate",
        "not_councils_responsibility", "no_further_action", "internal_referral", "for_triage", "reopen", "cancelled",
        "unchanged",
    }
)  # fmt: skip
BY_STAGE = {
    Stage.COLLECTION: "open", Stage.FILING: "open", Stage.DISPATCH: "investigating", Stage.HANDLING: "in_progress",
    Stage.FEEDBACK: "in_progress", Stage.VERIFICATION: "in_progress", Stage.EVALUATION: "closed",
}  # fmt: skip
BEFORE_HANDLING = frozenset({Stage.COLLECTION, Stage.FILING})


def plain_status(state: State) -> str:
    """open or closed."""
    return "closed" if state.ends else "open"


def extended_status(kind: type[CaseType], state: State) -> str:
    """What the state says to mySociety's software, found from the declaration alone."""
    leading = [act for act in kind.acts.values() if act.target is state]
    if not state.ends or not leading:
        return BY_STAGE[state.stage] if not state.ends else "closed"
    if any(act.does == Does.MERGE for act in leading):
        return "duplicate"
    if all(set(act.by) == {REPORTER} for act in leading):
        return "cancelled"
    unhandled = all(source.stage in BEFORE_HANDLING for act in leading for source in act.source)
    return "no_further_action" if unhandled else "closed"
