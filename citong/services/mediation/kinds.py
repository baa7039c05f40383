"""What a dispute is about, in which language people speak of it, and the kinds of bodies that settle it."""

from functools import cache

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What a dispute is about. The service's own choice; `Case.category` stays empty."""

    NEIGHBOUR = "neighbour", _("Dispute between neighbours")
    FAMILY = "family", _("Marriage and family dispute")
    LAND = "land", _("Dispute about woods or land")
    HOUSING = "housing", _("Dispute about a house or its ground")
    TRAFFIC = "traffic", _("Dispute after a road accident")
    CONSUMER = "consumer", _("Consumer dispute")
    LABOUR = "labour", _("Labour dispute")
    MEDICAL = "medical", _("Medical dispute")
    LOAN = "loan", _("Dispute about a loan")
    FINANCE = "finance", _("Financial dispute")
    MARITIME = "maritime", _("Dispute at sea or about fishing")
    COMMERCIAL = "commercial", _("Commercial dispute")
    INJURY = "injury", _("Dispute about a personal injury")
    OTHER = "other", _("Another dispute")


class Language(models.TextChoices):
    """What is spoken, or signed, at the table."""

    PUTONGHUA = "putonghua", _("Putonghua")
    MINNAN = "minnan", _("Minnan")
    FUZHOU = "fuzhou", _("Fuzhou dialect")
    HAKKA = "hakka", _("Hakka")
    CANTONESE = "cantonese", _("Cantonese")
    SIGN = "sign", _("Sign language")
    ENGLISH = "english", pgettext_lazy("language", "English")


class BodyKind(models.TextChoices):
    """The kinds of mediation bodies. `commercial` alone may charge, and is another sort of body by law."""

    VILLAGE = "village", _("Mediation committee of a village or community")
    TOWN = "town", _("Mediation committee of a town or street")
    INDUSTRY = "industry", _("Mediation committee of an industry or profession")
    STUDIO = "studio", _("Mediation studio named after a person")
    ELDERS = "elders", _("Village elders")
    CHAMBER = "chamber", _("Chamber of commerce")
    COMMERCIAL = "commercial", _("Commercial mediation organisation")
    MEDICAL = "medical", _("Medical mediation committee")
    FINANCIAL = "financial", _("Financial mediation body")
    MARITIME = "maritime", _("Maritime mediation body")
    LAWYERS = "lawyers", _("Lawyers' mediation")
    PRE_LITIGATION = "pre_litigation", _("Pre-litigation centre")
    JUDGE = "judge", _("Judge on duty")
    LABOUR = "labour", _("Labour mediation body")


class Way(models.TextChoices):
    """Where a dispute goes on that mediation does not end."""

    COURT = "court", _("To court")
    ARBITRATION = "arbitration", _("To arbitration")
    ADMINISTRATIVE = "administrative", _("To the office in charge")
    ANEW = "anew", _("To mediation once more, when both want it")
    NONE = "none", _("Nowhere: it is settled")


COURTS_OWN = frozenset({BodyKind.PRE_LITIGATION, BodyKind.JUDGE})  # what a court has taken up already goes there


def title_of(kind: str) -> str:
    """The Chinese name of a kind, which a case bears as its title whatever language it was brought in with."""
    with translation.override("zh-hans"):
        return str(Kind(kind).label)


def kind_of(title: str) -> str:
    """The kind whose Chinese name a case bears as its title; the last one where it bears no such name."""
    return _titles().get(title, Kind.OTHER)


@cache
def _titles() -> dict[str, str]:
    with translation.override("zh-hans"):
        return {str(kind.label): kind.value for kind in Kind}
