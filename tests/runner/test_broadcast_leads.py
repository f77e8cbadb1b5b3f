"""Where the buttons of an announcement lead: to nothing that is not there, or that people are not shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.core.activity import Activity, Bilingual, Sheet, State
from bot.core.announcement import Fault, Link, digest
from bot.core.segment import Segment
from bot.runner import broadcasting
from bot.runner.broadcasting import Refusal
from storage import activities, broadcasts, consents
from storage.broadcasts import Broadcast
from storage.staff import Scope
from tests.runner.announcer import WRITER, drafts, payloads, people
from tests.runner.crowd import NEWS, Crowd
from tests.runner.house import DARA, House
from tests.runner.phone import Phone, a_fair, a_sheet

ONLY = Link(Bilingual("ទៅ", "Go"), "a:1")
LEADS = replace(NEWS, buttons=(ONLY,))


def sheet(now: datetime) -> Sheet:
    """In three days."""
    starts = now + timedelta(days=3)
    return a_sheet(starts_at=starts, ends_at=starts + timedelta(hours=4), stops=())


async def made(crowd: Crowd) -> Activity:
    return await crowd.does(activities.make, "fair", "pursat", sheet(crowd.now), crowd.now)


async def stands(crowd: Crowd, state: State) -> None:
    await crowd.does(activities.change, 1, crowd.now, state=state)


async def test_what_nobody_ever_made_is_refused_at_once(crowd: Crowd, chief: Scope) -> None:
    assert await crowd.does(broadcasting.draft, chief, LEADS, crowd.now) == (Fault("no activity", "a:1"),)
    theirs = replace(NEWS, segment=Segment(activity=1))
    wanted = (Fault("no activity", "activity=1"),)
    assert await crowd.does(broadcasting.draft, chief, theirs, crowd.now) == wanted
    number = await crowd.drafts(chief)
    assert await crowd.does(broadcasting.edit, chief, number, theirs, crowd.now) == wanted
    await made(crowd)
    assert isinstance(await crowd.does(broadcasting.draft, chief, LEADS, crowd.now), int)
    assert isinstance(await crowd.does(broadcasting.draft, chief, theirs, crowd.now), int)


async def test_it_goes_out_only_where_people_find_the_activity(crowd: Crowd, chief: Scope) -> None:
    await crowd.joins("81")
    await made(crowd)
    number = await crowd.drafts(chief, LEADS)
    states: dict[State, str] = {"draft": "unpublished", "cancelled": "called off", "done": "over"}
    for state, wrong in states.items():
        await stands(crowd, state)
        assert [one.kind for one in (await crowd.sees(chief, number)).faults] == [wrong]
        assert await crowd.approves(chief, number) == Refusal.FAULTY
    await stands(crowd, "published")
    late = replace(LEADS, send_at=crowd.now + timedelta(days=3, hours=4))
    await crowd.does(broadcasting.edit, chief, number, late, crowd.now)
    assert (await crowd.sees(chief, number)).faults == (Fault("over", "a:1"),)
    assert await crowd.approves(chief, number) == Refusal.FAULTY
    await crowd.does(broadcasting.edit, chief, number, LEADS, crowd.now)
    assert (await crowd.sees(chief, number)).faults == ()
    assert isinstance(await crowd.approves(chief, number), Broadcast)


async def test_a_dialog_that_the_live_release_lost_is_told(crowd: Crowd, chief: Scope) -> None:
    await crowd.joins("81")
    gone = replace(NEWS, buttons=(Link(Bilingual("ទៅ", "Go"), "d:nope"),))
    number = await crowd.drafts(chief, gone)
    assert (await crowd.sees(chief, number)).faults == (Fault("no dialog", "d:nope"),)


async def test_the_hour_is_told_at_which_it_really_leaves(crowd: Crowd, chief: Scope) -> None:
    night = datetime(2099, 12, 1, 16, 0, tzinfo=UTC)  # 23:00 in Phnom Penh
    number = await crowd.drafts(chief, replace(NEWS, send_at=night))
    assert (await crowd.sees(chief, number)).leaves == night + timedelta(hours=8)


async def test_what_was_ended_before_it_began_failed_nobody(crowd: Crowd, chief: Scope) -> None:
    await crowd.joins("81")
    number = await crowd.announces(chief, replace(NEWS, send_at=crowd.now + timedelta(days=1)))
    await crowd.does(broadcasting.stop, chief, number, crowd.now)
    assert await crowd.does(broadcasting.repeat, chief, number, crowd.now) == Refusal.UNBEGUN
    assert await crowd.does(broadcasts.find, number + 1) is None


async def test_a_no_to_one_purpose_is_a_reason_of_its_own(crowd: Crowd, chief: Scope) -> None:
    await crowd.joins("81", "82")
    shown = {"text": "news.wanted", "release": "r", "language": "km", "channel": "telegram"}
    said = {"granted": False, "now": crowd.now}
    await crowd.does(consents.record, crowd.ids["81"], "messages-fairs", **said, **shown)  # type: ignore[arg-type]
    await crowd.does(consents.record, crowd.ids["82"], "messages", **said, **shown)  # type: ignore[arg-type]
    number = await crowd.drafts(chief, replace(NEWS, purpose="fairs"))
    lost = (await crowd.sees(chief, number)).not_reached
    assert lost == {"said no to fairs": 1, "said no to messages": 1}
    news = await crowd.drafts(chief, NEWS)
    assert (await crowd.sees(chief, news)).not_reached == {"said no to messages": 1}


# --- by phone ---


async def test_by_phone_the_preview_says_why_and_nothing_leaves(house: House) -> None:
    await house.joins("dara", DARA, WRITER)
    dara = Phone(house, DARA)
    await people(house, ("81",), "woman")
    fair = await a_fair(house)
    await drafts(dara)
    await dara.presses(f"s:an:1:link:{fair.id}")
    await dara.presses("s:an:1:preview")
    assert house.says("phone.an-send") in await dara.buttons()
    send = next(one for one in await payloads(house, DARA) if ":send:" in one)

    await house.office.database.run(
        lambda conn: activities.change(conn, fair.id, house.office.clock.at, state="cancelled")
    )
    await dara.presses(send.replace("send", "really"))
    assert await dara.reads() == house.says("phone.an-refused.faulty")
    await dara.presses("s:an:1:preview")
    assert house.says("phone.an-fault.called-off", what=f"a:{fair.id}") in await dara.reads()
    assert house.says("phone.an-send") not in await dara.buttons()
    await dara.presses(f"s:an:1:link:{fair.id}")
    assert await dara.reads() == house.says("phone.an-fault.called-off", what=f"a:{fair.id}")
    await dara.presses("s:an:1:link:77")
    assert await dara.reads() == house.says("phone.an-fault.no-activity", what="a:77")


async def test_by_phone_nothing_leaves_that_leads_to_a_lost_dialog(house: House) -> None:
    await house.joins("dara", DARA, WRITER)
    dara = Phone(house, DARA)
    await people(house, ("81",), "woman")
    await drafts(dara)
    now = house.office.clock.at

    def lead_nowhere(conn: Connection) -> str:
        found = broadcasts.find(conn, 1)
        assert found is not None
        gone = replace(found.announcement, buttons=(Link(Bilingual("ទៅ"), "d:nope"),))
        broadcasts.change(conn, 1, gone, found.staff_id, now)
        return digest(gone)[:16]

    seen = await house.office.database.run(lead_nowhere)
    await dara.presses(f"s:an:1:really:{seen}")
    assert await dara.reads() == house.says("phone.an-refused.faulty")
    await dara.presses("s:an:1:preview")
    assert house.says("phone.an-fault.no-dialog", what="d:nope") in await dara.reads()
