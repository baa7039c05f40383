"""Kinds of matter: the tree, and what the suggestion of kinds reads."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citong.core.cases import settings
from citong.core.cases.declare import Words
from citong.core.cases.models import Category
from citong.core.cases.settings import CategoryTerms
from citong.core.people.access import Actor
from citong.core.people.models import Unit
from citong.web.office.administration.subject import Asked, Column, ReasonForm, Subject, following
from citong.web.public.names import kind_name

SEGMENT = RegexValidator(r"^[a-z][a-z0-9_]{1,30}$", _("Small letters, digits and _ alone."))
WORDS_OF_TERMS = tuple(CategoryTerms.__annotations__)


class CategoryForm(ReasonForm):
    segment = forms.CharField(label=_("Code within the kind above"), max_length=31, validators=[SEGMENT])
    name = forms.CharField(label=_("Name"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    description = forms.CharField(
        label=_("Description"), widget=forms.Textarea(attrs={"rows": 3}), required=False,
        help_text=_("The suggestion of kinds reads this: say it as people would report it."),
    )  # fmt: skip
    keywords = forms.CharField(
        label=_("Key words, apart by ;"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    function = forms.ChoiceField(label=_("Profession that handles it"), required=False)
    public = forms.BooleanField(label=_("May be shown on the public map"), required=False)
    urgent = forms.BooleanField(label=_("Urgent by its nature"), required=False)
    field_order = ("segment", *WORDS_OF_TERMS, "reason")

    def __init__(self, data: Any, *, of: Category | None, **rest: Any) -> None:
        super().__init__(data, **rest)
        functions = Unit.objects.filter(ends_on=None).order_by("function").values_list("function", flat=True).distinct()
        choices = {*functions, *([of.function] if of else [])} - {""}
        self.fields["function"].choices = [("", "–"), *((one, one) for one in sorted(choices))]  # type: ignore[attr-defined]
        if of is not None:
            del self.fields["segment"]


class Categories(Subject[Category]):
    code, label, icon = "categories", _("Kinds of matter"), "category"
    lead = _("The tree of kinds. Descriptions and key words are what the suggestion of kinds starts from.")
    searches, adds, ends = _("Name, description or key word"), _("New kind"), _("End this kind and all below it")
    rows = 200
    columns = (
        Column[Category](_("Kind"), lambda of: "\u3000" * of.code.count(".") + kind_name(of)),
        Column[Category](_("Code"), lambda of: of.code, code=True),
        Column[Category](_("Profession"), lambda of: of.function or "–", code=True),
        Column[Category](_("Public"), lambda of: _("yes") if of.public else _("no")),
        Column[Category](_("Urgent"), lambda of: _("yes") if of.urgent else "", lambda of: "late" if of.urgent else ""),
    )

    def listed(self, asked: Asked) -> Sequence[Category]:
        found, under, q = Category.objects.filter(ends_on=None), asked.get("under", ""), asked.get("q", "").strip()
        if q:
            found = found.filter(Q(name__icontains=q) | Q(description__icontains=q) | Q(keywords__icontains=q))
        elif under:
            found = found.filter(Q(code=under) | Q(code__startswith=f"{under}."))
        else:
            found = found.filter(parent=None)
        return following(found, "code", asked, rows=self.rows)

    def trail(self, asked: Asked) -> Sequence[tuple[Words, str]]:
        codes = asked.get("under", "").split(".") if asked.get("under") else []
        paths = [".".join(codes[: depth + 1]) for depth in range(len(codes))]
        names = {one.code: kind_name(one) for one in Category.objects.filter(code__in=paths)}
        return [(_("All"), "?"), *((names.get(path, path), f"?under={path}") for path in paths)] if paths else []

    def below(self, of: Category) -> str:
        return f"?under={of.code}" if "." not in of.code else ""

    def find(self, key: str) -> Category | None:
        return Category.objects.filter(pk=key, ends_on=None).first()

    def key(self, of: Category) -> str:
        return of.code

    def name(self, of: Category) -> str:
        return kind_name(of)

    def form(self, data: Any, *, of: Category | None, asked: Asked) -> forms.Form | None:
        given: dict[str, Any] = {"public": True}
        if of is not None:
            given = {name: getattr(of, name) for name in WORDS_OF_TERMS}
        form = CategoryForm(data, of=of, initial=given)
        if of is None:
            above = Category.objects.filter(ends_on=None).order_by("order")
            form.fields = {"parent": _ParentField(above, initial=asked.get("under")), **form.fields}
        return form

    def save(self, data: Mapping[str, Any], *, of: Category | None, actor: Actor) -> Category:
        terms = CategoryTerms(**{name: data[name] for name in WORDS_OF_TERMS})
        if of is None:
            return settings.add_category(
                data["segment"], terms, parent=data["parent"], reason=data["reason"], actor=actor
            )
        settings.change_category(of, terms, reason=data["reason"], actor=actor)
        return of

    def end(self, of: Category, data: Mapping[str, Any], *, actor: Actor) -> None:
        settings.end_category(of, reason=data["reason"], actor=actor)


class _ParentField(forms.ModelChoiceField[Category]):
    def __init__(self, queryset: Any, **rest: Any) -> None:
        super().__init__(queryset, label=_("Kind above"), required=False, empty_label=_("A new top kind"), **rest)

    def label_from_instance(self, obj: Category) -> str:
        return "\u3000" * obj.code.count(".") + kind_name(obj)
