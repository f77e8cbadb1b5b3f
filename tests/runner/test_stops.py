"""Trouble of a whole account: everybody waits, nobody is marked, somebody is told, and it ends by itself."""

import asyncio
from datetime import timedelta

from sqlalchemy import Connection
from structlog.typing import EventDict

from bot.channels.channel import Refused, Retry
from bot.core.contact import Address
from bot.core.pace import Limits, Pace
from storage import duty, pace, people, staff
from storage.staff import Grant
from tests.runner.house import CHIEF, MONDAY, House
from tests.runner.office import NOON, PATIENCE, WHO, Office, until, words_of
from tests.runner.stage import Stage

OTHER = "93007002"


async def row_of(office: Office) -> Pace:
    found = await office.database.read(lambda conn: pace.of(conn, office.stage.account))
    assert found is not None
    return found


async def until_waiting(office: Office) -> None:
    """Wait until both parts wait and no try counts, seen at one moment: a claim may have been under way."""
    async with asyncio.timeout(PATIENCE):
        while [(said.state, said.tries) for said in await office.outbox()] != [("queued", 0)] * 2:
            pass


async def refused(office: Office, times: int = 1) -> int:
    office.stage.outcomes += [Refused("Unauthorized", stop="account")] * times
    one = await office.greet(WHO)
    await office.queue(one, "one", "two")
    await office.until_tried(1)
    await until_waiting(office)
    return one


async def test_a_refused_account_keeps_its_queue_and_probes_ever_less_often(office: Office) -> None:
    office.serve()
    await refused(office, times=3)
    for count, minutes in ((1, 30), (2, 60)):
        office.clock.wait(minutes=minutes, seconds=-1)
        office.sender.wake(office.stage.account)
        await office.type("?", who=OTHER)
        await office.until_tried(count)
        office.clock.wait(seconds=2)
        office.sender.wake(office.stage.account)
        await office.until_tried(count + 1)
        await until_waiting(office)
    office.clock.wait(hours=3)
    office.sender.wake(office.stage.account)
    await office.until_states(["sent", "sent"])
    assert words_of(office.stage) == ["one", "two"]
    assert (await row_of(office)).stopped == ""


async def test_nobody_is_marked_when_the_whole_account_is_refused(
    office: Office, journal: list[EventDict]
) -> None:
    office.serve()
    await refused(office)
    assert await office.ask("SELECT reachable FROM contact") in ([(1,)], [(True,)])
    stopped = await row_of(office)
    assert (stopped.stopped, stopped.stops) == ("Unauthorized", 1)
    assert stopped.paused_until == NOON + timedelta(minutes=30)
    assert {"event": "account refused", "log_level": "error"}.items() <= journal[-1].items()


async def test_an_account_that_somebody_mended_sends_within_seconds(office: Office) -> None:
    """The command writes the row; a serving process looks at it while it is stopped."""
    office.serve()
    await refused(office)
    mended = Pace(1.0, NOON, 25.0, 28.0)
    await office.database.run(lambda conn: pace.put(conn, office.stage.account, mended, NOON))
    office.clock.wait(seconds=4)
    office.sender.wake(office.stage.account)
    await office.type("?", who=OTHER)
    assert len(office.stage.tried) == 1
    office.clock.wait(seconds=2)
    office.sender.wake(office.stage.account)
    await office.until_states(["sent", "sent"])


async def test_a_restart_within_a_pause_keeps_it(office: Office) -> None:
    office.serve()
    office.stage.outcomes.append(Retry("429", 60, account_wide=True))
    await office.queue(await office.greet(WHO), "one")
    await office.until_tried(1)
    await office.until_states(["queued"])
    again = Office(office.database, office.vault, office.folder, office.clock, office.stage, "w2")
    again.serve()
    office.clock.wait(seconds=59)
    again.sender.wake(again.stage.account)
    await again.queue(await again.greet(OTHER), "other")
    await again.until_states(["queued"], OTHER)
    assert len(again.stage.tried) == 1
    office.clock.wait(seconds=2)
    again.sender.wake(again.stage.account)
    for who in (WHO, OTHER):
        await again.until_states(["sent"], who)
    await again.close()


async def test_a_restart_while_stopped_stays_stopped(office: Office) -> None:
    office.serve()
    await refused(office)
    again = Office(office.database, office.vault, office.folder, office.clock, office.stage, "w2")
    again.serve()
    await again.queue(await again.greet(OTHER), "other")
    await again.until_states(["queued"], OTHER)
    await again.type("?")
    assert len(again.stage.tried) == 1
    await again.close()


async def test_being_told_to_wait_costs_a_part_no_try(office: Office) -> None:
    office.serve()
    office.stage.outcomes += [Retry("429", 1, account_wide=True)] * 12
    await office.queue(await office.greet(WHO), "one")
    for count in range(1, 13):
        await office.until_tried(count)
        await office.until_states(["queued"])
        office.clock.wait(seconds=2)
        office.sender.wake(office.stage.account)
    await office.until_states(["sent"])


async def test_administrators_hear_of_it_where_they_are_still_reached(house: House) -> None:
    """One has only the chat on the refused account; the other writes to another bot of ours."""
    office = house.office
    await house.joins("chief", CHIEF, Grant("admin"))
    page = Stage("telegram:7002")
    office.kit.channels["telegram:7002"] = page  # type: ignore[index] - a dict, which the office made
    vault = office.vault

    def elsewhere(conn: Connection) -> dict[str, int]:
        chats = {}
        for name, role in (("sok", Grant("admin")), ("dara", Grant("caseworker"))):
            staff.add(conn, name, [role], MONDAY)
            where = Address("telegram:7002", name)
            chats[name] = people.greet(conn, vault, where, "km", MONDAY).contact.id
            duty.set_code(conn, vault, name, f"CODE{name}", MONDAY)
            duty.join(conn, vault, chats[name], f"CODE{name}", MONDAY)
        return chats

    chats = await office.database.run(elsewhere)
    office.serve()
    office.stage.outcomes += [Refused("Unauthorized", stop="account")] * 2
    await office.queue(await office.greet(WHO), "one")
    await until(
        lambda: len(office.stage.tried) >= 1, "a try"
    )  # both may be tried in the same turn of the loop
    await office.until_states(["queued"])
    async with asyncio.timeout(PATIENCE):
        while await office.database.read(lambda conn: pace.of(conn, office.stage.account)) is None:  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.01)  # the stop, and what it says, are one transaction
    assert await office.said("bot.account-stopped", CHIEF) == 0
    told = await office.ask(
        "SELECT contact.id FROM outbox JOIN account ON account.id = outbox.account_id"
        " JOIN contact ON contact.id = outbox.contact_id WHERE account.name = 'telegram:7002'"
    )
    assert told == [(chats["sok"],)]


async def test_a_limited_account_sends_what_it_may_and_keeps_the_rest(office: Office) -> None:
    """Its clock stands still: one is at hand, and no more come."""
    office.sender.limiter._limits = {office.stage.account: Limits(25.0)}  # noqa: SLF001 - the office has none
    office.sender.limiter._clock = lambda _conn: office.clock.at  # noqa: SLF001 - the database's would run on
    office.serve()
    for number in range(4):
        await office.queue(await office.greet(str(number)), "one")
    await office.until_tried(1)
    office.clock.wait(seconds=1)
    await office.until_tried(3)
    assert len(office.stage.tried) == 3
