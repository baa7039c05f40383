"""The subjects of administration, in the order of the menu."""

from collections.abc import Mapping
from typing import Any

from citong.web.office.administration.absences import Absences
from citong.web.office.administration.accounts import Accounts
from citong.web.office.administration.appointments import Appointments
from citong.web.office.administration.categories import Categories
from citong.web.office.administration.duties import Duties
from citong.web.office.administration.subject import Subject
from citong.web.office.administration.thresholds import Limits, Thresholds
from citong.web.office.administration.units import Units

_ALL: tuple[Subject[Any], ...] = (
    Thresholds(), Limits(), Units(), Accounts(), Appointments(), Duties(), Absences(), Categories(),
)  # fmt: skip
SUBJECTS: Mapping[str, Subject[Any]] = {subject.code: subject for subject in _ALL}
