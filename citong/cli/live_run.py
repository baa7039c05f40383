"""`citong signals simulate`, step by step: streets, the register, the door to the lights, seconds that pass."""

import os
import signal
import threading
import time
from pathlib import Path
from types import FrameType

import click
from django.db import ProgrammingError

from citong.adapters.sumo.listing import is_on_earth
from citong.adapters.sumo.live import LiveCity
from citong.adapters.sumo.live_door import Door
from citong.adapters.sumo.live_port import FOLDER
from citong.adapters.sumo.scenario import scenario
from citong.adapters.sumo.town import TITLE, goals, made_town, placed
from citong.cli.home import held
from citong.cli.live_city import Centre, assert_free, middle, name_goals, register, unled
from citong.cli.steps import Steps
from citong.cli.trouble import Trouble
from citong.core.places.current import NoCity
from citong.core.places.current import city as loaded_city
from citong.core.signals.control.supervised import supervised
from citong.kit.geometry import Datum, check, to_wgs84

WARM_S = 300
"""Seconds that pass at once at the start, so that the streets are full."""
SAYS_S = 60.0
STREETS = "streets"


def run(
    folder: Path | None, origin: tuple[float, float] | None, *, datum: str, speed: float, plan: bool, drive: bool,
    into_used: bool,
) -> None:  # fmt: skip
    """A city runs until somebody wishes to stop."""
    street = Path(os.environ["CITONG_HOME"]) / FOLDER
    try:
        loaded_city()
        if not into_used:
            assert_free(street)
    except (NoCity, ProgrammingError):
        raise Trouble("No city is loaded on this home.", mend="start the server first, e.g. script/server.") from None
    street.mkdir(mode=0o700, exist_ok=True)
    stop = threading.Event()
    _stop_by_signal(stop)
    try:
        with held(street / "lock", wait=False):
            _run(folder, street, origin, stop, datum=_datum(datum), speed=speed, plan=plan, drive=drive)
    except BlockingIOError:
        raise Trouble("A city is simulated on this home already.", mend="stop that one first.") from None
    except OSError as fault:
        raise click.ClickException(str(fault)) from fault


def _run(
    folder: Path | None, street: Path, origin: tuple[float, float] | None, stop: threading.Event, *, datum: Datum,
    speed: float, plan: bool, drive: bool,
) -> None:  # fmt: skip
    steps = Steps(4)
    with steps.step("Streets"):
        place, datum = _streets(folder, street, origin, datum)
        code, name = ("made-town", TITLE) if folder is None else (scenario(folder).name[:60], scenario(folder).name)
    with steps.step("Junctions and roads"):
        done = register(place, code=code, name=name[:80], datum=datum)
        outside = unled(code)
    with steps.step("Traffic"):
        city = LiveCity(scenario(place), lead=None if plan else supervised)
        centre = Centre(city, code, datum, say=_say, drives=drive)
        centre.put_plans()
        for _second in range(WARM_S):
            if not stop.is_set():
                city.second()
    with steps.step("Door to the lights"):
        door = Door(city, street)
    try:
        _welcome(done.new + done.known, outside, speed=speed)
        _live(city, centre, stop, speed=speed)
    finally:
        door.close()
        city.close()
        click.echo("Stopped.")


def _live(city: LiveCity, centre: Centre, stop: threading.Event, *, speed: float) -> None:
    """Seconds pass in a thread of their own, so that no slow database holds up a light."""
    clock = threading.Thread(target=city.run, args=(stop,), kwargs={"speed": speed}, daemon=True)
    clock.start()
    says = time.monotonic() + 10
    while not stop.is_set():
        centre.look()
        if not clock.is_alive():
            raise Trouble("The simulation broke off; its last words stand above.", mend="start it again.")
        if time.monotonic() >= says:
            says = time.monotonic() + SAYS_S
            now = city.traffic()
            _say(
                f"second {now.second:.0f}: {now.vehicles} vehicles at {now.speed * 3.6:.0f} km/h, {now.led} lights led"
                f" by the centre, {len(city.drives)} escorts, {now.broken} rules broken"
            )
        stop.wait(0.2)
    clock.join(10)


def _streets(
    folder: Path | None, street: Path, origin: tuple[float, float] | None, datum: Datum
) -> tuple[Path, Datum]:  # fmt: skip
    """A scenario whose network lies on the earth, and the datum of its degrees; `origin` moves it there."""
    if folder is not None and origin is None and is_on_earth(scenario(folder).net):
        return folder, datum
    lon, lat = _point(origin, datum)
    if folder is not None:
        return placed(folder, street / STREETS / scenario(folder).name, lon=lon, lat=lat), Datum.WGS84
    town = made_town(street / STREETS, lon=lon, lat=lat)
    name_goals(goals(lon, lat))
    return town, Datum.WGS84


def _point(origin: tuple[float, float] | None, datum: Datum) -> tuple[float, float]:
    if origin is None:
        return middle()
    try:
        check(*origin)
    except ValueError as fault:
        raise Trouble(f"--at {origin[0]} {origin[1]}: {fault}", mend="give longitude, then latitude.") from None
    lon, lat = to_wgs84(*origin, datum)
    return float(lon), float(lat)


def _datum(said: str) -> Datum:
    if said and said not in {one.value for one in Datum}:
        raise click.ClickException(f"No such datum: {said}. There are: {', '.join(one.value for one in Datum)}.")
    return Datum(said or loaded_city().datum)


def _stop_by_signal(stop: threading.Event) -> None:
    def wish(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, wish)


def _say(words: str) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')} {words}")


def _welcome(junctions: int, outside: int, *, speed: float) -> None:
    click.echo(f"\nThe city runs: {junctions} junctions, seen at /desk/signals/ and /desk/escorts/ (Ctrl-C stops it).")
    if not os.environ.get("CITONG_SIGNAL_PORT"):
        click.echo(
            "The demo of `citong serve` finds its lights by itself. Any other server is started with"
            "\n  CITONG_SIGNAL_PORT=citong.adapters.sumo.live_port.port"
        )
    if outside:
        click.echo(f"{outside} junctions lie in no district, so no operator sees them: give a place with --at LON LAT.")
    if speed != 1.0:
        click.echo("Escorts count in real seconds: lead them at --speed 1.")
