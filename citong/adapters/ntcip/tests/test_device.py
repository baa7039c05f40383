"""A controller is read and asked over SNMP: what ends by itself, and what bad lines and restarts do."""

import asyncio
import contextlib
import logging
import random
from functools import partial

import pytest

from citong.adapters.ntcip.device import Settings
from citong.adapters.ntcip.snmp import Address, Manager, Silent, SnmpFault
from citong.adapters.ntcip.tests.agent import COMMUNITY, LATE, LOSE, LOSE_ANSWER
from citong.adapters.ntcip.tests.controller import HOLD, OMIT
from citong.adapters.ntcip.tests.world import World, street, told
from citong.core.signals.port import Accepted, Ask, Mode, NoContact, Refused, Why

THROUGH, ACROSS = 3, 7  # stages 2+6 and 4+8


def test_what_the_lamps_show_is_read() -> None:
    async def story(world: World) -> None:
        for _ in range(60):
            await world.pass_(1)
            state = world.device.reading(world.now).state
            greens = {phase for phase in range(1, 9) if state[phase - 1] == "G"}
            yellows = {phase for phase in range(1, 9) if state[phase - 1] == "y"}
            assert (greens, yellows) == (world.greens(), world.controller.showing("yellow"))
            assert {place for place, phase in enumerate((2, 4, 6, 8), 8) if phase in world.controller.walking()} == {
                place for place in range(8, 12) if state[place] == "G"
            }

    told(story)


def test_a_stage_is_reached_lawfully_held_until_its_time_and_let_go() -> None:
    async def story(world: World) -> None:
        answer = await world.device.request_stage(ACROSS, ask := world.ask(90), world.now)
        assert answer == Accepted(ask.id, ask.until)
        await world.pass_until(lambda: world.greens() == {4, 8}, within=45)
        await world.pass_(1)
        reading = world.device.reading(world.now)
        assert (reading.mode, reading.stage) == (Mode.CENTRAL, ACROSS) and reading.since is not None
        while world.now < ask.until - 1:
            await world.pass_(1)
            assert world.greens() == {4, 8}
        await world.pass_(2)
        assert not any(world.controller.controls.values()) and world.controller.pattern == 0
        assert world.device.reading(world.now).stage is None
        await world.pass_until(lambda: world.greens() <= {1, 2, 5, 6} and bool(world.greens()), within=30)

    told(story)


def test_every_stage_can_be_reached_from_every_other() -> None:
    async def story(world: World) -> None:
        for first in range(8):
            for second in (first + 3, first + 6):
                wanted = {int(one) for one in world.device.junction.stages[second % 8].name.split("+")}
                await world.device.request_stage(second % 8, world.ask(200), world.now)
                await world.pass_until(partial(_shows, world, wanted), within=60)

    told(story)


def _shows(world: World, phases: set[int]) -> bool:
    return world.greens() == phases


def test_a_release_hands_back_at_once() -> None:
    async def story(world: World) -> None:
        await world.device.request_stage(THROUGH, world.ask(100), world.now)
        await world.pass_(5)
        assert isinstance(await world.device.release(world.ask(1), world.now), Accepted)
        assert not any(world.controller.controls.values())
        assert world.device.reading(world.now).stage is None

    told(story)


def test_when_the_centre_dies_the_controller_is_on_its_own_plan_after_the_back_up_time() -> None:
    async def story(world: World) -> None:
        await world.device.request_stage(ACROSS, world.ask(250), world.now)
        await world.pass_until(lambda: world.greens() == {4, 8}, within=45)
        world.controller.advance(29)  # nobody speaks to it any more
        assert world.controller.controls[HOLD] == set() or world.controller.silent < 30
        world.controller.advance(2)
        assert not any(world.controller.controls.values()) and world.controller.backed_up
        world.controller.advance(60)
        seen = {phase for _, greens, _, _ in world.controller.history[-120:] for phase in greens}
        assert {1, 2, 5, 6} & seen

    told(story)


def test_while_an_ask_is_in_force_the_back_up_timer_never_runs_out_and_afterwards_it_does() -> None:
    async def story(world: World) -> None:
        await world.device.request_stage(THROUGH, world.ask(120), world.now)
        silent = 0.0
        for _ in range(118):
            await world.pass_(1)
            silent = max(silent, world.controller.silent)
        assert silent <= 10
        await world.pass_(40)
        assert world.controller.backed_up and world.device.reading(world.now).mode is Mode.PLAN

    told(story)


def test_a_controller_whose_back_up_time_cannot_be_set_is_read_and_not_asked() -> None:
    async def story() -> None:
        async with street() as world:
            world.controller.backup_time, world.cabinet.backup_writable = 0, False
            await world.device.start(world.now)
            await world.pass_(3)
            answer = await world.device.request_stage(THROUGH, world.ask(60), world.now)
            assert isinstance(answer, Refused) and answer.why is Why.NOT_NOW and "back-up time" in answer.words
            assert world.device.reading(world.now).state and not any(world.controller.controls.values())
            assert any("only read" in words for _, words in world.device.notes)

    asyncio.run(story())


def test_a_back_up_time_that_is_too_long_is_shortened_before_anything_is_asked() -> None:
    async def story(world: World) -> None:
        assert world.controller.backup_time == 20 and world.device.obeys

    told(story, Settings(backup_s=20))


def test_asks_that_are_over_too_long_unknown_or_older_are_refused_with_a_reason() -> None:
    async def story(world: World) -> None:
        device, now = world.device, world.now
        for answer, why in (
            (await device.request_stage(THROUGH, world.ask(0), now), Why.EXPIRED),
            (await device.request_stage(THROUGH, world.ask(9_000), now), Why.TOO_LONG),
            (await device.request_stage(8, world.ask(60), now), Why.UNKNOWN_STAGE),
            (await device.set_plan("4", world.ask(60), now), Why.UNKNOWN_PLAN),
            (await device.set_plan("flash", world.ask(60), now), Why.UNKNOWN_PLAN),
        ):
            assert isinstance(answer, Refused) and answer.why is why and answer.words
        assert not any(world.controller.controls.values())
        await device.request_stage(THROUGH, world.ask(60), now)
        older = Ask("late one", "escort", "asked before", now - 5, now + 60)
        assert isinstance(await device.request_stage(ACROSS, older, now), Refused)

    told(story)


def test_the_same_ask_again_is_answered_again_and_done_once() -> None:
    async def story(world: World) -> None:
        ask = world.ask(60)
        first = await world.device.request_stage(THROUGH, ask, world.now)
        writes = world.agent.writes
        assert await world.device.request_stage(THROUGH, ask, world.now) == first
        assert world.agent.writes == writes

    told(story)


def test_the_same_stage_asked_anew_lasts_longer_without_another_message() -> None:
    async def story(world: World) -> None:
        await world.device.request_stage(ACROSS, world.ask(50), world.now)
        await world.pass_until(partial(_shows, world, {4, 8}), within=45)
        await world.pass_(1)
        writes, since = world.agent.writes, world.device.reading(world.now).since
        assert isinstance(await world.device.request_stage(ACROSS, world.ask(60), world.now), Accepted)
        assert world.agent.writes == writes and world.device.reading(world.now).since == since
        await world.pass_(58)
        assert world.greens() == {4, 8}

    told(story)


def test_a_plan_is_selected_and_left_again() -> None:
    async def story(world: World) -> None:
        await world.device.set_plan("3", world.ask(20), world.now)
        await world.pass_(5)
        assert world.controller.pattern == 3 and world.device.reading(world.now).stage is None
        await world.pass_(20)
        assert world.controller.pattern == 0

    told(story)


@pytest.mark.parametrize("mode", ["manual", "preempt"])
def test_a_controller_led_by_hand_or_by_a_local_pre_emption_is_left_alone(mode: str) -> None:
    async def story(world: World) -> None:
        await world.device.request_stage(THROUGH, world.ask(100), world.now)
        await world.pass_(3)
        world.controller.manual, world.cabinet.preempted = mode == "manual", mode == "preempt"
        await world.pass_(2)
        assert not any(world.controller.controls.values())
        assert world.device.reading(world.now).mode is (Mode.MANUAL if mode == "manual" else Mode.LOCAL)
        answer = await world.device.request_stage(THROUGH, world.ask(60), world.now)
        assert isinstance(answer, Refused) and answer.why is Why.NOT_NOW

    told(story)


def test_after_a_restart_the_ask_is_over_and_the_lamps_are_read_as_flashing() -> None:
    async def story(world: World) -> None:
        await world.device.request_stage(ACROSS, world.ask(250), world.now)
        await world.pass_(10)
        world.controller.restart()
        await world.pass_(1)
        reading = world.device.reading(world.now)
        assert (reading.mode, reading.stage, set(reading.state)) == (Mode.FAULT, None, {"o", "O"})
        assert any("restarted" in words for _, words in world.device.notes)
        refused = await world.device.request_stage(ACROSS, world.ask(60), world.now)
        assert isinstance(refused, Refused) and refused.why is Why.NOT_NOW
        await world.pass_(8)
        assert not any(world.controller.controls.values())
        assert isinstance(await world.device.request_stage(ACROSS, world.ask(60), world.now), Accepted)

    told(story)


def test_controls_left_by_a_centre_that_died_are_cleared_at_the_start() -> None:
    async def story(world: World) -> None:
        world.controller.command(OMIT, {1, 2})
        await world.pass_(1)
        assert not any(world.controller.controls.values())

    told(story)


def test_a_lost_command_is_no_contact_and_nothing_of_it_stays() -> None:
    async def story(world: World) -> None:
        for fate in (LOSE, LOSE_ANSWER):
            world.agent.line.append(fate)
            with pytest.raises(NoContact):
                await world.device.request_stage(ACROSS, world.ask(100), world.now)
            await world.pass_(2)
            assert not any(world.controller.controls.values()) and world.device.reading(world.now).stage is None
        assert isinstance(await world.device.request_stage(ACROSS, world.ask(100), world.now), Accepted)

    told(story)


def test_a_command_that_comes_after_its_release_is_undone_with_the_next_step() -> None:
    async def story(world: World) -> None:
        world.agent.line.append(LATE)
        with pytest.raises(NoContact):
            await world.device.request_stage(ACROSS, world.ask(100), world.now)
        await world.device.release(world.ask(1), world.now)
        world.agent.deliver_late()
        assert world.controller.controls[HOLD] == {4, 8}
        await world.pass_(1)
        assert not any(world.controller.controls.values())

    told(story)


def test_a_silent_controller_is_no_contact_and_is_found_again() -> None:
    async def story(world: World) -> None:
        await world.device.request_stage(THROUGH, world.ask(40), world.now)
        world.agent.dead = True
        world.now += 5
        await world.pass_(1)
        with pytest.raises(NoContact, match="Rose Road does not answer"):
            world.device.reading(world.now)
        with pytest.raises(NoContact):
            await world.device.request_stage(THROUGH, world.ask(10), world.now)
        world.controller.advance(40)
        assert world.controller.backed_up
        world.agent.dead, world.now = False, world.now + 40
        await world.pass_(1)
        assert world.device.reading(world.now).mode is Mode.PLAN and not any(world.controller.controls.values())

    told(story)


def test_on_a_bad_line_the_stage_is_reached_and_held_all_the_same() -> None:
    async def story(world: World) -> None:
        chance = random.Random(5)
        world.agent.fate = lambda: LOSE if chance.random() < 0.05 else ""
        for _ in range(5):
            try:
                await world.device.request_stage(ACROSS, world.ask(120), world.now)
                break
            except NoContact:
                await world.pass_(1)
        await world.pass_until(lambda: world.greens() == {4, 8}, within=60)
        await world.pass_(30)
        assert world.greens() == {4, 8}
        world.agent.fate = lambda: ""

    told(story)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_the_line_does_no_command_outlives_its_ask_by_more_than_the_back_up_time(seed: int) -> None:
    """Losses, late and reordered messages, restarts: commands stand only while an ask does, or shortly after one."""

    async def story(world: World) -> None:
        chance = random.Random(seed)
        fates = [*[""] * 12, LOSE, LOSE_ANSWER, LATE]
        world.agent.fate = lambda: chance.choice(fates)
        asked_until = world.now
        for _ in range(80):
            if chance.random() < 0.1:
                ask = world.ask(chance.choice((3, 10, 25)))
                with contextlib.suppress(NoContact):
                    answer = await world.device.request_stage(chance.randrange(8), ask, world.now)
                    asked_until = max(asked_until, ask.until) if isinstance(answer, Accepted) else asked_until
            if chance.random() < 0.1:
                asked_until = max(asked_until, world.now) if world.agent.late else asked_until
                world.agent.deliver_late()
            if chance.random() < 0.02:
                world.controller.restart()
            await world.pass_(1)
            if any(world.controller.controls.values()):
                assert world.now <= asked_until + 30
        world.agent.late.clear()
        world.agent.fate = lambda: ""
        world.now = max(world.now, asked_until)
        await world.pass_until(lambda: not any(world.controller.controls.values()), within=5)
        assert world.controller.pattern == 0

    told(story, timeout_s=0.06)


def test_a_controller_of_snmp_version_1_that_lacks_values_is_read_and_asked_all_the_same() -> None:
    async def story() -> None:
        async with street(version=1) as world:
            lacking = [oid for oid in world.cabinet.fixed if oid.endswith((".2.1.4.5.0", ".2.1.9.1.0", ".2.1.6.1.0"))]
            for oid in lacking:
                del world.cabinet.fixed[oid]
            await world.pass_until(lambda: world.device.obeys, within=3)
            assert len(lacking) == 3 and world.device.tables.patterns == {}
            answer = await world.device.request_stage(ACROSS, world.ask(90), world.now)
            assert isinstance(answer, Accepted)
            await world.pass_until(partial(_shows, world, {4, 8}), within=45)

    asyncio.run(story())


def test_a_user_of_version_3_is_known_to_the_library_and_meets_silence_here() -> None:
    async def story() -> None:
        manager = Manager(
            Address("127.0.0.1", 9, user="me", auth_key="one-long-key", priv_key="two-long-key", retries=0)
        )
        with pytest.raises(Silent) as met:
            await manager.get(["1.3.6.1.2.1.1.3.0"])
        assert "key" not in str(met.value)
        manager.close()

    asyncio.run(story())


def test_without_a_secret_nothing_is_sent() -> None:
    with pytest.raises(SnmpFault, match="No community and no user"):
        Manager(Address("10.0.0.1"))


def test_detectors_tell_counts_occupancy_and_who_waits() -> None:
    async def story(world: World) -> None:
        world.cabinet.counted[3], world.cabinet.counted[4] = (7, 50), (0, 210)
        world.cabinet.sequence, world.cabinet.active = 2, {3}
        await world.device.request_stage(THROUGH, world.ask(100), world.now)
        await world.pass_until(lambda: world.greens() == {2, 6}, within=60)
        found = world.device.detected(world.now)
        lane = found["detector 3"]
        assert (lane.count, lane.occupancy, lane.halted, lane.exact) == (7, 0.25, 1, False)
        assert "detector 4" not in found and found["detector 1"].count == 0

    told(story)


def test_a_wrong_community_is_silence_and_secrets_are_never_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def story() -> None:
        async with street(community="sesame-9000") as world:
            await world.device.step(world.now)
            with pytest.raises(NoContact):
                world.device.reading(world.now)
            assert all("sesame" not in words for _, words in world.device.notes)

    asyncio.run(story())
    told(lambda world: world.pass_(2))
    address = Address("10.0.0.1", community=COMMUNITY, user="me", auth_key="one-key", priv_key="two-key")
    assert all(word not in repr(address) + caplog.text for word in (COMMUNITY, "sesame", "one-key", "two-key"))
