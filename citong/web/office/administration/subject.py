"""A subject of administration: a list and a form. Each page of settings declares one; the views are in `pages`."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.people.access import Actor

M = TypeVar("M")
R = TypeVar("R", bound=Model)
ROWS = 50
Asked = Mapping[str, str]


@dataclass(frozen=True)
class Column(Generic[M]):
    """A column of a list: what it says of a row, and in which tone ("", good, near, late)."""

    label: Words
    text: Callable[[M], Words]
    tone: Callable[[M], str] = lambda of: ""
    code: bool = False


@dataclass(frozen=True)
class Filter:
    """A choice above a list: its name in the address and its answers."""

    name: str
    label: Words
    choices: Sequence[tuple[str, Words]]


class ReasonForm(forms.Form):
    """Why something is changed; the ledger keeps it."""

    reason = forms.CharField(label=_("Reason, or who decided it"), max_length=200)


class Subject(ABC, Generic[M]):
    """What can be listed, added, changed and ended. `adds` and `ends` are the words on the buttons, empty for none."""

    code: ClassVar[str]
    label: ClassVar[Words]
    lead: ClassVar[Words]
    icon: ClassVar[str]
    columns: ClassVar[Sequence[Column[Any]]]
    searches: ClassVar[Words] = ""
    adds: ClassVar[Words] = ""
    ends: ClassVar[Words] = ""
    end_form: ClassVar[type[forms.Form]] = ReasonForm
    template: ClassVar[str] = "web/office/admin/form.html"
    rows: ClassVar[int] = ROWS

    @abstractmethod
    def listed(self, asked: Asked) -> Sequence[M]:
        """The rows after `asked["after"]`, in order, at most one more than a page."""

    @abstractmethod
    def find(self, key: str) -> M | None:
        """The one with this key, or None; one query."""

    @abstractmethod
    def key(self, of: M) -> str:
        """What names a row in addresses and orders it in the list."""

    def name(self, of: M) -> str:
        """What a person calls it."""
        return str(of)

    @abstractmethod
    def form(self, data: Any, *, of: M | None, asked: Asked) -> forms.Form | None:
        """The form to add one (`of` is None) or to change one; None where there is nothing to change."""

    @abstractmethod
    def save(self, data: Mapping[str, Any], *, of: M | None, actor: Actor) -> M:
        """What the form said is done. Raises NotElevated or ValueError."""

    def end(self, of: M, data: Mapping[str, Any], *, actor: Actor) -> None:
        """It holds no longer. Raises NotElevated or ValueError."""
        raise ValueError(_("This can not be ended."))

    def after(self, of: M) -> str:
        """Where a page ends: the next one begins after it."""
        return self.key(of)

    def filters(self) -> Sequence[Filter]:
        """Choices above the list."""
        return ()

    def trail(self, asked: Asked) -> Sequence[tuple[Words, str]]:
        """The way up from a list that shows a part of a tree: label and address part."""
        return ()

    def below(self, of: M) -> str:
        """The address part of the list of what lies below a row, or empty."""
        return ""

    def more(self, of: M, actor: Actor) -> Mapping[str, Any]:
        """What the page of one shows besides its form."""
        return {}


def following(found: QuerySet[R], field: str, asked: Asked, *, rows: int = ROWS) -> list[R]:
    """A page of the rows by a unique field, with one more to tell that there are more; one query."""
    after = asked.get("after", "")
    ordered = found.order_by(field).filter(**{f"{field}__gt": after}) if after else found.order_by(field)
    return list(ordered[: rows + 1])
