"""Green waves: bands, the offsets that widen them, and the lines of the time-space diagram."""

from hypothesis import given, settings
from hypothesis import strategies as st

from citong.core.signals.control.waves import Stop, bands, bars, coordinated, green_bits, wave
from citong.core.signals.tests.crossroads import CROSSING

HALF = (1 << 30) - 1  # green in the first half of a cycle of 60 s


def road(*offsets: int, gap: float = 300.0) -> list[Stop]:
    """Signals `gap` metres apart, half the cycle green in both directions."""
    return [Stop(str(place), gap * place, HALF, HALF, offset) for place, offset in enumerate(offsets)]


def test_greens_of_a_plan_are_seconds_of_its_cycle() -> None:
    assert green_bits(CROSSING.plan, [0, 4]) == (1 << 30) - 1
    assert green_bits(CROSSING.plan, [1]) == ((1 << 30) - 1) | ((1 << 43) - (1 << 35))


def test_signals_a_drive_apart_and_as_far_shifted_pass_the_whole_green() -> None:
    one = wave(road(0, 20, 40), cycle=60, speed=15)
    assert (one.there.start, one.there.width) == (0, 30)
    assert one.back.width == 0


def test_bands_of_signals_without_shift_shrink_by_the_drive() -> None:
    assert wave(road(0, 0), cycle=60, speed=15).there.width == 10


def test_the_best_offsets_are_found_where_they_are_known() -> None:
    one = coordinated(road(0, 7, 13, gap=450), cycle=60, speed=15)
    assert (one.there.width, one.back.width) == (30, 30), "half a cycle apart: alternate signals"
    assert one.share == 0.5


def test_signals_whose_offset_is_held_keep_it() -> None:
    one = coordinated(road(0, 7, 13, gap=450), cycle=60, speed=15, held={"1"})
    assert one.stops[1].offset == 7
    assert (one.there.width, one.back.width) == (30, 30), "the others move to it"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 59), min_size=2, max_size=4), st.floats(100, 600), st.floats(8, 20))
def test_coordinating_never_narrows_the_bands(offsets: list[int], gap: float, speed: float) -> None:
    before = wave(road(*offsets, gap=gap), cycle=60, speed=speed)
    after = coordinated(road(*offsets, gap=gap), cycle=60, speed=speed)
    assert after.share >= before.share


@given(st.lists(st.integers(0, 59), min_size=1, max_size=5), st.floats(100, 600), st.floats(8, 20))
def test_whoever_starts_in_the_band_meets_green_everywhere(offsets: list[int], gap: float, speed: float) -> None:
    one = wave(road(*offsets, gap=gap), cycle=60, speed=speed)
    for second in range(one.there.start, one.there.start + one.there.width):
        for stop in one.stops:
            arrival = second + round(stop.metres / speed) - stop.offset
            assert stop.there >> (arrival % 60) & 1


def test_the_diagram_has_every_green_and_every_band() -> None:
    one = wave(road(0, 20), cycle=60, speed=15)
    drawn = bars(one, seconds=120)
    assert [(bar.start, bar.end) for bar in drawn if bar.name == "1" and bar.there] == [(20, 50), (80, 110)]
    assert bands(one, seconds=120)[0] == (True, ((0, 0.0), (30, 0.0), (50.0, 300.0), (20.0, 300.0)))
