"""Recorded speech: it follows its words, from the same Release, and without it the words go alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot import scripts
from bot.core.channel import Document, Part
from bot.runner.publishing import publish
from storage.database import Database
from storage.schema import release_file
from storage.seal import Vault
from tests.runner.office import NOON, Office, shipped

KM, EN = (f"locales/{language}/voice/intake.phone-sharing.ogg" for language in ("km", "en"))
OPUS = b"OggS" + bytes(24) + b"OpusHead" + "ជម្រាបសួរ".encode()


def recorded(*paths: str) -> dict[str, bytes]:
    """The shipped script, its first question recorded."""
    intake = "dialogs/intake.toml"
    text = shipped()[intake].replace(b'id = "phone-sharing"', b'id = "phone-sharing"\nspeech = true')
    return {**shipped(), intake: text, **dict.fromkeys(paths, OPUS)}


@pytest.fixture
async def office(database: Database, vault: Vault, tmp_path: Path) -> AsyncIterator[Office]:
    opened = Office(database, vault, tmp_path)
    yield opened
    await opened.close()


async def live(office: Office, *paths: str) -> str:
    """These recordings become live; the Release's name."""
    files = recorded(*paths)
    name = scripts.digest(files)
    await office.database.run(lambda conn: publish(conn, name, files, NOON))
    return name


async def said(office: Office) -> list[Part]:
    return [one.part for one in await office.outbox()]


async def test_a_recording_follows_its_words_and_their_buttons(office: Office) -> None:
    name = await live(office, KM)
    office.serve()
    await office.agree()
    words, recording = (await said(office))[-2:]
    assert words.rows
    document = Document(0, "intake.phone-sharing.ogg", "audio/ogg", name, KM)
    assert recording == Part("", document=document)
    await office.until_states(["sent"] * len(await office.outbox()))
    assert office.stage.documents[-2:] == [None, OPUS]


async def test_without_a_recording_in_their_language_the_words_go_alone(office: Office) -> None:
    await live(office, EN)
    await office.agree()
    assert [part.document for part in await said(office)] == [None] * len(await said(office))
    assert (await said(office))[-1].rows


async def test_who_is_inside_hears_the_recording_of_the_words_they_read(office: Office) -> None:
    name = await live(office, KM)
    await office.agree()
    await live(office)  # taken out again
    await office.tap("រំលង")
    await office.tap("ថយក្រោយ")
    document = (await said(office))[-1].document
    assert document is not None
    assert document.release == name


async def test_a_recording_that_is_gone_leaves_no_bytes_to_send(office: Office) -> None:
    await live(office, KM)
    await office.agree()
    await live(office)
    await office.database.run(lambda conn: conn.execute(delete(release_file)))
    office.serve()
    await office.until_states(["sent"] * len(await office.outbox()))
    assert office.stage.documents[-1] is None  # which a real channel refuses


async def test_the_page_may_fetch_what_a_kept_release_holds(office: Office) -> None:
    name = await live(office, KM)
    assert await office.chats.recording(name, KM) == OPUS
    assert await office.chats.recording(name, EN) is None
    assert await office.chats.recording("0" * 64, KM) is None
