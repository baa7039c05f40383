"""Tags of the desk's templates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from citong.core.cases.declare import Stage, State
from citong.kit.money import yuan_of
from citong.web.desk.rows import Flag
from citong.web.templatetags.citong_ui import due_words, icon, local_time

register = template.Library()


# A list shows these for each of its lines, where a template of its own for each would cost more than all the rest.


@register.simple_tag
def due(due_at: datetime | None, warn_at: datetime | None, now: datetime, *, open: bool = True) -> SafeString:
    """The chip that says how much time is left; nothing for what has ended."""
    if not open:
        return SafeString()
    if due_at is None:
        return format_html('<span class="pill">{}{}</span>', icon("clock-pause"), _("no clock"))
    tone = "late" if due_at <= now else "near" if warn_at is not None and warn_at <= now else "time"
    said = _("Due %(at)s") % {"at": local_time(due_at, "%Y-%m-%d %H:%M")}
    return format_html(
        '<span class="pill pill-{}">{}<time datetime="{}" title="{}">{}</time></span>',
        tone, icon("clock-exclamation" if tone == "late" else "clock"), due_at.isoformat(), said, due_words(due_at),
    )  # fmt: skip


@register.simple_tag
def state_pill(state: State) -> SafeString:
    """The state as a pill."""
    return format_html('<span class="pill state{}">{}</span>', "" if state.ends else " pill-calm", state.label)


@register.simple_tag
def flag_pills(flags: Sequence[Flag]) -> SafeString:
    """What is out of the ordinary, gravest first."""
    shown = ((flag.tone, icon(flag.icon), flag.label) for flag in flags)
    return format_html_join("", '<span class="pill flag pill-{}">{}{}</span>', shown)


@register.filter
def left_yuan(wanted: dict[str, int]) -> str:
    """What is left of entrusted money, in yuan."""
    return yuan_of(wanted.get("received", 0) - wanted.get("spent", 0) - wanted.get("returned", 0))


@register.inclusion_tag("web/desk/parts/stages.html")
def stages(state: State) -> dict[str, Any]:
    """The seven stages with the one the case is in."""
    order = list(Stage)
    here = order.index(state.stage)
    return {
        "stages": [(stage.label, "done" if n < here else "now" if n == here else "") for n, stage in enumerate(order)]
    }
