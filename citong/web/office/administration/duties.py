"""Duties: which unit answers for which kind where, read in order."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import CategoryField
from citong.core.cases.models import Category
from citong.core.people import roster
from citong.core.people.access import Actor
from citong.core.people.models import Duty
from citong.core.people.posts import Post
from citong.core.people.roster import DutyTerms, terms_of
from citong.core.places.models import Layer
from citong.web.office.administration.appointments import STAFF
from citong.web.office.administration.subject import Asked, Column, Filter, Subject, following
from citong.web.public.names import kind_name


class DutyForm(forms.Form):
    category = CategoryField(label=_("Kind"), required=False, empty_label=_("Every kind"))
    layer = forms.ModelChoiceField(Layer.objects.order_by("order"), label=_("Layer"), required=False, empty_label="–")
    area = forms.CharField(
        label=_("Area"), max_length=100, required=False,
        help_text=_("A division's path such as 350500/350503/, a grid of the layer, or empty for the whole city."),
    )  # fmt: skip
    to = forms.CharField(
        label=_("Goes to"), max_length=100, help_text=_("A unit's code, function@level such as police@street, or grid.")
    )
    post = forms.ChoiceField(label=_("Post"), choices=STAFF, initial=Post.HANDLER)
    reason = forms.CharField(label=_("Reason, as it stands on the case"), max_length=200)
    source = forms.CharField(label=_("Law or decision that gives this duty"), max_length=200)
    before = forms.TypedChoiceField(label=_("Place in the order"), coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any, *, of: Duty | None, **rest: Any) -> None:
        super().__init__(data, **rest)
        others = [one for one in Duty.objects.order_by("order") if one != of]
        words = _("Before %(order)d: %(reason)s")
        before = [(one.pk, words % {"order": one.order, "reason": one.reason[:40]}) for one in others]
        ends = [("", _("At the end"))] if of is None else [("", _("Where it stands")), (0, _("At the end"))]
        self.fields["before"].choices = [*ends, *before]  # type: ignore[attr-defined]


def read(data: Mapping[str, Any]) -> DutyTerms:
    """The duty that the form says."""
    category, layer = data["category"], data["layer"]
    plain = {name: data[name] for name in ("area", "to", "post", "reason", "source")}
    return DutyTerms(category=category.code if category else "", layer=layer.code if layer else "", **plain)


class Duties(Subject[Duty]):
    code, label, icon = "duties", _("Duties"), "list-details"
    lead = _("Who answers for which kind where. Read from top to bottom: the first that fits decides.")
    searches, adds, ends = _("Reason, source, area or unit"), _("New duty"), _("End the duty")
    columns = (
        Column[Duty](_("Order"), lambda of: str(of.order)),
        Column[Duty](_("Kind"), lambda of: of.category or _("every kind"), code=True),
        Column[Duty](_("Area"), lambda of: " ".join(filter(None, (of.layer_id, of.area))) or _("whole city")),
        Column[Duty](_("Goes to"), lambda of: f"{of.to} · {Post(of.post).label}"),
        Column[Duty](_("Reason"), lambda of: of.reason),
        Column[Duty](_("Source"), lambda of: of.source),
    )

    def listed(self, asked: Asked) -> Sequence[Duty]:
        found = Duty.objects.all()
        if kind := asked.get("kind"):
            found = found.filter(Q(category=kind) | Q(category__startswith=f"{kind}."))
        if q := asked.get("q", "").strip():
            found = found.filter(
                Q(reason__icontains=q) | Q(source__icontains=q) | Q(area__icontains=q) | Q(to__icontains=q)
            )
        after = asked.get("after", "")
        return following(found, "order", {"after": after} if after.isdecimal() else {})

    def filters(self) -> Sequence[Filter]:
        tops = Category.objects.filter(parent=None, ends_on=None).order_by("order")
        return [Filter("kind", _("Kind"), [(top.code, kind_name(top)) for top in tops])]

    def find(self, key: str) -> Duty | None:
        return Duty.objects.filter(pk=key).first() if key.isdecimal() else None

    def key(self, of: Duty) -> str:
        return str(of.pk)

    def name(self, of: Duty) -> str:
        return f"{of.order} · {of.reason}"

    def after(self, of: Duty) -> str:
        return str(of.order)

    def form(self, data: Any, *, of: Duty | None, asked: Asked) -> forms.Form | None:
        return DutyForm(data, of=of, initial=vars(terms_of(of)) if of else {"category": asked.get("kind")})

    def save(self, data: Mapping[str, Any], *, of: Duty | None, actor: Actor) -> Duty:
        before = Duty.objects.filter(pk=data["before"]).first() if data["before"] else None
        if of is None:
            return roster.add_duty(read(data), before=before, actor=actor)
        if read(data) != terms_of(of):
            roster.change_duty(of, read(data), actor=actor)
        if data["before"] is not None:
            roster.move_duty(of, before=before, actor=actor)
        return of

    def end(self, of: Duty, data: Mapping[str, Any], *, actor: Actor) -> None:
        roster.end_duty(of, reason=data["reason"], actor=actor)
