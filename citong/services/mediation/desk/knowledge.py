"""Law and similar cases beside a dispute, the lesson its mediator leaves, and the second look at lessons."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from citong.core.cases.models import Case
from citong.core.flow.reading import reads_all
from citong.core.people.access import Actor, Purpose, scope
from citong.core.places.current import today
from citong.services.mediation import lessons
from citong.services.mediation.desk.doing import done
from citong.services.mediation.forms.lessons import DecisionForm, LessonForm
from citong.services.mediation.knowledge import at_hand
from citong.services.mediation.models import Lesson
from citong.web.asking import actor_of_request
from citong.web.desk.door import is_part, staff
from citong.web.office.door import only_for


@never_cache
@require_GET
@staff("inbox")
def knowledge(request: HttpRequest, number: str) -> HttpResponseBase:
    """The suggestions for a dispute, as a part of its page. Who does not read the dispute finds nothing here."""
    actor = actor_of_request(request)
    case = _read(number, actor)
    shown = {"found": at_hand(case, actor, on=today()), "case": case}
    return render(request, f"mediation/knowledge{'' if is_part(request) else '_page'}.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@staff("inbox")
def lesson(request: HttpRequest, number: str) -> HttpResponseBase:
    """Whoever mediated says what others may learn from it."""
    actor, now = actor_of_request(request), timezone.now()
    case = _read(number, actor)
    if not lessons.may_write(case, actor):
        raise Http404
    held, status = Lesson.objects.filter(case=case).first(), 200
    first = {"about": held.about, "helped": held.helped} if held else {}
    form = LessonForm(request.POST or None, initial=first)
    if request.method == "POST":
        status, made = done(form, lambda: lessons.write(case, actor=actor, at=now, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("The lesson is kept. Others see it after a second look."))
            return redirect("case", number=case.number)
    shown = {"case": case, "form": form, "held": held, "open": held is None or held.state != Lesson.State.PUBLISHED}
    return render(request, "mediation/lesson.html", shown, status=status)


@require_GET
@only_for("mediation_lessons")
def lesson_list(request: HttpRequest) -> HttpResponseBase:
    """Lessons that wait for this reader's second look."""
    waiting = [(one, DecisionForm(prefix=str(one.pk))) for one in lessons.to_look_at(actor_of_request(request))[:50]]
    return render(request, "mediation/lessons.html", {"waiting": waiting})


@require_http_methods(["POST"])
@only_for("mediation_lessons")
def lesson_decide(request: HttpRequest, lesson: UUID) -> HttpResponseBase:
    """The second look is done: others see the lesson, or its writer reads why not."""
    actor, now, form = actor_of_request(request), timezone.now(), DecisionForm(request.POST, prefix=str(lesson))
    if not lessons.to_look_at(actor).filter(pk=lesson).exists():
        raise Http404
    status, made = done(form, lambda: lessons.decide(lesson, actor=actor, at=now, **form.cleaned_data))
    if made is not None:
        published = made.state == Lesson.State.PUBLISHED
        messages.success(request, _("Other mediators see it now.") if published else _("It was given back."))
        return redirect("mediation_lessons")
    rows = lessons.to_look_at(actor)[:50]
    waiting = [(one, form if one.pk == lesson else DecisionForm(prefix=str(one.pk))) for one in rows]
    return render(request, "mediation/lessons.html", {"waiting": waiting}, status=status)


def _read(number: str, actor: Actor) -> Case:
    """The dispute of that number, if the actor reads its words; else there is none."""
    case = Case.objects.filter(scope(actor, Purpose.HANDLING), service="mediation", number=number).first()
    if case is None or not reads_all(case, actor):
        raise Http404
    return case
