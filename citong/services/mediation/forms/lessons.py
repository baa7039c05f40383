"""The forms of a lesson: its writer's and its second reader's."""

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.services.mediation.models.lessons import LONGEST


class LessonForm(forms.Form):
    """What others may learn from a dispute that is over."""

    about = forms.CharField(
        label=_("What it was about"), max_length=LONGEST, strip=True, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As you would tell a colleague elsewhere: no names, no numbers, no address."),
    )  # fmt: skip
    helped = forms.CharField(
        label=_("What helped"), max_length=LONGEST, strip=True, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What turned it, and what you would do sooner the next time."),
    )  # fmt: skip
    sure = forms.BooleanField(
        label=_("A name that stands here means nobody of this case"), required=False,
        help_text=_("Only if the check took a word for a party's name."),
    )  # fmt: skip


class DecisionForm(forms.Form):
    """Whether others shall see a lesson; why not, if not."""

    publish = forms.TypedChoiceField(
        label=_("Second look"), coerce=lambda said: said == "yes",
        choices=[("yes", _("Others may see it")), ("no", _("Give it back"))], widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason, if you give it back"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
