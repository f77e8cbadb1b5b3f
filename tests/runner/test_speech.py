"""The voice of a message: a button below it, before the words for whoever listens, and uploaded once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import scripts
from bot.channels.channel import Sent, Unheld, Uploaded
from bot.core.channel import Document, Part, PartButton
from bot.core.speech import content_of, path_of
from bot.runner.publishing import publish
from storage import people
from storage.database import Database
from storage.seal import Vault
from tests.runner.office import NOON, Office
from tests.sound import opus
from tests.started import shipped
from tests.voiced import voiced

QUESTION = "language.choose"
KM = path_of(QUESTION, "km")
SOUND = opus(1, QUESTION)
ASK = f"v:{QUESTION}"


@pytest.fixture
async def office(database: Database, vault: Vault, tmp_path: Path) -> AsyncIterator[Office]:
    opened = Office(database, vault, tmp_path)
    yield opened
    await opened.close()


async def live(office: Office, *ids: str) -> str:
    """The shipped script with these sentences recorded becomes live; the Release's name."""
    files = voiced(shipped(), *ids)
    name = scripts.digest(files)
    await office.database.run(lambda conn: publish(conn, name, files, NOON))
    return name


async def said(office: Office) -> list[Part]:
    return [one.part for one in await office.outbox()]


def recording_of(name: str) -> Part:
    return Part("", document=Document(0, f"{QUESTION}.ogg", "audio/ogg", name, KM, content_of(SOUND)))


async def ask(office: Office, payload: str = ASK) -> None:
    await office.happen("Tap", payload=payload, message="1", query="q")


async def standing(office: Office) -> bytes:
    """The person's session."""
    contact_id = await office.contact()
    assert contact_id is not None
    found = await office.database.read(lambda conn: people.by_id(conn, office.vault, contact_id, lock=False))
    assert found is not None
    return found.session


async def test_a_recorded_message_has_a_button_below_all_others(office: Office) -> None:
    await live(office, QUESTION)
    await office.happen("Start")
    (question,) = await said(office)
    assert question.rows[-1] == (PartButton("🔊 ស្តាប់ (១ KB)", ASK),)
    assert len(question.rows) > 1


async def test_without_a_recording_there_is_no_button(office: Office) -> None:
    await live(office)
    await office.happen("Start")
    assert not [one for part in await said(office) for row in part.rows for one in row if "🔊" in one.label]


async def test_the_button_sends_the_recording_and_answers_nothing(office: Office) -> None:
    name = await live(office, QUESTION)
    await office.happen("Start")
    before = await standing(office)
    for _ in range(3):
        await ask(office)
    assert (await said(office))[1:] == [recording_of(name)] * 3
    assert await standing(office) == before


async def test_a_recording_that_is_gone_is_told_and_nothing_else_happens(office: Office) -> None:
    await live(office, QUESTION)
    await office.happen("Start")
    await ask(office, "v:intake.nothing")
    told = (await said(office))[-1]
    assert told.text == scripts.compile_release(shipped()).words.say("bot.no-recording", "km")


async def test_who_listens_hears_first_and_then_reads(office: Office) -> None:
    name = await live(office, QUESTION)
    await office.happen("Start")
    contact_id = await office.contact()
    assert contact_id is not None
    await office.database.run(lambda conn: people.set_flag(conn, contact_id, "listens", on=True, now=NOON))
    await office.happen("Start")
    assert (await said(office))[1] == recording_of(name)
    assert not [one for row in (await said(office))[2].rows for one in row if "🔊" in one.label]


async def test_a_recording_is_uploaded_once_and_then_named(office: Office) -> None:
    await live(office, QUESTION)
    office.serve()
    await office.happen("Start")
    await office.until_states(["sent"])
    office.stage.outcomes.append(Sent("12", "file-1"))
    await ask(office)
    await office.until_states(["sent"] * 2)
    await ask(office)
    await office.until_states(["sent"] * 3)
    assert office.stage.documents == [None, SOUND, Uploaded("file-1")]
    assert await office.ask("SELECT account, ref FROM uploaded") == [(office.stage.account, "file-1")]


async def test_what_the_platform_forgot_is_uploaded_again(office: Office) -> None:
    await live(office, QUESTION)
    office.serve()
    await office.happen("Start")
    await office.until_states(["sent"])
    office.stage.outcomes.append(Sent("12", "file-1"))
    await ask(office)
    await office.until_states(["sent"] * 2)
    office.stage.outcomes.extend([Unheld(), Sent("13", "file-2")])
    await ask(office)
    await office.until_states(["sent"] * 3)
    assert office.stage.documents[1:] == [SOUND, Uploaded("file-1"), SOUND]
    assert await office.ask("SELECT ref FROM uploaded") == [("file-2",)]


async def test_the_page_may_fetch_what_a_kept_release_holds(office: Office) -> None:
    name = await live(office, QUESTION)
    assert await office.chats.recording(name, KM) == SOUND
    assert await office.chats.recording(name, path_of(QUESTION, "en")) is None
    assert await office.chats.recording("0" * 64, KM) is None
