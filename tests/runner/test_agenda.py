"""What happens later: one nudge by day, then rest and a case; media fetched; people erased."""

import asyncio
from typing import Any

import pytest
from structlog.typing import EventDict

from bot.runner.downloads import FETCHES
from storage import erasure, media, people
from storage.faults import StoreDown
from tests.runner.office import Office

VOICE = b"OggS" + bytes(300_000)


async def tick(office: Office) -> None:
    await office.agenda.tick(office.clock.at)
    await office.agenda.downloads.idle()


async def test_quiet_hours_hold_the_nudge_until_morning(office: Office) -> None:
    await office.agree()
    count = len(await office.outbox())
    office.clock.wait(days=2, hours=10)  # 22:00 in Phnom Penh
    await tick(office)
    assert len(await office.outbox()) == count
    office.clock.wait(hours=8, minutes=59)
    await tick(office)
    assert len(await office.outbox()) == count
    office.clock.wait(minutes=2)
    await tick(office)
    assert len(await office.outbox()) == count + 1


async def test_one_nudge_then_rest_and_somebody_looks(office: Office) -> None:
    await office.begin()
    count = len(await office.outbox())
    for _ in range(4):
        office.clock.wait(days=2, minutes=1)
        await asyncio.gather(tick(office), tick(office))
    assert len(await office.outbox()) == count + 1
    assert await office.ask("SELECT kind, state FROM casefile") == [("unfinished", "open")]
    assert await office.database.read(lambda conn: people.due(conn, office.clock.at, 10)) == []


async def test_without_consent_nobody_looks(office: Office) -> None:
    await office.happen("Start")
    await office.tap("ភាសាខ្មែរ")
    await office.tap("📖")
    for _ in range(4):
        office.clock.wait(days=8)
        await tick(office)
    assert await office.many("casefile") == 0


async def test_a_silent_person_holds_nobody_else_up(office: Office) -> None:
    for who in ("1", "2", "3"):
        await office.happen("Start", who=who)
        await office.tap("ភាសាខ្មែរ", who=who)
        await office.tap("📖", who=who)
    before = await office.many("outbox")
    office.clock.wait(days=8)
    await tick(office)
    assert await office.many("outbox") == before + 3


async def speak(office: Office, ref: str, size: int = 10) -> None:
    await office.happen("Media", kind="voice", ref=ref, mime="audio/ogg", size=size)


async def states(office: Office) -> list[tuple[Any, ...]]:
    return await office.ask("SELECT state, reason FROM media ORDER BY id")


async def test_a_voice_note_is_fetched_and_sealed(office: Office) -> None:
    office.stage.files["r1"] = VOICE
    await office.agree()
    await speak(office, "r1")
    assert await states(office) == [("wanted", "")]
    await tick(office)
    await tick(office)
    assert (await states(office), office.stage.fetched) == ([("kept", "")], ["r1"])
    ((number,),) = await office.ask("SELECT id FROM media")
    found = await office.database.read(lambda conn: media.read(conn, office.vault, number))
    assert found is not None
    assert found[1] == VOICE


async def test_a_download_that_fails_is_tried_again_and_then_given_up(office: Office) -> None:
    office.stage.files |= {"r1": OSError("no route"), "r2": VOICE}
    await office.agree()
    await speak(office, "r1")
    await speak(office, "r2")
    await tick(office)
    assert await states(office) == [("wanted", ""), ("kept", "")]
    await tick(office)  # not yet
    assert office.stage.fetched == ["r1", "r2"]
    for _ in range(FETCHES):
        office.clock.wait(minutes=20)
        await tick(office)
    assert await states(office) == [("failed", "OSError"), ("kept", "")]
    assert office.stage.fetched.count("r1") == FETCHES


async def test_a_download_succeeds_the_second_time(office: Office) -> None:
    office.stage.files["r1"] = OSError("timeout")
    await office.agree()
    await speak(office, "r1")
    await tick(office)
    office.stage.files["r1"] = VOICE
    office.clock.wait(minutes=1)
    await tick(office)
    assert await states(office) == [("kept", "")]


async def test_what_is_too_large_is_given_up_and_stops_nothing_else(office: Office) -> None:
    office.stage.files |= {"r1": bytes(media.LARGEST + 1), "r2": VOICE}
    await office.agree()
    await speak(office, "r1")
    await speak(office, "r2")
    await tick(office)
    assert await states(office) == [("failed", "TooLarge"), ("kept", "")]
    assert await office.many("media_chunk") == 2


async def erase(office: Office) -> None:
    await office.agree()
    await office.type("លុប")
    await office.tap("បាទ")


PERSONAL = (
    "contact",
    "contact_address",
    "address",
    "session",
    "outbox",
    "submission",
    "answer",
    "consent",
    "media",
    "media_chunk",
    "contact_lookup",
    "agenda",
)


async def test_erasing_waits_for_the_receipt_to_leave_and_leaves_nothing(office: Office) -> None:
    office.stage.files["r1"] = VOICE
    await office.happen("Start", who="2")
    await office.agree()
    await speak(office, "r1")
    await tick(office)
    await erase(office)
    await tick(office)
    assert (await office.many("contact"), office.log.entries()) == (2, [])
    office.serve()
    await office.until_states(["sent"] * len(await office.outbox()))
    someone = await office.contact()
    assert someone is not None
    receipt = await office.database.read(lambda conn: erasure.entry(conn, someone, office.clock.at))
    await tick(office)
    assert office.log.entries() == [receipt]
    kept = {"contact": 1, "contact_address": 1, "address": 1, "session": 1, "outbox": 1}
    assert {table: await office.many(table) for table in PERSONAL} == dict.fromkeys(PERSONAL, 0) | kept
    assert await office.ask("SELECT count(*) FROM inbox WHERE body IS NOT NULL") == [(1,)]
    await tick(office)
    assert len(office.log.entries()) == 1


async def test_the_log_is_written_before_anything_is_erased(
    office: Office, monkeypatch: pytest.MonkeyPatch, journal: list[EventDict]
) -> None:
    office.serve()
    await erase(office)
    await office.until_states(["sent"] * len(await office.outbox()))

    def crash(*_: object, **__: object) -> None:
        raise StoreDown("power")

    with monkeypatch.context() as broken:
        broken.setattr(erasure, "erase", crash)
        await tick(office)
    assert {"piece": "erasure", "error": "StoreDown"}.items() <= journal[-1].items()
    assert (len(office.log.entries()), await office.many("contact")) == (1, 1)
    await tick(office)
    assert (len(office.log.entries()), await office.many("contact")) == (2, 0)


async def test_a_receipt_that_nobody_fetches_does_not_keep_the_data(office: Office) -> None:
    """A page that is closed right after the tap never pulls its receipt."""
    await erase(office)  # nothing is served: the receipt stays in the outbox
    office.clock.wait(days=2)
    await tick(office)
    await tick(office)
    assert await office.many("contact") == 0
