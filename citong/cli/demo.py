"""`citong demo`: a cast of made-up people and about a hundred cases, so that every screen has something to show."""

import os
import time
import tomllib
from pathlib import Path

import click

import citong
from citong.cli.main import django_ready
from citong.cli.trouble import Trouble

CITIES = Path(citong.__file__).parent.parent / "cities"


@click.command()
@click.option("--home", type=click.Path(file_okay=False, path_type=Path), help="Folder of this installation.")
@click.option("--city", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Folder of the city.")
@click.option("--cases/--no-cases", default=True, help="With or without the sample reports of the city's folder.")
@click.option("--yes", is_flag=True, help="Even beside accounts of real people.")
def command(home: Path | None, city: Path | None, cases: bool, yes: bool) -> None:
    """Fill the loaded city with a demo; run again, it adds what is missing.

    The people can sign in with the password in HOME/demo_cast.json, which only its owner can read.
    """
    if home:
        os.environ["CITONG_HOME"] = str(home.absolute())
    django_ready()
    from django.utils import timezone

    from citong.cli.demo_cases import Play, read_reports, reported
    from citong.cli.demo_cast import FILE, Crew, gather, stage, strangers
    from citong.cli.demo_disputes import Disputes
    from citong.cli.demo_mediation import fill, found, house_units
    from citong.cli.demo_neighbours import settle
    from citong.cli.home import default_home
    from citong.core.places.current import city as loaded

    if not yes and (number := strangers()):
        raise Trouble(f"{number} accounts of real people are here.", mend="use a database of its own, or say --yes.")
    began, now = time.monotonic(), timezone.now()
    reports = read_reports(city or _folder(loaded().code)) if cases else []
    on = stage(reported(reports))
    bodies = found(on, now=now)
    people = gather(on, home=default_home(), now=now, houses=house_units(on))
    mediators = fill(on, now=now)
    click.echo(f"{len(people)} people can sign in; {default_home() / FILE} says how.")
    play = Play(on, crew=Crew(now), now=now)
    with click.progressbar(reports, label="Playing cases") as bar:
        for report in bar:
            play.perform(report)
    disputes = Disputes(on, crew=Crew(now), now=now)
    if cases:
        disputes.play()
    play.finish()
    neighbours = settle(on, now=now)
    for refusal in (*play.refused, *disputes.refused):
        click.echo(f"  left as it is: {refusal}", err=True)
    click.echo(f"{bodies} bodies that mediate, {mediators} people in their registers.")
    click.echo(f"{disputes.opened} disputes opened, {disputes.acts} acts done.")
    click.echo(f"{neighbours.dwellings} dwellings, {neighbours.persons} persons, {neighbours.visits} visits.")
    click.echo(f"{play.opened} cases opened, {play.acts} acts done ({time.monotonic() - began:.1f} s).")


def _folder(code: str) -> Path:
    """The folder of the city of that code, beside the program; one that is not there has no reports."""
    for settings in CITIES.glob("*/city.toml"):
        if tomllib.loads(settings.read_text(encoding="utf-8")).get("code") == code:
            return settings.parent
    return CITIES / code
