"""Tags of the desk's templates."""

from datetime import datetime
from typing import Any

from django import template

from citong.core.cases.declare import Stage, State

register = template.Library()


@register.inclusion_tag("web/desk/parts/due.html")
def due(due_at: datetime | None, warn_at: datetime | None, now: datetime, *, open: bool = True) -> dict[str, Any]:
    """The chip that says how much time is left; nothing for what has ended."""
    tone = ""
    if open and due_at is not None:
        tone = "late" if due_at <= now else "near" if warn_at is not None and warn_at <= now else "time"
    return {"due_at": due_at, "tone": tone, "open": open}


@register.inclusion_tag("web/desk/parts/stages.html")
def stages(state: State) -> dict[str, Any]:
    """The seven stages with the one the case is in."""
    order = list(Stage)
    here = order.index(state.stage)
    return {
        "stages": [(stage.label, "done" if n < here else "now" if n == here else "") for n, stage in enumerate(order)]
    }
