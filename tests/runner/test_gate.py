"""A shut gate in rows: what waits behind it, what a page still gets, and who the next one there is."""

from collections.abc import Callable

import orjson
from sqlalchemy import Connection

from bot.channels.webchat.capabilities import WEBCHAT
from bot.core.channel import Rendered
from bot.core.events import Text
from bot.core.route import FLOOD_COUNT
from bot.runner import mydata, notice
from storage import chats, media, people, staff
from storage.outbox import Lane
from storage.staff import Grant
from tests.runner.office import WHO, Office
from tests.runner.test_hiding import chat, gone, settled
from tests.runner.test_shared_phone import press, session_of

OTHER = "someone else uses this phone"
SECRET = "អំពីប្រាក់ខែ"


async def answer(office: Office, who: int | None) -> None:
    """A member of staff writes to somebody."""

    def work(conn: Connection) -> None:
        person = people.by_id(conn, office.vault, who or 0)
        assert person is not None
        desk = notice.desk_of(office.kit)
        notice.tell(conn, desk, person, Rendered(SECRET), office.clock.now(), restricted=False)

    await office.database.run(work)


async def with_staff(office: Office, who: int | None) -> None:
    """A member of staff takes the chat."""

    def work(conn: Connection) -> None:
        staff.add(conn, "dara", [Grant("caseworker")], office.clock.at)
        scope = staff.scope(conn, "dara")
        assert scope is not None
        chats.give(conn, who or 0, scope.staff_id, office.clock.at)

    await office.database.run(work)


async def words_of_staff(office: Office) -> list[str]:
    return [one.state for one in await office.outbox() if one.lane == Lane.STAFF]


async def file_of(office: Office, who: int | None) -> int:
    """A file that was made for somebody."""

    def work(conn: Connection) -> int:
        person = people.by_id(conn, office.vault, who or 0)
        assert person is not None
        return media.store(conn, person, name="a", mime="b", data=b"c", now=office.clock.at)

    return await office.database.run(work)


async def test_a_stranger_at_the_gate_erases_nobody(office: Office) -> None:
    await office.begin()
    office.clock.wait(hours=9)
    await office.type("stop")
    await press(office, "erase")
    assert (await session_of(office, await office.contact())).frames[-1].dialog == "who"
    assert await office.ask("SELECT erasing_since FROM contact") == [(None,)]


async def test_words_of_staff_wait_while_the_gate_is_shut(office: Office) -> None:
    await office.begin()
    who = await office.contact()
    office.clock.wait(hours=9)
    await office.happen("Start")
    await with_staff(office, who)
    await answer(office, who)
    assert await words_of_staff(office) == ["held"]
    await press(office, "me")
    assert await words_of_staff(office) == ["queued"]
    await answer(office, who)
    assert await words_of_staff(office) == ["queued"] * 2


async def test_words_of_staff_reach_whoever_is_in_danger_above_the_gate(office: Office) -> None:
    await office.begin()
    who = await office.contact()
    office.clock.wait(hours=9)
    await office.happen("Start")
    await office.happen("Text", text="គេវាយខ្ញុំ", message="m-danger")
    await answer(office, who)
    assert await words_of_staff(office) == ["queued"]


async def test_only_their_own_words_end_the_hiding(office: Office) -> None:
    await office.begin()
    who = await office.contact()
    await office.type("🙈")
    await with_staff(office, who)
    await answer(office, who)
    await office.happen("Reachable", reachable=True)
    assert await words_of_staff(office) == ["held"]
    await office.type("ខ្ញុំមកវិញ")
    assert await words_of_staff(office) == ["queued"]


async def test_new_people_who_say_nothing_are_one(office: Office) -> None:
    await office.begin()
    for number in range(12):
        office.clock.wait(minutes=2)
        await office.type(OTHER, name=f"other-{number}")
        await press(office, "new")
    assert await office.many("contact") == 3  # the first, who has the phone, and whoever had it before
    assert await office.said("language.choose") == 1
    assert await office.ask("SELECT count(*) FROM contact WHERE language_chosen") == [(1,)]


async def test_who_left_something_is_not_taken_for_another(office: Office) -> None:
    await office.begin()
    await office.type(OTHER)
    await press(office, "new")
    for label in ("ភាសាខ្មែរ", "📖", "យល់ព្រម"):
        await office.tap(label)
    second = await office.contact()
    for _ in range(3):
        office.clock.wait(minutes=2)
        await office.type(OTHER)
        await press(office, "new")
        assert await office.contact() != second


async def test_words_of_a_new_person_are_not_the_next_ones(office: Office) -> None:
    await office.begin()
    await office.type(OTHER)
    await press(office, "new")
    second = await office.contact()
    await office.type("ខ្ញុំខ្លាច")
    for _ in range(2):
        office.clock.wait(minutes=2)
        await office.type(OTHER)
        await press(office, "new")
    assert await office.contact() == second
    kept = await office.ask("SELECT contact_id FROM inbox WHERE body IS NOT NULL")
    assert kept.count((second,)) == 1  # the beginning that made the chat theirs


async def test_handing_over_ends_no_flood(office: Office) -> None:
    await office.begin()
    for _ in range(FLOOD_COUNT - 1):
        await office.type("hello")
    before = await session_of(office, await office.contact())
    await office.type(OTHER)
    await press(office, "new")
    after = await session_of(office, await office.contact())
    assert after.burst_start == before.burst_start
    assert after.burst_count > FLOOD_COUNT


async def shows(office: Office, hidden: Callable[[str], bool]) -> list[str]:
    told = await office.chats.history(office.stage.account, WHO, 100)
    said = [one.body.text for one in told.lines if isinstance(one.body, Text)]
    return [one for one in said if hidden(one)]


async def test_words_to_staff_are_drawn_no_more_after_hiding(office: Office) -> None:
    office.stage.capabilities = WEBCHAT
    await office.begin()
    await with_staff(office, await office.contact())
    office.clock.wait(minutes=5)
    await office.type(SECRET)
    assert await shows(office, SECRET.__eq__) == [SECRET]
    office.clock.wait(minutes=1)
    await office.type("🙈")
    assert await shows(office, lambda _: True) == []


async def test_a_file_is_not_given_after_hiding_nor_after_hours(office: Office) -> None:
    office.stage.capabilities = WEBCHAT
    await office.begin()
    account, who = office.stage.account, await office.contact()
    first = await file_of(office, who)
    assert await office.chats.document(account, WHO, first) is not None
    office.clock.wait(minutes=1)
    await office.type("🙈")
    assert await office.chats.document(account, WHO, first) is None
    office.clock.wait(minutes=1)
    second = await file_of(office, who)
    assert await office.chats.document(account, WHO, second) is not None
    office.clock.wait(hours=8)
    assert await office.chats.document(account, WHO, second) is None


async def test_after_hours_a_page_that_knows_little_is_told_nothing(office: Office) -> None:
    office.stage.capabilities = WEBCHAT
    await office.begin()
    account = office.stage.account
    told = await office.chats.pull(account, WHO, 0)
    assert (await office.chats.pull(account, WHO, 1)).lines
    office.clock.wait(hours=20)
    for after in range(len(told.lines)):
        assert (await office.chats.pull(account, WHO, after)).lines == ()
    await office.queue(1, SECRET, lane=Lane.STAFF)
    assert (await office.chats.pull(account, WHO, 1)).lines == ()
    assert len((await office.chats.pull(account, WHO, told.lines[-1].seq)).lines) == 1  # the page stood open


async def test_after_hours_what_no_page_ever_fetched_waits_too(office: Office) -> None:
    office.stage.capabilities = WEBCHAT
    await office.begin()
    office.clock.wait(hours=20)
    for after in (0, 1, 3):
        assert (await office.chats.pull(office.stage.account, WHO, after)).lines == ()
    assert set(await office.states()) == {"queued"}


async def test_whoever_takes_over_hides_what_the_other_was_told(office: Office) -> None:
    await chat(office)
    said = len(office.stage.sent)
    await office.type(OTHER)
    await settled(office)
    await press(office, "new")
    await settled(office)
    await office.type("លាក់")
    await settled(office)
    assert {"m-start", *map(str, range(1, said + 1))} <= gone(office)


async def test_my_answers_do_not_tell_of_a_complaint(office: Office) -> None:
    await office.begin()
    await command(office, "complain")
    await press(office, "bot", "named")
    await office.type("ថៅកែយកលិខិតឆ្លងដែន")
    await command(office, "mydata")
    await press(office, "show")
    shown = (await office.outbox())[-2].part.text
    assert await office.words("intake.phone-sharing") in shown
    assert await office.words("complain.about") not in shown
    assert await office.ask("SELECT count(*) FROM answer WHERE node LIKE 'complain.%'") != [(0,)]
    assert "complain." not in await exported(office)


async def command(office: Office, name: str) -> None:
    raw = {"id": f"{name}-{office.count}", "from": WHO, "event": "Command", "name": name}
    await office.inbound.take(office.stage.account, raw)


async def exported(office: Office) -> str:
    def work(conn: Connection) -> str:
        live = office.kit.library.live(conn)
        person = people.by_id(conn, office.vault, 1, lock=False)
        assert person is not None
        told = mydata.export(conn, office.vault, person, live.book)
        return orjson.dumps(told["answers"]).decode()

    return await office.database.read(work)
