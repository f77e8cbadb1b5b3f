"""A person in two apps: what goes where, what each phone keeps shut, and taking the two apart again."""

import pytest
from sqlalchemy import Connection

from bot.channels.webchat.capabilities import WEBCHAT
from bot.core.channel import Rendered
from bot.core.contact import Address
from bot.core.pace import Pace
from bot.runner import alarm, notice
from storage import duty, outbox, pace, people, staff
from storage.outbox import Draft, Lane, Result
from storage.staff import Grant
from tests.runner.apps import HER_PSID, PAGE, PICTURES, SOPHEA, TELEGRAM, Apps
from tests.runner.office import Office, until
from tests.runner.stage import Stage

SECRET = "អំពីប្រាក់ខែ"


@pytest.fixture
def apps(office: Office) -> Apps:
    return Apps(office)


async def staff_writes(apps: Apps, contact_id: int) -> None:
    def work(conn: Connection) -> None:
        person = people.by_id(conn, apps.office.vault, contact_id)
        assert person is not None
        desk = notice.desk_of(apps.office.kit)
        notice.tell(conn, desk, person, Rendered(SECRET), apps.office.clock.at, restricted=False)

    await apps.office.database.run(work)


async def test_replies_go_where_was_written_and_staff_where_was_written_last(apps: Apps) -> None:
    first = await apps.joined()
    await staff_writes(apps, first)
    apps.on_telegram()
    apps.office.clock.wait(minutes=1)
    await apps.office.type("hello")
    await staff_writes(apps, first)
    assert [name for name, _ in await apps.went(first)] == [TELEGRAM, PAGE, TELEGRAM]
    assert (await apps.went(first, Lane.REPLY))[-1][0] == TELEGRAM


async def test_where_the_window_is_shut_the_other_app_is_taken(apps: Apps) -> None:
    first = await apps.joined()
    apps.office.clock.wait(hours=25)
    await staff_writes(apps, first)
    assert (await apps.went(first))[-1][0] == TELEGRAM


async def test_the_gate_of_one_phone_is_not_opened_on_the_other(apps: Apps) -> None:
    first = await apps.joined()
    office = apps.on_telegram()
    office.clock.wait(hours=9)
    await office.happen("Start")
    assert (await office.outbox())[-1].part.text.startswith(await office.words("who.ask"))
    apps.on_messenger()
    office.clock.wait(minutes=1)
    await office.type("hello", who=HER_PSID)
    asked = (await office.outbox(HER_PSID))[-1].part.text
    assert asked.startswith(await office.words("who.ask"))
    await apps.press(HER_PSID, "me", *PICTURES)
    await staff_writes(apps, first)
    assert (await apps.went(first))[-1] == (PAGE, "queued")
    apps.on_telegram()
    await office.type("hello")
    assert (await office.outbox())[-1].part.text.startswith(await office.words("who.ask"))


async def test_writing_in_one_app_does_not_keep_the_other_open(apps: Apps) -> None:
    await apps.joined()
    for _ in range(5):
        apps.office.clock.wait(hours=2)
        await apps.office.type("hello", who=HER_PSID)
    office = apps.on_telegram()
    await office.happen("Start")
    assert (await office.outbox())[-1].part.text.startswith(await office.words("who.ask"))


async def test_taken_apart_here_the_chat_is_a_new_person_s(apps: Apps) -> None:
    first = await apps.joined()
    office = apps.office
    await office.type("my answers", who=HER_PSID)
    await apps.press(HER_PSID, "unlink", "here")
    second = await apps.whose(PAGE, HER_PSID)
    assert second != first
    assert await office.said("language.choose", HER_PSID) == 1
    assert await apps.whose(TELEGRAM, SOPHEA) == first
    links_of = await office.ask("SELECT contact_id FROM contact_address ORDER BY contact_id")
    assert links_of.count((first,)) == 1
    assert await office.ask("SELECT count(*) FROM submission") == [(1,)]
    audit = await office.ask("SELECT action FROM audit ORDER BY id")
    assert audit == [("contact.linked",), ("contact.unlinked",)]


async def test_taken_apart_from_the_other_nothing_changes_here(apps: Apps) -> None:
    first = await apps.joined()
    office = apps.on_telegram()
    await office.type("my answers")
    await apps.press(SOPHEA, "unlink", "others")
    assert await office.said("bot.link-ended") == 1
    assert await apps.whose(TELEGRAM, SOPHEA) == first
    assert await apps.whose(PAGE, HER_PSID) not in {None, first}
    await staff_writes(apps, first)
    assert (await apps.went(first))[-1] == (TELEGRAM, "queued")


async def test_what_waited_there_goes_to_the_app_that_is_left(apps: Apps) -> None:
    first = await apps.joined()
    await staff_writes(apps, first)
    office = apps.on_telegram()
    await office.type("my answers")
    await apps.press(SOPHEA, "unlink", "others")
    assert {name for name, _ in await apps.went(first)} == {TELEGRAM}


async def test_erasing_erases_from_both_and_says_so(apps: Apps) -> None:
    await apps.joined()
    office = apps.office
    await office.type("erase", who=HER_PSID)
    await apps.press(HER_PSID, *PICTURES)
    assert await office.said("erase.both", HER_PSID) == 1
    await apps.press(HER_PSID, "yes")
    office.clock.wait(minutes=5)
    await office.agenda.tick(office.clock.at)
    assert await office.many("contact") == 0
    assert await office.many("address") == 0
    assert await office.many("link") == 0


async def test_hiding_deletes_in_the_app_where_it_was_asked(apps: Apps) -> None:
    apps.office.serve()
    await apps.joined()
    office = apps.office
    await office.type("menu", who=HER_PSID)
    await until(lambda: len(apps.messenger.sent) > len(PICTURES) and len(apps.telegram.sent) > len(PICTURES))
    await office.type("🙈", who=HER_PSID)
    await until(lambda: bool(apps.messenger.deleted))
    assert {who for who, _ in apps.messenger.deleted} == {HER_PSID}
    assert not apps.telegram.deleted


async def test_the_page_shows_only_what_was_said_on_it_and_nothing_while_they_write_elsewhere(
    apps: Apps,
) -> None:
    office, page = apps.office, Stage("webchat:site", WEBCHAT)
    office.kit.channels[page.account] = page  # type: ignore[index] - the office made it a dict
    office.stage = page
    await office.begin()
    await apps.sets_pictures()
    token = await apps.makes_link()
    office.clock.wait(minutes=1)
    apps.on_telegram()
    await apps.opens(token, "42")
    await apps.press("42", *PICTURES)
    assert await apps.whose(TELEGRAM, "42") == await apps.whose(page.account, SOPHEA)
    assert (await office.chats.history(page.account, SOPHEA, 100)).lines == ()
    office.stage = page
    office.clock.wait(minutes=1)
    await office.type("menu", name="menu")
    lines = (await office.chats.history(page.account, SOPHEA, 100)).lines
    joined = await office.words("bot.link-joined")
    assert lines
    assert not any(one.part and joined in one.part.text for one in lines)
    pulled = (await office.chats.pull(page.account, SOPHEA, 0)).lines
    assert not any(one.part and joined in one.part.text for one in pulled)


async def test_an_administrator_hears_of_a_stopped_app_over_their_other_one(apps: Apps) -> None:
    first, office = await apps.joined(), apps.office
    apps.on_messenger()
    now = office.clock.at
    await office.database.run(lambda conn: staff.add(conn, "sok", [Grant("admin")], now))
    await office.database.run(lambda conn: duty.set_code(conn, office.vault, "sok", "CODESOKX", now))
    assert await office.database.run(lambda conn: duty.join(conn, office.vault, first, "CODESOKX", now))

    def tell(conn: Connection, account: str) -> None:
        alarm.tell(conn, office.kit, account, now)

    before = len(await apps.went(first))
    await office.database.run(lambda conn: tell(conn, PAGE))
    await office.database.run(lambda conn: tell(conn, TELEGRAM))
    assert [name for name, _ in await apps.went(first)][before:] == [TELEGRAM, PAGE]
    stopped = Pace(0.0, now, 1.0, 1.0, stopped="bad-token")
    await office.database.run(lambda conn: pace.put(conn, PAGE, stopped, now))
    await office.database.run(lambda conn: tell(conn, TELEGRAM))
    assert len(await apps.went(first)) == before + 2, "neither app takes anything"


@pytest.mark.parametrize("how", ["refusal", "report"])
async def test_who_blocks_one_app_is_reached_in_the_other_and_only_both_make_nobody(
    apps: Apps, how: str
) -> None:
    first, office = await apps.joined(), apps.office

    async def blocks(stage: Stage, who: str) -> None:
        office.stage = stage
        if how == "report":
            await office.happen("Reachable", who=who, reachable=False)
            return
        await blocked(office, stage, who)

    async def reachable() -> bool:
        ((found,),) = await office.ask("SELECT reachable FROM contact WHERE id = 1")
        return bool(found)

    await blocks(apps.messenger, HER_PSID)
    assert await reachable()
    await staff_writes(apps, first)
    assert (await apps.went(first))[-1] == (TELEGRAM, "queued")
    await blocks(apps.telegram, SOPHEA)
    assert not await reachable()
    apps.on_messenger()
    await office.type("hello", who=HER_PSID)
    assert await reachable()
    await staff_writes(apps, first)
    assert (await apps.went(first))[-1] == (PAGE, "queued")
    await blocks(apps.telegram, SOPHEA)
    assert await reachable(), "she let us write on Messenger again"
    office.clock.wait(hours=25)
    await staff_writes(apps, first)
    assert (await apps.went(first))[-1] == (PAGE, "queued"), "a shut window opens again; a block is a no"


async def blocked(office: Office, stage: Stage, who: str) -> None:
    """What was sent there came back: she blocked us."""

    def write_down(conn: Connection) -> None:
        person = people.find(conn, office.vault, Address(stage.account, who), "")
        assert person is not None
        first = people.take_seq(conn, person.contact.id)
        lease = ("w1", office.clock.at)
        (row,) = outbox.add(
            conn,
            person,
            [Draft(f"b:{first}", Lane.REMINDER, b"{}")],
            first_seq=first,
            now=office.clock.at,
            lease=lease,
        )
        reason = "person: bot was blocked"
        office.sender._ledger._finish(conn, [Result(row, "failed", reason)])  # noqa: SLF001 - as a flush would

    await office.database.run(write_down)


async def test_taken_apart_who_is_left_in_an_app_that_they_blocked_is_not_reachable(apps: Apps) -> None:
    await apps.joined()
    office = apps.on_telegram()
    await office.happen("Reachable", reachable=False)
    apps.on_messenger()
    office.clock.wait(minutes=1)
    await office.type("my answers", who=HER_PSID)
    await apps.press(HER_PSID, "unlink", "here")
    assert await office.ask("SELECT reachable FROM contact WHERE id = 1") in ([(0,)], [(False,)])
