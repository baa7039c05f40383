"""Form parts every service builds its forms from: the one source of validation for page, API and phone."""

import base64
import binascii
import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar

from django import forms
from django.core.files.base import File
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from PIL import Image

from citong.core.cases.models import Case, Category
from citong.core.cases.registry import case_types
from citong.core.files.store import Cleaned, Refused, clean
from citong.core.people.access import ANYBODY, Actor
from citong.core.people.models import Unit
from citong.core.places.current import city
from citong.kit.money import fen_of, yuan_of
from citong.kit.text import plain

TITLE_LENGTH = 80
MOST_PHOTOS = 6
MOST_YUAN = 20_000
LARGEST_SIGNATURE = 60_000  # bytes of the data URL
SIGNATURE_SIDES = (1600, 800)
LEAST_INK = 60  # pixels: a dot made by chance is no name
PNG_URL = "data:image/png;base64,"
LONGEST_TEXT = 4000


class _AsDeclared(dict[str, forms.Field]):
    """The declared fields themselves, for a form that nobody draws: to copy them takes longer than to ask them."""

    def __deepcopy__(self, _memo: Any) -> dict[str, forms.Field]:
        return dict(self)


class ActForm(forms.Form):
    """A form of an act. `case` is the case it is about (None at intake), `actor` whoever fills it in.

    Free text becomes content of the ledger entry (erasable), everything else its facts. A form that is not `shown` is
    only asked what it makes of some data. What is `personal` stays out of the ledger: the act keeps it elsewhere.
    """

    personal: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self, data: Any = None, *, case: Case | None = None, actor: Actor = ANYBODY, shown: bool = True, **rest: Any
    ) -> None:  # fmt: skip
        if not shown and type(self).prepare is ActForm.prepare:
            vars(self)["base_fields"] = _AsDeclared(self.base_fields)  # this form's alone
        super().__init__(data, **rest)
        self.case, self.actor, self.shown = case, actor, shown
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices that depend on case or actor."""


class WordsField(forms.CharField):
    """Free text as people write it: cleaned of control characters, never cut."""

    widget: ClassVar[type[forms.Widget] | forms.Widget] = forms.Textarea(attrs={"rows": 4})  # type: ignore[misc]

    def __init__(self, *, max_length: int = LONGEST_TEXT, **rest: Any) -> None:
        self.longest = max_length
        super().__init__(**rest)
        if not isinstance(self.widget, forms.Textarea):  # there a browser would cut what is pasted without a word
            self.widget.attrs.setdefault("maxlength", max_length)

    def clean(self, value: Any) -> str:
        try:
            value = plain(str(value or ""), self.longest)
        except ValueError:
            raise forms.ValidationError(
                _("This text is longer than %(most)d characters: please shorten it.") % {"most": self.longest}
            ) from None
        return str(super().clean(value))


class LineField(WordsField):
    """One line of free text."""

    widget: ClassVar[type[forms.Widget] | forms.Widget] = forms.TextInput()  # type: ignore[misc]

    def clean(self, value: Any) -> str:
        return " ".join(super().clean(value).split())


class PhotosInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class PhotosField(forms.FileField):
    """Up to six photos or papers, each checked by content and cleaned. Yields a list of `Cleaned`."""

    widget = PhotosInput(attrs={"accept": "image/*,application/pdf", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Cleaned]:
        uploads: Sequence[File[bytes]] = [d for d in (data if isinstance(data, list | tuple) else [data]) if d]
        if self.required and not uploads:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(uploads) > MOST_PHOTOS:
            raise forms.ValidationError(_("At most %(most)d files at a time.") % {"most": MOST_PHOTOS})
        try:
            return [clean(upload) for upload in uploads]
        except Refused as fault:
            raise forms.ValidationError(str(fault)) from fault


class MoneyField(forms.Field):
    """An amount in yuan with two decimals at most; yields fen."""

    phone_type = "money"
    example: ClassVar[str] = "12.50"

    def __init__(self, *, most: int = MOST_YUAN, **rest: Any) -> None:
        self.most = most
        attrs = {"inputmode": "decimal", "autocomplete": "off", "placeholder": "0.00"}
        super().__init__(widget=forms.TextInput(attrs=attrs), **rest)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        try:
            fen = fen_of(str(value))
        except ValueError:
            raise forms.ValidationError(_("Write the amount in yuan, such as 12.50.")) from None
        if not 0 < fen <= self.most * 100:
            limits = {"most": self.most}
            raise forms.ValidationError(_("The amount must be more than nothing and at most %(most)d yuan.") % limits)
        return fen

    def said(self, value: Any) -> str:
        """The amount as people read it."""
        return _("%(amount)s yuan") % {"amount": yuan_of(int(value))}


class SignatureInput(forms.TextInput):
    """Drawn with a finger, pen or mouse; assets/src/signature.js makes the pad. Travels as the data URL of a PNG, or as
    a file: a phone sends what was drawn on it, or a photo of what was signed on paper."""

    def __init__(self) -> None:
        super().__init__(attrs={"data-signature": "", "autocomplete": "off"})

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        words = {"data-clear": _("Clear"), "data-hint": _("Sign here with a finger, pen or mouse")}
        return super().build_attrs(base_attrs, extra_attrs) | {name: str(said) for name, said in words.items()}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return (files and files.get(name)) or super().value_from_datadict(data, files, name)


class SignatureField(forms.Field):
    """A signature somebody drew. Yields it as `Cleaned`, drawn anew in grey; the act's record hangs it on the case."""

    widget = SignatureInput
    phone_type = "signature"

    def to_python(self, value: Any) -> Cleaned | None:
        if value in self.empty_values:
            return None
        if isinstance(value, File):
            return _photographed(value)
        drawn = _drawn(str(value))
        if drawn is None:
            raise forms.ValidationError(_("This is no signature: please sign once more."))
        out = io.BytesIO()
        drawn.save(out, "PNG", optimize=True)
        return Cleaned(out.getvalue(), "image/png", "signature.png", drawn.width, drawn.height)

    @property
    def example(self) -> str:
        """A stroke, for tests and trials."""
        stroke, out = Image.new("L", (240, 80), 255), io.BytesIO()
        stroke.paste(0, (20, 38, 220, 42))
        stroke.save(out, "PNG")
        return PNG_URL + base64.b64encode(out.getvalue()).decode()


def _photographed(upload: "File[bytes]") -> Cleaned:
    try:
        return clean(upload)
    except Refused as fault:
        raise forms.ValidationError(str(fault)) from fault


def _drawn(url: str) -> Image.Image | None:
    """The drawing in grey on white; None for what is none, is too large, or has too little ink."""
    if not url.startswith(PNG_URL) or len(url) > LARGEST_SIGNATURE:
        return None
    try:
        data = base64.b64decode(url.removeprefix(PNG_URL), validate=True)
        with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
            if image.width > SIGNATURE_SIDES[0] or image.height > SIGNATURE_SIDES[1]:
                return None
            ink = image.convert("RGBA")
    except (binascii.Error, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    paper = Image.new("RGBA", ink.size, "white")
    grey = Image.alpha_composite(paper, ink).convert("L")
    return grey if sum(grey.histogram()[:128]) >= LEAST_INK else None


class OpeningForm(ActForm):
    """A form that opens a case: its title may follow from its words, and its place may be told in three ways.

    Whoever wants to be told by a channel must say how they are reached by it (`reached_by`: channel to field).
    """

    reached_by: ClassVar[dict[str, str]] = {"sms": "phone"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("text") and not data.get("title"):
            data["title"] = str(data["text"]).splitlines()[0][: TITLE_LENGTH - 1].rstrip()
        if (data.get("lon") is None) != (data.get("lat") is None):
            self.add_error("address", _("A point needs both longitude and latitude."))
        if data.get("lon") is None and not data.get("address") and not data.get("grid"):
            self.add_error("address", _("Say where it is: on the map, in words, or by the grid's code."))
        for channel, name in self.reached_by.items():
            if channel in (data.get("channels") or []) and not data.get(name):
                self.add_error(name, _("Needed so that we can tell you."))
        return data


class ReasonForm(ActForm):
    reason = WordsField(label=_("Reason"))


class NoteForm(ActForm):
    note = WordsField(label=_("Note"))
    photos = PhotosField(label=_("Photos"), required=False)


class TurnForm(ActForm):
    """Which service goes on with the matter: one that takes matters of others, and that this person may open."""

    service = forms.ChoiceField(label=_("It goes on as"), choices=lambda: takers(), widget=forms.RadioSelect)
    reason = WordsField(label=_("Reason"))

    def prepare(self) -> None:
        field = self.fields["service"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = takers(self.actor.posts())
        if len(field.choices) == 1:
            self.initial = {"service": field.choices[0][0], **self.initial}


def takers(posts: frozenset[str] | None = None) -> list[tuple[str, Any]]:
    """The services that take matters of others, as choices; with `posts` those that one of these may open."""
    kinds = (kind for kind in case_types().values() if kind.opening.takes is not None)
    return [
        (kind.code, kind.label) for kind in kinds if posts is None or any(who.post in posts for who in kind.opening.by)
    ]


def units_around(case: Case | None) -> QuerySet[Unit]:
    """Units that may take the case: those of its community, street and district, and the city's own."""
    near = Q(level="city")
    if case is not None:
        for level in ("district", "street", "community"):
            near |= Q(level=level, division__code=getattr(case, level))
    return Unit.objects.filter(near, ends_on=None).exclude(function="centre").order_by("level", "name")


def without_nul(value: Any) -> Any:
    """The value; a code with a NUL, which the database can not even look for, becomes one that nothing has."""
    if isinstance(value, list | tuple):
        return [without_nul(one) for one in value]
    return value.replace("\0", "?") if isinstance(value, str) else value


class UnitsField(forms.ModelMultipleChoiceField[Unit]):
    """Several units around the case."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(Unit.objects.none(), to_field_name="code", widget=forms.CheckboxSelectMultiple, **rest)

    def clean(self, value: Any) -> Any:
        return super().clean(without_nul(value))


class UnitField(forms.ModelChoiceField[Unit]):
    """One unit around the case."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(Unit.objects.none(), to_field_name="code", **rest)

    def to_python(self, value: Any) -> Any:
        return super().to_python(without_nul(value))


@lru_cache(maxsize=4)
def categories(_city: str, _version: int) -> dict[str, Category]:
    """Every category in force by its code, as the city's version has them."""
    return {category.code: category for category in Category.objects.filter(ends_on=None)}


class CategoryField(forms.ModelChoiceField[Category]):
    """One category in force, by its code; no query where the city has not changed. `among`: others than these."""

    def __init__(self, *, among: QuerySet[Category] | None = None, **rest: Any) -> None:
        self.in_force = among is None
        super().__init__(Category.objects.filter(ends_on=None).order_by("order") if among is None else among, **rest)

    def to_python(self, value: Any) -> Any:
        if not self.in_force:
            return super().to_python(without_nul(value))
        if value in self.empty_values:
            return None
        found = categories(city().code, city().version).get(str(value))
        if found is None:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
            )
        return found

    def label_from_instance(self, obj: Any) -> str:
        name = obj.name_en if get_language() == "en" and obj.name_en else obj.name
        return str("\u3000" * obj.code.count(".") + name)
