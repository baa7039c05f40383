"""Names of divisions, units, posts and purposes, as the public reads them."""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from citong.core.cases.models import Case, Category
from citong.core.cases.registry import case_type
from citong.core.people.access import Purpose
from citong.core.people.models import Unit
from citong.core.people.posts import Post
from citong.core.places.current import city
from citong.core.places.models import Division

PURPOSES: dict[str, str | Promise] = {
    Purpose.OWN: gettext_lazy("Own report"),
    Purpose.HANDLING: gettext_lazy("Handling"),
    Purpose.VISITING: gettext_lazy("A visit"),
    Purpose.ERRAND: gettext_lazy("An errand for the person"),
    Purpose.CORRECTION: gettext_lazy("Correcting the register"),
    Purpose.EXPORTING: gettext_lazy("A list for an office"),
    Purpose.SUPERVISION: gettext_lazy("Supervision"),
    Purpose.STATISTICS: gettext_lazy("Statistics"),
    Purpose.PUBLIC: gettext_lazy("Public information"),
}


def city_name() -> str:
    """The city's name in the reader's script."""
    held = city()
    return held.name_en if get_language() == "en" else held.name


def kind_name(category: Category | None) -> str:
    """The kind in the reader's language; words for a report whose kind is not decided yet."""
    if category is None:
        return _("Kind not decided yet")
    return category.name_en if get_language() == "en" and category.name_en else category.name


def matter_name(case: Case) -> str:
    """The kind of the case; of a service that knows no kinds of the city, its own name."""
    kind = case_type(case.service)
    return kind_name(case.category) if "category" in kind.opening.form.base_fields else str(kind.label)


def division_name(code: str) -> str:
    """The division's own name, or nothing; one query after a load of the city."""
    held = city()
    return _divisions(held.code, held.version).get(code, "")


def where_words(case: Case) -> str:
    """District, street and community of the case, as far as they are known."""
    levels = (case.district, case.street, case.community)
    return " ".join(filter(None, (division_name(code) for code in levels if code)))


def unit_names(codes: Iterable[str]) -> dict[str, str]:
    """Unit code to name; one query."""
    return dict(Unit.objects.filter(code__in={code for code in codes if code}).values_list("code", "name"))


def post_name(code: str) -> str:
    """The post's name, or nothing for a post that is none."""
    return str(Post(code).label) if code in Post.values else ""


def purpose_words(code: str) -> str:
    """What a look was for, in words."""
    return str(PURPOSES.get(code, code))


@lru_cache(maxsize=2)
def _divisions(_city: str, _version: int) -> dict[str, str]:
    return dict(Division.objects.exclude(level="city").values_list("code", "name"))
