"""Saved views: a person's own filters of the inbox, by name."""

from urllib.parse import parse_qsl

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from citong.core.cases.forms import LineField
from citong.core.cases.models import SavedView
from citong.core.people.models import Account
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.desk.wanted import Wanted

MOST_VIEWS = 20


class ViewForm(forms.Form):
    """A view's name, and the filter it stands for."""

    name = LineField(label=gettext_lazy("Name"), max_length=40)
    query = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)

    def clean_query(self) -> str:
        """The filter as the inbox itself would write it: nothing foreign gets into an address."""
        return Wanted.read(dict(parse_qsl(self.cleaned_data["query"].lstrip("?")))).query()


@require_POST
@staff("inbox")
def save_view(request: HttpRequest) -> HttpResponseBase:
    """The filter is kept under its name; a name that was there stands for the new filter now."""
    account, form = actor_of_request(request).account, ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the view a name of at most 40 characters."))
        return redirect("desk")
    name, query = form.cleaned_data["name"], form.cleaned_data["query"]
    assert account is not None
    if SavedView.objects.filter(account=account).exclude(name=name).count() >= MOST_VIEWS:
        messages.error(request, _("You have %(most)d views already: delete one first.") % {"most": MOST_VIEWS})
    else:
        SavedView.objects.update_or_create(account_id=account, name=name, defaults={"query": query})
        messages.success(request, _("Saved as “%(name)s”.") % {"name": name})
    return redirect(f"{reverse('desk')}{query}")


@require_POST
@staff("inbox")
def change_view(request: HttpRequest, view: int) -> HttpResponseBase:
    """The view has another name, or is gone when `delete` was pressed."""
    kept = get_object_or_404(SavedView, pk=view, account=Account(pk=actor_of_request(request).account))
    if "delete" in request.POST:
        kept.delete()
        messages.success(request, _("The view was deleted."))
        return redirect("desk")
    _rename(request, kept)
    return redirect(f"{reverse('desk')}{kept.query}")


def _rename(request: HttpRequest, kept: SavedView) -> None:
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the view a name of at most 40 characters."))
        return
    kept.name = form.cleaned_data["name"]
    try:
        with transaction.atomic():
            kept.save(update_fields=["name"])
    except IntegrityError:
        messages.error(request, _("You have a view of that name already."))
