"""Where and by whom cases are opened and handled: places across all grids, people of their units, keys, words."""

import csv
import json
import random
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.utils import timezone

from bench.machine import ROOT
from citong.adapters.api import keys
from citong.adapters.api.models import ApiKey
from citong.core.cases.models import Category
from citong.core.flow.locate import GivenPlace, locate
from citong.core.flow.route import desk, route
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.places.models import Grid

REPORTS = ROOT / "cities/quanzhou/demo/reports.csv"
DESK = (Post.CLERK, Post.DISPATCHER, Post.VERIFIER, Post.SUPERVISOR)
A_LOT = 1_000_000_000
PLACES = 1000


@dataclass(frozen=True)
class Spot:
    """A point in some grid with a kind, and the units a report about it reaches."""

    lon: float
    lat: float
    category: str
    desk: str
    unit: str


@dataclass(frozen=True)
class Cast:
    """Spots, keys of programs that open cases, and by (unit code, post) key and account of a member of the staff."""

    spots: list[Spot]
    openers: list[str]
    keys: dict[tuple[str, str], str]
    accounts: dict[tuple[str, str], str]

    @classmethod
    def read(cls, path: Path) -> "Cast":
        known: dict[str, Any] = json.loads(path.read_text())
        keys, accounts = ({(unit, post): said for unit, post, said in known[name]} for name in ("keys", "accounts"))
        return cls([Spot(**spot) for spot in known["spots"]], known["openers"], keys, accounts)

    def write(self, path: Path) -> None:
        said = {name: [[*pair, value] for pair, value in getattr(self, name).items()] for name in ("keys", "accounts")}
        whole = {"spots": [vars(spot) for spot in self.spots], "openers": self.openers} | said
        path.write_text(json.dumps(whole, ensure_ascii=False))

    def account(self, unit: str, post: str) -> Account:
        return Account.objects.get(pk=self.accounts[unit, post])


def write(path: Path) -> None:
    """The people are in the database, and the file says where and by which keys they work."""
    with transaction.atomic():
        gathered(spots(PLACES)).write(path)


def spots(count: int, *, seed: int = 1) -> list[Spot]:
    """Points in that many base grids, drawn from all, each with a kind of matter."""
    chance = random.Random(seed)
    grids = Grid.objects.filter(layer__base=True, ends_at=None).order_by("code").values_list("centre_lon", "centre_lat")
    leaves = list(Category.objects.filter(children=None).order_by("code").values_list("code", flat=True))
    units = dict(Unit.objects.values_list("id", "code"))
    drawn = []
    for lon, lat in chance.sample(list(grids), min(count, len(grids))):
        category, found = chance.choice(leaves), locate(GivenPlace(lon, lat))
        drawn.append(Spot(lon, lat, category, units[desk(found)], units[route(category, found).unit]))
    return drawn


def gathered(places: list[Spot], *, openers: int = 16) -> Cast:
    """Residents' programs, and in each unit the spots reach somebody of each post needed, all with keys in force."""
    centre = Unit.objects.get(function="centre", level="city", ends_on=None).code
    wanted = {(spot.desk, post) for spot in places for post in DESK} | {(spot.unit, Post.HANDLER) for spot in places}
    pairs = [(unit, str(post)) for unit, post in sorted(wanted | {(centre, Post.SUPERVISOR)})]
    accounts = [Account(username=f"bench.{number}", name="测试") for number in range(len(pairs) + openers)]
    for account in accounts:
        account.set_unusable_password()
    Account.objects.bulk_create(accounts)
    units, began = Unit.objects.in_bulk(field_name="code"), (timezone.now() - timedelta(days=30)).date()
    Appointment.objects.bulk_create(
        Appointment(account=account, unit=units[unit], post=post, begins_on=began)
        for (unit, post), account in zip(pairs, accounts, strict=False)
    )
    texts = _keys(accounts)
    held = {pair: str(account.pk) for pair, account in zip(pairs, accounts, strict=False)}
    return Cast(places, texts[len(pairs) :], dict(zip(pairs, texts, strict=False)), held)


def signed_in(account: Account) -> str:
    """The Cookie header of a browser in which the account has signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


def _keys(accounts: list[Account]) -> list[str]:
    made = []
    for account in accounts:
        text = keys.PREFIX + secrets.token_urlsafe(keys.BYTES)
        key = ApiKey(
            name=account.username, digest=keys.digest(text), account=account, scopes=ApiKey.Scope.values,
            per_minute=A_LOT, created_at=timezone.now(),
        )  # fmt: skip
        made.append((key, text))
    ApiKey.objects.bulk_create(key for key, _text in made)
    return [text for _key, text in made]


class Words:
    """Reports nobody wrote before: sentences of the sample reports, put together anew."""

    def __init__(self, *, seed: int, path: Path = REPORTS) -> None:
        self._chance = random.Random(seed)
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        self.sentences = sorted({part for row in rows for part in row["text"].split("。") if part})

    def report(self) -> str:
        """Some sentences of Chinese, with a number that occurs nowhere else."""
        chosen = self._chance.sample(self.sentences, self._chance.randint(1, 4))
        return "。".join([*chosen, f"附近门牌{self._chance.randrange(10**9)}号"]) + "。"

    def opening(self, spot: Spot) -> dict[str, Any]:
        """The body of POST /api/v1/requests/cases."""
        return {"text": self.report(), "category": spot.category, "lon": spot.lon, "lat": spot.lat}
