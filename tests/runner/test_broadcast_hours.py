"""Announcements and the hours of a person: after a pause, after an outage, and after a no."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.messenger.capabilities import MESSENGER
from bot.runner import broadcast_expanding, broadcasting
from storage import people
from storage.database import Database
from storage.outbox import Lane, OutRow, claim
from storage.schema import outbox, safe_hours
from storage.seal import Vault
from storage.staff import EVERYWHERE, Grant, Scope
from tests.runner.crowd import NEWS, Crowd
from tests.runner.office import LEASE, NOON, Office
from tests.runner.stage import Stage

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def crowd(office: Office, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """Four people, two at a time; the last hears from us in the evening alone."""
    monkeypatch.setattr(broadcast_expanding, "AT_ONCE", 2)
    crowd = Crowd(office)
    await crowd.joins("80", "81", "82", "83")
    evening = {"contact_id": crowd.ids["83"], "hours": "evening"}
    await crowd.does(lambda conn: conn.execute(safe_hours.insert().values(evening)))
    return crowd


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    """An hour in Phnom Penh, of the day on which the office begins or of one after it."""
    midnight = NOON.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(hours=7)
    return midnight + timedelta(days=days, hours=hour, minutes=minute)


async def claimed(crowd: Crowd) -> list[OutRow]:
    account, vault = crowd.office.stage.account, crowd.office.vault
    return await crowd.does(claim, vault, account, "w9", crowd.now, crowd.now + LEASE, 100)


async def leaves(crowd: Crowd) -> dict[str, tuple[datetime, datetime | None]]:
    """Of whoever it waits for: from when on it leaves, and until when."""
    cells = (outbox.c.contact_id, outbox.c.not_before, outbox.c.expires)
    wanted = select(*cells).where(outbox.c.state == "queued", outbox.c.lane == Lane.BROADCAST)
    names = {number: who for who, number in crowd.ids.items()}
    rows = await crowd.office.database.read(lambda conn: conn.execute(wanted).all())
    return {names[one]: (start, end) for one, start, end in rows}


async def test_resumed_each_gets_it_in_their_own_hours_and_nobody_twice(crowd: Crowd, chief: Scope) -> None:
    ten, evening = at(10), at(16)
    crowd.office.clock.at = ten
    number = await crowd.announces(chief)
    await crowd.ticks(times=2)
    assert (await leaves(crowd))["83"][0] == evening
    await crowd.does(broadcasting.pause, chief, number, crowd.now)
    await crowd.does(people.set_flag, crowd.ids["82"], "careful", on=True, now=crowd.now)
    crowd.office.clock.wait(hours=1)
    await crowd.does(broadcasting.resume, chief, number, crowd.now)
    await crowd.ticks(times=2)
    waits = await leaves(crowd)
    assert {who: start for who, (start, _) in waits.items()} == {
        "80": ten + HOUR,
        "81": ten + HOUR,
        "83": evening,
    }
    stands = await crowd.stands(number)
    assert (stands.states, stands.skipped) == ({"queued": 3}, {"others see": 1}), (
        "their phone is shared by now"
    )
    crowd.office.serve()
    while len(crowd.office.stage.sent) < 2:
        await crowd.ticks(seconds=1)
    crowd.office.clock.at = evening
    while len(crowd.office.stage.sent) < 3:
        await crowd.ticks(seconds=1)
    await crowd.ticks(seconds=10, times=2)
    assert (await crowd.finds(chief, number)).state == "done"
    assert sorted(who for who, _ in crowd.office.stage.sent) == ["80", "81", "83"]


async def test_resumed_at_night_it_waits_for_the_morning(crowd: Crowd, chief: Scope) -> None:
    morning = at(7, days=1)
    number = await crowd.announces(chief)
    await crowd.ticks(times=2)
    await crowd.does(broadcasting.pause, chief, number, crowd.now)
    crowd.office.clock.at = at(23)
    await crowd.does(broadcasting.resume, chief, number, crowd.now)
    await crowd.ticks(times=2)
    assert await claimed(crowd) == []
    crowd.office.clock.at = morning
    await crowd.ticks(times=2)
    assert {row.contact_id for row in await claimed(crowd)} == {crowd.ids[one] for one in ("80", "81", "82")}


async def test_what_no_sender_took_before_the_night_leaves_the_next_day_until_it_is_over(
    crowd: Crowd, chief: Scope
) -> None:
    late, night, morning = at(20, 50), at(26), at(7, days=1)
    end = at(12, days=1)
    crowd.office.clock.at = late
    number = await crowd.announces(chief, replace(NEWS, expires=end))
    await crowd.ticks(times=3)
    waits = await leaves(crowd)
    assert waits["80"] == (late, at(21)), "nobody is written to after the hours in which it was to leave"
    crowd.office.clock.at = night
    assert await claimed(crowd) == []
    await crowd.ticks(times=2)
    assert await claimed(crowd) == []
    crowd.office.clock.at = morning
    await crowd.ticks(seconds=5, times=4)
    ends = {who: until for who, (_, until) in (await leaves(crowd)).items()}
    assert ends == dict.fromkeys(("80", "81", "82", "83"), end)
    crowd.office.serve()
    while len(crowd.office.stage.sent) < 3:
        await crowd.ticks(seconds=1)
    crowd.office.clock.at = end
    await crowd.ticks(seconds=10, times=4)
    assert (await crowd.finds(chief, number)).state == "done"
    assert sorted(who for who, _ in crowd.office.stage.sent) == ["80", "81", "82"]
    assert (await crowd.stands(number)).states == {"sent": 3, "expired": 1}, "the evening is behind its end"
    again = await crowd.does(broadcasting.repeat, chief, number, crowd.now)
    assert isinstance(again, int)
    assert (await crowd.sees(chief, again)).people == 1, "whoever got it the next day is not among them"


async def test_a_no_to_fairs_takes_back_what_waited_for_them_to_write(
    database: Database, vault: Vault, tmp_path: Path, office: Office
) -> None:
    """On Messenger what waits leaves behind the answer to whatever they write next: not to this."""
    page = Office(database, vault, tmp_path, clock=office.clock, stage=Stage("messenger:9", MESSENGER))
    crowd = Crowd(page)
    chief = await crowd.hires("chief", Grant("admin", EVERYWHERE))
    await crowd.joins("81")
    number = await crowd.announces(chief, replace(NEWS, purpose="fairs"))
    other = await crowd.announces(chief)
    await crowd.ticks(times=3)
    page.serve()
    await page.until_states(["held", "held"], "81")
    await page.type("STOP fairs", who="81")
    gone, left = [await crowd.stands(one) for one in (number, other)]
    assert (gone.states, gone.skipped) == ({}, {"said no to fairs": 1})
    assert left.people == 1, "other news may still go"
    await page.close()
