"""What a kind of record declares: its fields, and for each how it is kept, merged, masked, and shown on a phone.

Pages, API, imports, the phone's forms and the rules of merging follow from it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from django import forms

from citong.core.cases.declare import Words
from citong.kit.merging import Merge
from citong.kit.text import alike


class OnPhone(StrEnum):
    """How much of a sealed field a grid worker's phone holds."""

    WHOLE = "whole"  # shown there on a stated purpose
    NEVER = "never"


@dataclass(frozen=True)
class Known:
    """One field of a kind.

    `sealed` is encrypted where it is kept, masked by `mask` on screen and whole only on a purpose. `key` names the
    sort of blind key by which the exact value is found; `normal` brings a value into the form in which it is compared.
    """

    field: forms.Field
    merge: Merge = Merge.FIELD
    sealed: bool = False
    on_phone: OnPhone = OnPhone.WHOLE
    key: str = ""
    mask: Callable[[str], str] = lambda value: "•" * 4
    normal: Callable[[str], str] = alike


@dataclass(frozen=True)
class Twins:
    """Fields whose equality makes two records of a kind look like one; `reason` says so. The first of a kind is the
    strongest. `needs` must be filled for it to say anything; the others may be empty in both."""

    code: str
    fields: tuple[str, ...]
    reason: Words
    needs: tuple[str, ...] = ()

    def asks(self) -> tuple[str, ...]:
        return self.needs or self.fields


class RecordKind:
    """A kind of record. Its fields are class attributes of type `Known`, in the order in which they are asked."""

    code: ClassVar[str]
    label: ClassVar[Words]
    plural: ClassVar[Words]
    icon: ClassVar[str]
    twins: ClassVar[Sequence[Twins]] = ()
    known: ClassVar[Mapping[str, Known]]
    form: ClassVar[type[forms.Form]]

    def __init_subclass__(cls) -> None:
        cls.known = {name: value for name, value in vars(cls).items() if isinstance(value, Known)}
        for name, known in cls.known.items():
            if known.sealed and not isinstance(known.field, forms.CharField):
                raise TypeError(f"{cls.__name__}.{name}: only text can be sealed; make it a CharField.")
        fields: dict[str, Any] = {name: known.field for name, known in cls.known.items()}

        def clean(self: forms.Form) -> dict[str, Any]:
            data = forms.Form.clean(self) or {}
            cls.check(data, self.add_error)
            return data

        cls.form = type(f"{cls.__name__}Form", (forms.Form,), {**fields, "clean": clean})

    @classmethod
    def name_of(cls, values: Mapping[str, Any]) -> str:
        """How lists show a record with these values."""
        return str(values.get("name", ""))

    @classmethod
    def shown_name(cls, name: str) -> str:
        """The name in the reader's language."""
        return name

    @classmethod
    def check(cls, data: dict[str, Any], wrong: Callable[[str, Any], None]) -> None:
        """What must hold between fields; `wrong(field, sentence)` says what does not."""

    @classmethod
    def rules(cls) -> dict[str, Merge]:
        """Field to its rule of merging."""
        return {name: known.merge for name, known in cls.known.items()}


@dataclass(frozen=True)
class TieKind:
    """A way in which a record of one of the kinds `subject` belongs to one of the kinds `object`."""

    code: str
    label: Words
    back: Words  # the same, told from the other end
    subject: tuple[str, ...]
    object: tuple[str, ...]
    houses: bool = False  # whether the subject is found where the object is
