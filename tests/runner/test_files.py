"""A picture nobody asked for: offered back, kept only when the person wants it, gone after a day else."""

import pytest

from bot.channels.webchat.capabilities import WEBCHAT
from tests.runner.office import Office

PICTURE = b"\xff\xd8\xff" + b"an ID card" * 40
FILES = "SELECT state, until IS NULL FROM media ORDER BY id"
EVENTS = "SELECT count(*) FROM inbox WHERE body IS NOT NULL AND node_after = 'file.what'"


async def send(office: Office, ref: str = "r1", *, album: str = "", kind: str = "image") -> None:
    fields = {"mime": "image/jpeg", "size": len(PICTURE), "album": album, "message": f"m-{ref}"}
    await office.happen("Media", kind=kind, ref=ref, **fields)


async def asked(office: Office) -> int:
    """How often the person was asked what becomes of it."""
    return await office.said("file.what")


async def done(office: Office, key: str) -> None:
    office.serve()
    await office.tap(await office.words(f"file.what.{key}"))
    await office.until_states(["sent"] * len(await office.outbox()))


async def test_it_is_held_and_goes_after_a_day_with_what_was_written_under_it(office: Office) -> None:
    await office.agree()
    await send(office)
    assert await asked(office) == 1
    assert await office.ask(FILES) in ([("held", 0)], [("held", False)])
    office.clock.wait(hours=23)
    await office.agenda.tick(office.clock.at)
    assert await office.many("media") == 1
    assert office.stage.fetched == []
    office.clock.wait(hours=2)
    await office.agenda.tick(office.clock.at)
    assert await office.many("media") == 0
    assert await office.ask(EVENTS) == [(0,)]
    await done(office, "keep")
    assert await office.said("bot.file-gone") == 1


@pytest.mark.parametrize("key", ["delete", "card"])
async def test_deleting_takes_it_from_here_and_from_the_platform(office: Office, key: str) -> None:
    await office.agree()
    await send(office)
    await done(office, key)
    assert (await office.many("media"), await office.many("media_chunk")) == (0, 0)
    assert await office.ask(EVENTS) == [(0,)]
    assert [messages for _, messages in office.stage.deleted] == [("m-r1",)]
    assert await office.said("bot.file-deleted") >= 1


async def test_an_album_is_one_question_and_one_answer(office: Office) -> None:
    await office.agree()
    for ref in ("r1", "r2", "r3"):
        await send(office, ref, album="a1")
    assert (await asked(office), await office.many("media")) == (1, 3)
    await done(office, "delete")
    assert await office.many("media") == 0
    assert [messages for _, messages in office.stage.deleted] == [("m-r1", "m-r2", "m-r3")]


async def test_staff_get_it_when_the_person_wants_it_and_has_asked_for_help(office: Office) -> None:
    office.stage.files["r1"] = PICTURE
    await office.begin()
    await office.type("ចង់និយាយជាមួយបុគ្គលិក")
    await send(office)
    await done(office, "keep")
    assert await office.ask(FILES) in ([("wanted", 1)], [("wanted", True)])
    await office.agenda.tick(office.clock.at)
    await office.agenda.downloads.idle()
    assert (await office.ask("SELECT state FROM media"), office.stage.fetched) == ([("kept",)], ["r1"])
    office.clock.wait(days=3)
    await office.agenda.tick(office.clock.at)
    assert await office.many("media") == 1


async def test_without_consent_it_still_goes_unless_they_agree(office: Office) -> None:
    office.stage.files["r1"] = PICTURE
    await office.happen("Start")
    for label in ("ភាសាខ្មែរ", "📖", "មើលតែព័ត៌មាន"):
        await office.tap(label)
    await send(office)
    await done(office, "keep")
    await office.agenda.tick(office.clock.at)
    await office.agenda.downloads.idle()
    assert await office.ask(FILES) in ([("kept", 0)], [("kept", False)])
    office.clock.wait(hours=25)
    await office.agenda.tick(office.clock.at)
    assert (await office.many("media"), await office.many("media_chunk")) == (0, 0)


async def test_what_a_page_uploads_is_sealed_while_it_is_held(office: Office) -> None:
    office.stage.capabilities = WEBCHAT
    await office.agree()
    fields = {"kind": "image", "ref": "webchat:1", "mime": "image/jpeg", "size": len(PICTURE)}
    await office.happen("Media", upload=PICTURE, **fields)
    assert (await office.many("media_chunk"), await office.ask("SELECT state FROM media")) == (1, [("held",)])
    await office.tap(await office.words("file.what.keep"))
    assert await office.ask("SELECT state FROM media") == [("kept",)]


async def test_voice_notes_and_stickers_are_not_offered_back(office: Office) -> None:
    await office.begin()
    await send(office, "v", kind="voice")
    await send(office, "s", kind="sticker")
    assert await asked(office) == 0
