"""What everybody is asked who signs a paper: to read it, and to sign exactly what they read."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import ActForm, PhotosField, SignatureField
from citong.core.papers.models import Paper
from citong.services.mediation.papers_signed import to_sign


class PaperInput(forms.Widget):
    """A way to the paper; what is sent back is the hash of what was shown."""

    template_name = "mediation/paper_input.html"
    paper: Paper | None = None
    case = ""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        at = reverse("mediation_paper", args=[self.case, self.paper.pk]) if self.paper else ""
        context["widget"] |= {"paper": self.paper, "address": at}
        return context


class PaperField(forms.Field):
    """The very paper that is signed: the hash of its bytes, so that nobody signs what they have not been shown."""

    widget = PaperInput
    paper: Paper | None = None

    def showing(self, case: str, paper: Paper | None) -> None:
        """This paper is shown, as one of the case with that number."""
        self.paper = self.widget.paper = paper
        self.widget.case = case

    def clean(self, value: Any) -> str:
        found = str(super().clean(value) or "")
        if self.paper is None:
            raise forms.ValidationError(_("There is nothing to sign now."))
        if found != self.paper.sha256:
            raise forms.ValidationError(_("The paper was changed meanwhile: read it once more before you sign."))
        return found


class SignForm(ActForm):
    """A party, an agent or the mediator signs. A mediator whose body has no certificate adds what bears its stamp."""

    paper = PaperField(label=_("What you sign"))
    read = forms.BooleanField(label=_("I have read it, and this is what I want"))
    signature = SignatureField(label=_("Your signature"))
    photos = PhotosField(
        label=_("The paper with the stamp of your body"), required=False,
        help_text=_("Only where your body has no certificate to seal with."),
    )  # fmt: skip

    def prepare(self) -> None:
        if self.case is None:
            return
        if self.case.state != "signing" or not self.actor.seats:
            del self.fields["photos"]
        self.show(to_sign(self.case))

    def show(self, paper: Paper | None) -> None:
        """This is the paper to be signed."""
        assert self.case is not None
        field = self.fields["paper"]
        assert isinstance(field, PaperField)
        field.showing(self.case.number, paper)
        self.initial = {"paper": paper.sha256 if paper else "", **self.initial}
