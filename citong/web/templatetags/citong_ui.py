"""What every template may use without loading it: icons, built files, times in the city's zone."""

import hashlib
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from citong.core.places.current import NoCity, zone

register = template.Library()
MINUTE, HOUR, DAY = 60, 3_600, 86_400  # seconds


@register.simple_tag
def built(name: str) -> str:
    """Address of a built file with the hash of its content, so that browsers may keep it for a year."""
    return _address(name) if not settings.DEBUG else _address.__wrapped__(name)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One icon of the sprite; decoration only, the words stand beside it."""
    return _icon(name) if not settings.DEBUG else _icon.__wrapped__(name)


@lru_cache(maxsize=500)
def _icon(name: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', built("icons.svg"), name)


@register.filter
def local_time(at: datetime | None, pattern: str = "%m-%d %H:%M") -> str:
    """The moment on the city's own clock."""
    return at.astimezone(_zone()).strftime(pattern) if at else ""


@register.filter
def ago(at: datetime | None) -> str:
    """How long ago, in one unit."""
    if at is None:
        return ""
    seconds = int((timezone.now() - at).total_seconds())
    if seconds < 60:
        return _("just now")
    return _("%(span)s ago") % {"span": _span(seconds)}


@register.filter
def due_words(at: datetime | None) -> str:
    """How much time is left, or how late it is, in one unit."""
    if at is None:
        return ""
    seconds = int((at - timezone.now()).total_seconds())
    words = _span(abs(seconds))
    return _("%(span)s left") % {"span": words} if seconds > 0 else _("%(span)s late") % {"span": words}


@register.filter
def named(thing: object) -> str:
    """The name of a thing of the city in the reader's language, where it has one."""
    english = getattr(thing, "name_en", "")
    return english if english and (get_language() or "").startswith("en") else getattr(thing, "name", "") or ""


@register.filter
def kind_of(field: BoundField) -> str:
    """Which shape a form field is drawn in: choices, switch, hidden or plain."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "switch" if isinstance(widget, CheckboxInput) else "plain"


@register.simple_tag
def drawn(field: BoundField) -> SafeString:
    """The field's control with its class, and tied to its help and faults for screen readers."""
    attrs: dict[str, str | bool] = {
        "class": "form-select" if "Select" in type(field.field.widget).__name__ else "form-control"
    }
    described = [f"{field.id_for_label}_help"] * bool(field.help_text) + [f"{field.id_for_label}_fault"] * bool(
        field.errors
    )
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


def _span(seconds: int) -> str:
    if seconds >= DAY:
        return ngettext("%(n)d day", "%(n)d days", seconds // DAY) % {"n": seconds // DAY}
    if seconds >= HOUR:
        return ngettext("%(n)d hour", "%(n)d hours", seconds // HOUR) % {"n": seconds // HOUR}
    minutes = max(seconds // MINUTE, 1)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def _zone() -> tzinfo:
    try:
        return zone()
    except NoCity:
        return timezone.get_current_timezone()


@lru_cache(maxsize=64)
def _address(name: str) -> str:
    found = finders.find(f"built/{name}")
    digest = hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10] if isinstance(found, str) else "0"
    return f"{static(f'built/{name}')}?v={digest}"
