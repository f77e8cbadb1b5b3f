"""A chat that is hidden: both sides' messages go, one neutral line stays, and nothing follows unasked."""

from sqlalchemy import Connection

from bot.channels.channel import Refused, Retry, Uncertain
from bot.channels.webchat.capabilities import WEBCHAT
from bot.core.channel import Rendered
from bot.runner import notice
from storage import chats, people, staff
from storage.parts import Lane
from storage.staff import Grant
from tests.runner.office import WHO, Office, until, words_of

HIDDEN = "SELECT hidden FROM contact"


async def chat(office: Office) -> None:
    """A few words either way."""
    office.serve()
    await office.happen("Start", message="m-start")
    await office.tap("ភាសាខ្មែរ")
    await settled(office)


async def settled(office: Office) -> None:
    await office.until_states(["sent"] * len(await office.outbox()))


async def hide(office: Office, words: str = "🙈") -> None:
    await office.type(words)
    await settled(office)


def gone(office: Office) -> set[str]:
    return {message for _, messages in office.stage.deleted for message in messages}


async def test_both_sides_vanish_and_a_neutral_line_stays(office: Office) -> None:
    await chat(office)
    said = len(office.stage.sent)
    await hide(office)
    ((where, messages),) = office.stage.deleted
    assert where == WHO
    tapped = "7"  # in this office every tapped message has that number
    assert set(messages) == {"m-start", "m2", tapped, *map(str, range(1, said + 1))}
    (last,) = words_of(office.stage)[said:]
    assert last.startswith(await office.words("hide.telegram"))
    assert (await office.outbox())[-1].part.rows == ()
    assert await office.ask(HIDDEN) in ([(1,)], [(True,)])


async def test_words_that_are_kept_nowhere_are_deleted_there_too(office: Office) -> None:
    await chat(office)
    await office.happen("Location", latitude=13.1, longitude=103.2, message="m-place")
    await office.happen("Text", text="ขอความช่วยเหลือ គេវាយខ្ញុំ", message="m-danger")
    await hide(office)
    assert {"m-place", "m-danger"} <= gone(office)


async def test_what_is_too_old_for_the_platform_is_not_asked_for(office: Office) -> None:
    await chat(office)
    early = len(office.stage.sent)
    office.clock.wait(days=2)
    await office.type("សួស្តី")
    await settled(office)
    await hide(office)
    ((_, messages),) = office.stage.deleted
    assert not {"m-start", *map(str, range(1, early + 1))} & set(messages)
    assert len(messages) == 2 + len(office.stage.sent) - 1 - early


async def test_a_deletion_that_failed_is_done_again_before_the_line_goes(office: Office) -> None:
    await chat(office)
    said = len(office.stage.sent)
    office.stage.deletions.extend([Uncertain("answer-lost"), Retry("server-trouble", after=0.0)])
    await office.type("លាក់")
    await until(lambda: len(office.stage.deleted) == 1, "the first try")
    assert len(office.stage.sent) == said
    office.clock.wait(minutes=20)
    office.sender.wake(office.stage.account)
    await until(lambda: len(office.stage.deleted) >= 2, "the second try")
    office.clock.wait(minutes=20)
    office.sender.wake(office.stage.account)
    await settled(office)
    assert len(office.stage.sent) == said + 1
    assert len({messages for _, messages in office.stage.deleted}) == 1


async def test_a_deletion_that_is_refused_does_not_keep_the_line(office: Office) -> None:
    await chat(office)
    office.stage.deletions.append(Refused("bad-request: nothing to delete"))
    await hide(office)
    assert words_of(office.stage)[-1].startswith(await office.words("hide.telegram"))


async def test_an_old_button_hides_also_while_staff_have_the_chat(office: Office) -> None:
    await chat(office)
    someone = await office.contact()
    assert someone is not None

    def taken(conn: Connection) -> None:
        staff.add(conn, "dara", [Grant("caseworker")], office.clock.at)
        scope = staff.scope(conn, "dara")
        assert scope is not None
        chats.give(conn, someone, scope.staff_id, office.clock.at)

    await office.database.run(taken)
    await office.happen("Tap", payload="12:~hide", message="1", query="q")
    await settled(office)
    assert words_of(office.stage)[-1].startswith(await office.words("hide.telegram"))
    assert len(office.stage.deleted) == 1


async def test_nothing_is_said_unasked_until_they_are_back(office: Office) -> None:
    await office.agree()
    await office.type("hide")
    spoken = len(await office.outbox())
    for _ in range(20):
        office.clock.wait(days=1)
        await office.agenda.tick(office.clock.at)
    assert len(await office.outbox()) == spoken
    await office.type("សួស្តី")  # whoever that is: the bot asks
    assert await office.ask(HIDDEN) in ([(1,)], [(True,)])
    payload = (await office.outbox())[-1].part.rows[0][0].payload
    assert payload.endswith(":me")
    await office.happen("Tap", payload=payload, message="9", query="q")
    assert await office.ask(HIDDEN) in ([(0,)], [(False,)])


async def test_the_store_keeps_what_staff_need(office: Office) -> None:
    await chat(office)
    await office.type("ចង់សួររឿងប្រាក់ខែ")
    before = await office.many("inbox")
    await hide(office)
    assert await office.many("inbox") == before + 1
    assert await office.ask("SELECT count(*) FROM inbox WHERE body IS NULL") == [(0,)]


async def test_a_long_history_leaves_in_one_list(office: Office) -> None:
    await chat(office)
    someone = await office.contact()
    assert someone is not None
    await office.queue(someone, *[f"សារ {number}" for number in range(150)])
    await settled(office)
    await hide(office)
    assert len(gone(office)) == len(office.stage.sent) - 1 + 2


async def test_a_page_shows_only_what_came_after(office: Office) -> None:
    office.stage.capabilities = WEBCHAT
    await office.happen("Start")
    await office.tap("ភាសាខ្មែរ")
    await office.type("តើមានការងារទេ?")
    seen = await office.chats.pull(office.stage.account, WHO, 0)
    await office.type("🙈")
    fresh = await office.chats.pull(office.stage.account, WHO, seen.lines[-1].seq)
    assert [line.part.hides for line in fresh.lines if line.part] == ["chat"]
    again = await office.chats.history(office.stage.account, WHO, 100)
    assert [line.seq for line in again.lines] == [fresh.lines[0].seq]


async def test_words_of_staff_wait_until_whoever_hid_the_chat_is_back(office: Office) -> None:
    await office.begin()
    who = await office.contact()
    assert who is not None
    await office.type("🙈")

    def answer(conn: Connection) -> None:
        person = people.by_id(conn, office.vault, who)
        assert person is not None
        desk = notice.desk_of(office.kit)
        notice.tell(conn, desk, person, Rendered("ជំរាបសួរ"), office.clock.now(), restricted=False)

    await office.database.run(answer)
    assert [one.state for one in await office.outbox() if one.lane == Lane.STAFF] == ["held"]
    await office.happen("Start")
    assert [one.state for one in await office.outbox() if one.lane == Lane.STAFF] == ["held"]
    await office.tap("ខ្ញុំ ដូចមុន")
    assert [one.state for one in await office.outbox() if one.lane == Lane.STAFF] == ["queued"]
