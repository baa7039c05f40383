"""The first page of administration: the city as it stands, its thresholds and limits; and the taking of rights."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from citong.core.people.administration import elevate
from citong.core.people.models import Account, Appointment, Duty, Unit
from citong.core.places.current import city
from citong.core.places.models import Division, Layer
from citong.web.office.administration.pages import attempt, frame, table_of
from citong.web.office.administration.subject import ReasonForm
from citong.web.office.administration.subjects import SUBJECTS
from citong.web.office.door import only_for


class RightsForm(ReasonForm):
    """What the rights are taken for."""

    def __init__(self, *args: object, **rest: object) -> None:
        super().__init__(*args, **rest)  # type: ignore[arg-type]
        self.fields["reason"].label = gettext_lazy("What do you need the rights for?")


@require_GET
@only_for("administration")
def administration(request: HttpRequest) -> HttpResponse:
    """What is loaded, in which version, and by which numbers the platform works."""
    counts = {
        _("Divisions"): Division.objects.filter(ends_on=None).count(),
        _("Units"): Unit.objects.filter(ends_on=None).count(),
        _("People with a post"): Appointment.objects.filter(ends_on=None).values("account").distinct().count(),
        _("Duties"): Duty.objects.count(),
    }
    grids = Count("grids", filter=Q(grids__ends_at=None))
    layers = Layer.objects.annotate(count=grids).order_by("-base", "order")
    shown = {
        "held": city(), "counts": counts, "layers": layers,
        "tables": [table_of(SUBJECTS[code], {}) for code in ("thresholds", "limits")],
    }  # fmt: skip
    return render(request, "web/office/admin/city.html", frame(request, "administration") | shown)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for("administration")
def rights(request: HttpRequest) -> HttpResponseBase:
    """Administrator rights for an hour, for a stated reason."""
    form, status = RightsForm(request.POST or None), 200
    to = _safe(request, request.GET.get("next", ""))
    if request.method == "POST":
        account = request.user
        assert isinstance(account, Account)
        status, taken = attempt(form, lambda data: elevate(account, reason=data["reason"], at=timezone.now()))
        if taken is not None:
            messages.success(request, _("You have administrator rights for an hour. The ledger says why."))
            return redirect(to)
    return render(
        request, "web/office/admin/rights.html", frame(request, "rights") | {"form": form, "to": to}, status=status
    )


def _safe(request: HttpRequest, address: str) -> str:
    """The address if it is one of ours."""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else reverse("administration")
