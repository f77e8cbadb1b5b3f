"""One event, one transaction: kept before it is acknowledged, applied once, no one's trouble is another's."""

import asyncio
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, select

from bot.core import engine
from bot.core.contact import Address
from bot.core.events import Event, Text
from storage import inbox, media, people
from storage.faults import StoreDown, StoreFault
from storage.schema import inbox as came
from tests.runner.office import WHO, Office, until


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine trips over one word."""
    right = engine.advance

    def advance(shelf: Any, contact: Any, session: Any, event: Any, now: Any) -> Any:  # noqa: ANN401
        if isinstance(event.body, Text) and event.body.text == "boom":
            raise ZeroDivisionError
        return right(shelf, contact, session, event, now)

    monkeypatch.setattr(engine, "advance", advance)


async def test_an_event_that_comes_twice_changes_the_dialog_once(office: Office) -> None:
    await office.happen("Start")
    await office.tap("ភាសាខ្មែរ", name="tap")
    before = await office.outbox()
    await office.happen("Tap", name="tap", payload="1:km", message="7", query="q")
    await asyncio.gather(*(office.happen("Start", name="again") for _ in range(3)))
    assert len(await office.outbox()) == len(before) + 1
    assert await office.many("inbox") == 3


async def test_two_first_messages_at_the_same_time_make_one_contact(office: Office) -> None:
    await asyncio.gather(office.happen("Start"), office.type("សួស្តី"), office.type("bong"))
    assert (await office.many("contact"), await office.many("inbox")) == (1, 3)
    assert [said.seq for said in await office.outbox()] == [1, 2, 3]


async def test_many_first_messages_of_many_people_at_once(office: Office) -> None:
    who = [str(number) for number in range(20)]
    await asyncio.gather(*(office.happen("Start", who=one) for one in (*who, *who)))
    assert (await office.many("contact"), await office.many("inbox")) == (20, 40)
    assert await office.many("account") == 1


@pytest.mark.usefixtures("broken")
async def test_a_failed_step_is_parked_apologised_for_and_given_to_a_person(
    office: Office,
) -> None:
    await office.agree()
    count = len(await office.outbox())
    await office.type("boom", name="bad")
    sorry = (await office.outbox())[count:]
    live = office.kit.library.live
    words = (await office.database.read(live)).words
    assert [said.part.text for said in sorry] == [words.say("bot.sorry-broken", "km")]
    assert [row[0] for row in await office.ask("SELECT kind FROM casefile")] == ["failure"]
    (parked,) = await office.database.read(lambda conn: inbox.parked(conn, 10))
    assert parked.reason == "ZeroDivisionError"
    assert (await _raw(office, parked.id))[:2] == ["Text", "boom"]

    await office.type("boom", name="bad")  # the platform delivers again
    assert len(await office.outbox()) == count + 1
    await office.type("សួស្តី")
    assert len(await office.outbox()) > count + 1
    assert [said.seq for said in await office.outbox()] == list(range(1, len(await office.outbox()) + 1))


async def _raw(office: Office, number: int) -> list[Any]:
    def work(conn: Connection) -> list[Any]:
        row = conn.execute(select(came).where(came.c.id == number)).one()
        person = people.by_id(conn, office.vault, row.contact_id, lock=False)
        assert person is not None
        found: list[Any] = orjson.loads(person.key.open(inbox.BODY, row.key.hex(), row.body))
        return found

    return await office.database.read(work)


@pytest.mark.usefixtures("broken")
async def test_what_a_failed_message_quotes_is_kept_nowhere(office: Office) -> None:
    await office.agree()
    event = Event("q", Address(office.stage.account, WHO), office.clock.at, Text("boom"))
    quoted = {"text": "boom", "reply_to_message": {"text": "គេវាយខ្ញុំ", "location": {"latitude": 12.5}}}
    await office.inbound.take_event(event, raw={"message": quoted})
    (parked,) = await office.database.read(lambda conn: inbox.parked(conn, 10))
    assert await _raw(office, parked.id) == ["Text", "boom", "", None]


@pytest.mark.usefixtures("broken")
async def test_a_failure_at_the_very_first_word_is_parked_too(office: Office) -> None:
    await office.type("boom")
    assert len(await office.outbox()) == 1
    await office.happen("Start")
    assert len(await office.outbox()) == 2


@pytest.mark.usefixtures("broken")
async def test_one_persons_failure_does_not_touch_those_in_the_same_transaction(
    office: Office,
) -> None:
    words = ["boom", "សួស្តី", "bong", "boom", "ok"]
    await asyncio.gather(*(office.type(word, who=str(at)) for at, word in enumerate(words)))
    assert [len(await office.outbox(str(at))) for at in range(5)] == [1] * 5
    assert await office.many("casefile") == 2


async def test_without_the_store_nothing_is_acknowledged_sent_or_lost(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.serve()
    await office.happen("Start")
    await office.until_states(["sent"])
    with monkeypatch.context() as down:

        async def no_store(_: object) -> None:
            raise StoreDown("the disk is gone")

        down.setattr(office.database, "run", no_store)
        with pytest.raises(StoreFault):
            await office.happen("Tap", name="tap", payload="1:km", message="7", query="q")
    assert (await office.many("inbox"), len(office.stage.sent), office.stage.gestures) == (1, 1, [])
    await office.happen("Tap", name="tap", payload="1:km", message="7", query="q")
    await office.until_states(["sent", "sent"])
    await until(lambda: len(office.stage.gestures) == 1)


async def test_what_is_no_update_is_refused(office: Office) -> None:
    with pytest.raises(ValueError, match="no update"):
        await office.inbound.take(office.stage.account, {"nonsense": 1})
    assert await office.many("inbox") == 0


async def erased(office: Office) -> None:
    """Known, then asked to be forgotten; the receipt is still to leave."""
    await office.agree()
    await office.type("លុប")
    await office.tap("បាទ", name="yes, erase")


async def test_who_is_being_erased_is_not_written_about_any_more(office: Office) -> None:
    await erased(office)
    before = await office.outbox()
    await office.type("រក្សាទុកនេះ", name="late")
    assert await office.outbox() == before
    assert await office.database.read(
        lambda conn: not inbox.seen(conn, office.vault, office.stage.account, "late")
    )


async def test_an_old_event_delivered_again_does_not_bring_an_erased_person_back(office: Office) -> None:
    office.serve()
    await erased(office)
    await office.until_states(["sent"] * len(await office.outbox()))
    await office.agenda.tick(office.clock.at)
    assert await office.many("contact") == 0
    await office.happen("Tap", name="yes, erase", payload="1:yes", message="7", query="q")
    assert await office.many("contact") == 0
    await office.happen("Start")  # a new word is a new beginning
    assert await office.many("contact") == 1


async def test_a_voice_note_uploaded_with_its_event_is_sealed_with_it(office: Office) -> None:
    voice = "សំឡេង".encode() * 50_000
    await office.agree()
    await speak(office, voice)
    ((number, state),) = await office.ask("SELECT id, state FROM media")
    assert state == "kept"
    found = await office.database.read(lambda conn: media.read(conn, office.vault, number))
    assert found is not None
    assert found[1] == voice
    sealed = await office.ask("SELECT sealed FROM media_chunk")
    assert len(sealed) == 3
    assert not any("សំឡេង".encode() in bytes(chunk) for (chunk,) in sealed)


async def speak(office: Office, voice: bytes) -> None:
    await office.happen("Media", kind="voice", ref="r1", mime="audio/ogg", size=len(voice), upload=voice)


async def test_an_upload_that_cannot_be_kept_leaves_nothing_half_done(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.agree()
    before = await office.many("outbox")

    def full(*_: object, **__: object) -> None:
        raise StoreDown("full")

    monkeypatch.setattr(media, "kept", full)
    with pytest.raises(StoreFault):
        await speak(office, b"OggS")
    assert (await office.many("media"), await office.many("media_chunk")) == (0, 0)
    assert await office.many("outbox") == before


async def test_a_question_that_waited_its_time_comes_back_once(office: Office) -> None:
    await office.agree()
    someone = await office.contact()
    assert someone is not None
    count = len(await office.outbox())
    office.clock.wait(days=2, minutes=1)
    await asyncio.gather(*(office.inbound.wake_person(someone, office.clock.at) for _ in range(3)))
    assert len(await office.outbox()) == count + 1


async def test_a_question_asked_again_may_wait_its_time_again(office: Office) -> None:
    """Nudged, answered with what we do not understand, silent again: the session still comes to rest."""
    await office.begin()
    for _ in range(3):
        office.clock.wait(days=2, minutes=1)
        await office.agenda.tick(office.clock.at)
        await office.type("ហឹម???")
    for _ in range(3):
        office.clock.wait(days=2, minutes=1)
        await office.agenda.tick(office.clock.at)
    assert await office.database.read(lambda conn: people.due(conn, office.clock.at, 10)) == []
    assert [row[0] for row in await office.ask("SELECT kind FROM casefile")] == ["unfinished"]


async def test_a_failing_question_of_its_own_does_not_come_back_for_ever(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.agree()
    office.clock.wait(days=2, minutes=1)

    def trip(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(engine, "advance", trip)
        await office.agenda.tick(office.clock.at)
    count = await office.many("outbox")
    office.clock.wait(seconds=5)
    await office.agenda.tick(office.clock.at)
    assert await office.many("outbox") == count
    assert await office.database.read(lambda conn: people.due(conn, office.clock.at, 10)) == []


async def test_exact_positions_are_not_kept(office: Office) -> None:
    await office.agree()
    await office.happen("Location", latitude=12.53412, longitude=103.91234)
    rows = await office.ask("SELECT id FROM inbox ORDER BY id DESC LIMIT 1")

    def body(conn: Connection) -> bytes | None:
        return conn.scalar(select(came.c.body).where(came.c.id == rows[0][0]))

    assert await office.database.read(body) is None
