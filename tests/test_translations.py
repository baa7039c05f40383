"""Three languages: the catalogues are complete, and no page leaves words of another language standing."""

import re
import sys
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from citong.core.cases.declare import CaseType
from citong.core.cases.models import Case
from citong.core.cases.registry import case_types
from citong.core.flow.intake import Opened
from citong.core.flow.locate import GivenPlace, locate
from citong.core.flow.refusal import Invalid
from citong.core.people.administration import elevate
from citong.web.office.administration.pages import PAGES
from citong.web.office.administration.subjects import SUBJECTS
from tests.cast import CATEGORIES, Cast

LANGUAGES = ("zh-hans", "zh-hant", "en")
PUBLIC = ("home", "report", "track", "public_map", "privacy", "open_data")
SIGN_IN = ("account_login", "account_signup", "account_reset_password")
ACCOUNT = ("account_change_password", "account_email", "mfa_index", "account_logout")
DESK = {
    "clerk": ("desk", "notices", "profile", "desk_report", "search"),
    "handler": ("desk",),
    "supervisor": ("supervision", "staff_map"),
}
# Of the languages, and of the town's layers.
OWN_NAMES = {"简体中文", "繁體中文", "English", "EN", "区县", "街道", "基础网格"}
NAMED = {row[2] for row in CATEGORIES}  # has an English name as well
# Data of the tiny town and its cast that is English, or Chinese, in every language.
DATA = re.compile(
    r"Town( order \d)?|(Lights are|Streets belong|Fire safety belongs)[\w ]+|abcde-fghjk|\bF?[ew]\d*\b"
    r"|\b(test|town|base|fire|grid|centre|station|urban|safety|strange|street|district|order)\b[\w.@-]*"
    r"|(resident|handler|clerk|dispatcher|verifier|supervisor|grid_worker|firefighter|administrator|outsider|operator|officer)\b(@\w+\.org)?"
)


sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "script"))
TRANSLATIONS: Any = import_module("translations")


class _Words(HTMLParser):
    """What a page says: its text, and the words of its attributes."""

    SILENT = ("script", "style", "code", "kbd", "textarea", "template")
    SAYING = ("title", "aria-label", "placeholder", "alt")

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        self.said += [value for name, value in attrs if name in self.SAYING and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self.silent and data.strip():
            self.said.append(" ".join(data.split()))


def said(page: str) -> list[str]:
    words = _Words()
    words.feed(page)
    return words.said


def faults(page: str, language: str) -> list[str]:
    """What a page says in a language that is not its own."""
    words = said(page)
    if language == "en":
        return [text for text in words if text in CHINESE | NAMED]
    foreign = [text for text in words if TRANSLATIONS.leftovers(DATA.sub("", text)) and text not in OWN_NAMES]
    return foreign + [text for text in words if language == "zh-hant" and text in SIMPLIFIED]


def _forms(language: str) -> dict[Any, tuple[str, ...]]:
    return {key: TRANSLATIONS._forms(one) for key, one in TRANSLATIONS.entries(TRANSLATIONS.read(language)).items()}


HANS, HANT = _forms("zh_Hans"), _forms("zh_Hant")
CHINESE = {form for forms in HANS.values() for form in forms if not form.isascii()} - OWN_NAMES
SIMPLIFIED = CHINESE - {form for forms in HANT.values() for form in forms}


@pytest.fixture(params=LANGUAGES)
def language(request: Any) -> Iterator[str]:
    with translation.override(request.param):
        yield request.param


@pytest.fixture
def reads(town: Any, language: str) -> Callable[..., None]:
    """`reads(address, …, who=account)`: each page opens and speaks one language alone."""

    def reading(*addresses: str, who: Any = None, client: Client | None = None) -> None:
        browser = client or Client()
        browser.cookies["django_language"] = language
        if who is not None:
            browser.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
        answers = {address: browser.get(address, follow=True) for address in addresses}
        assert {address: answer.status_code for address, answer in answers.items()} == dict.fromkeys(addresses, 200)
        left = {address: faults(answer.content.decode(), language) for address, answer in answers.items()}
        assert {address: words for address, words in left.items() if words} == {}

    return reading


@pytest.fixture
def case(report: Callable[..., Opened], walk: Callable[..., Case]) -> Opened:
    opened = report(title="井盖缺失", public="on", name="林居民", phone="13812345678", email="lin@example.org")
    walk(opened.case, "accept", "dispatch", "take")
    return opened


def test_the_catalogues_are_complete_and_in_step() -> None:
    assert TRANSLATIONS.findings() == []


def test_update_twice_is_update_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {language: TRANSLATIONS.path_of(language).read_bytes() for language in TRANSLATIONS.LANGUAGES}
    monkeypatch.setattr(TRANSLATIONS, "path_of", lambda language: tmp_path / language / "django.po")
    for language, text in kept.items():
        (tmp_path / language).mkdir()
        (tmp_path / language / "django.po").write_bytes(text)
    TRANSLATIONS.update()
    once = {language: (tmp_path / language / "django.po").read_bytes() for language in kept}
    TRANSLATIONS.update()
    assert {language: (tmp_path / language / "django.po").read_bytes() for language in kept} == once


def test_words_left_in_english_are_seen_and_names_are_not() -> None:
    assert TRANSLATIONS.leftovers("请打开 the page") == ["the", "page"]
    assert TRANSLATIONS.leftovers("导出 Excel，%(name)s 见 city.toml 或 <b>a@b.org</b>") == []


def test_traditional_chinese_uses_the_words_of_its_readers() -> None:
    assert TRANSLATIONS.traditional("账号“%(name)s”的信息") == "帳號「%(name)s」的資訊"
    assert TRANSLATIONS.traditional("《个人信息保护法》与社区") == "《個人信息保護法》與社區"


def texts(kind: type[CaseType]) -> list[str]:
    """Every text that a service declares."""
    states = [text for state in kind.states.values() for text in (state.label, state.public)]
    clocks = [spec.label for spec in kind.clocks().values()]
    acts = [text for act in kind.acts.values() for text in (act.label, act.done)]
    return [str(text) for text in (kind.label, kind.description, *states, *clocks, *acts)]


@pytest.mark.parametrize("code", case_types())
def test_every_text_of_a_service_is_in_three_languages(code: str) -> None:
    spoken = {}
    for language in LANGUAGES:
        with translation.override(language):
            spoken[language] = texts(case_types()[code])
    assert not set(spoken["en"]) & set(spoken["zh-hans"] + spoken["zh-hant"])
    assert spoken["zh-hans"] != spoken["zh-hant"]


@pytest.mark.parametrize("code", case_types())
def test_every_rule_and_source_of_a_service_is_in_chinese(code: str) -> None:
    kind = case_types()[code]
    plain = {guard.label for act in kind.acts.values() for guard in act.guards} | {str(kind.ground)}
    specs = kind.clocks().values()
    plain |= {str(spec.term(line).source) for spec in specs for line in ("", *spec.by_line)}
    with translation.override("zh-hans"):
        assert [text for text in plain if translation.gettext(text) == text] == []


def test_a_swapped_point_is_refused_in_the_language_of_the_person(town: Any) -> None:
    with translation.override("zh-hans"), pytest.raises(Invalid, match="经度和纬度写反了"):
        locate(GivenPlace(lon=24.905, lat=118.605))


def test_public_pages_speak_one_language(reads: Any, case: Opened) -> None:
    reads(*map(reverse, (*PUBLIC, *SIGN_IN)), reverse("public_case", args=[case.case.number]))


def test_the_pages_behind_a_receipt_speak_one_language(reads: Any, case: Opened) -> None:
    browser = Client()
    browser.get(f"/r/{case.case.number}/{case.secret}/")
    number = [case.case.number]
    reads(reverse("tracked", args=number), reverse("looks", args=number), client=browser)


def test_the_pages_of_an_account_speak_one_language(reads: Any, cast: Cast) -> None:
    reads(reverse("my_reports"), *map(reverse, ACCOUNT), who=cast.resident)


def test_pages_that_are_not_there_say_so_in_one_language(town: Any, language: str) -> None:
    browser = Client()
    browser.cookies["django_language"] = language
    assert faults(browser.get("/nowhere/").content.decode(), language) == []


@pytest.mark.parametrize("who", DESK)
def test_the_desk_speaks_one_language(who: str, reads: Any, cast: Cast, case: Opened) -> None:
    reads(*map(reverse, DESK[who]), reverse("case", args=[case.case.number]), who=cast.people[who])


def test_administration_speaks_one_language(reads: Any, cast: Cast) -> None:
    elevate(cast.administrator, reason="test", at=timezone.now())
    pages = [code for code, _label, _icon in PAGES if code not in SUBJECTS]
    lists = [reverse("subject_list", args=[code]) for code in SUBJECTS]
    reads(*map(reverse, [*pages, "rights"]), *lists, who=cast.administrator)
