"""Pictures and recordings that go to many: uploaded once, whatever happens meanwhile."""

import asyncio
import time

import pytest
from sqlalchemy import Connection

from bot.channels.channel import Refused, Sent, Unheld, Uploaded
from bot.core.channel import Document, Part
from bot.core.enclosing import Enclosure, judge
from bot.runner.chat import File
from bot.runner.forms import dump_part
from storage import enclosures, outbox, people
from storage.outbox import Draft, Lane
from tests.picture import png
from tests.runner.office import NOON, PATIENCE, Office, until

PICTURE = judge(png())
assert isinstance(PICTURE, Enclosure)


async def kept(office: Office) -> Document:
    assert isinstance(PICTURE, Enclosure)
    one = PICTURE
    await office.database.run(lambda conn: enclosures.put(conn, one, NOON))
    return one.document


async def mail(office: Office, document: Document, *whom: str, lane: Lane = Lane.BROADCAST) -> None:
    """The picture to each of these people."""
    for who in whom:
        number = await office.greet(who)

        def work(conn: Connection, number: int = number) -> None:
            person = people.by_id(conn, office.vault, number)
            assert person is not None
            first = people.take_seq(conn, number, 1)
            draft = Draft(f"broadcast:{first}:{number}", lane, dump_part(Part("", document=document)))
            outbox.add(conn, person, [draft], first_seq=first, now=office.clock.at)

        await office.database.run(work)
    office.sender.wake(office.stage.account)


async def until_put_off(office: Office, who: str) -> None:
    """Wait until somebody's part waits for the upload of another's, which is no try."""
    deadline = time.monotonic() + PATIENCE
    while (found := (await office.outbox(who))[0]).reason != "its file is being uploaded":
        assert time.monotonic() < deadline, found
    assert (found.state, found.tries) == ("queued", 0)


async def look_again(office: Office) -> None:
    office.clock.wait(seconds=3)
    office.sender.wake(office.stage.account)


async def test_it_is_uploaded_for_one_and_named_for_all_others(office: Office) -> None:
    document = await kept(office)
    office.serve()
    office.stage.closed = asyncio.Event()
    office.stage.outcomes.append(Sent("1", "photo-1"))
    await mail(office, document, "11", "12", "13")
    for who in ("12", "13"):
        await until_put_off(office, who)
    office.stage.closed.set()
    await office.until_states(["sent"], "11")
    await look_again(office)
    for who in ("12", "13"):
        await office.until_states(["sent"], who)
    assert office.stage.documents == [png(), Uploaded("photo-1"), Uploaded("photo-1")]


async def test_an_upload_that_failed_is_tried_by_the_next(office: Office) -> None:
    document = await kept(office)
    office.serve()
    office.stage.outcomes += [Refused("blocked", stop="person"), Sent("2", "photo-1")]
    await mail(office, document, "11")
    await office.until_states(["failed"], "11")
    await mail(office, document, "12")
    await office.until_states(["sent"], "12")
    assert office.stage.documents == [png()] * 2


async def test_a_fault_of_ours_keeps_nobody_from_uploading(office: Office) -> None:
    document = await kept(office)
    office.serve()
    office.stage.outcomes += [RuntimeError("planted"), Sent("2", "photo-1")]
    await mail(office, document, "11")
    await office.until_states(["unknown"], "11")
    await mail(office, document, "12")
    await office.until_states(["sent"], "12")


async def test_what_the_platform_forgot_is_uploaded_again_once(office: Office) -> None:
    document = await kept(office)
    office.serve()
    office.stage.outcomes += [Sent("1", "photo-1"), Unheld(), Sent("2", "photo-2")]
    await mail(office, document, "11")
    await office.until_states(["sent"], "11")
    await mail(office, document, "12")
    await office.until_states(["sent"], "12")
    await mail(office, document, "13")
    await office.until_states(["sent"], "13")
    assert office.stage.documents == [png(), Uploaded("photo-1"), png(), Uploaded("photo-2")]
    assert await office.ask("SELECT ref FROM uploaded") == [("photo-2",)]


async def test_another_process_knows_it_from_the_store(office: Office) -> None:
    document = await kept(office)
    office.serve()
    office.stage.outcomes.append(Sent("1", "photo-1"))
    await mail(office, document, "11")
    await office.until_states(["sent"], "11")
    office.sender._documents._held.clear()  # noqa: SLF001 - another process remembers nothing
    await mail(office, document, "12")
    await office.until_states(["sent"], "12")
    assert office.stage.documents[-1] == Uploaded("photo-1")


async def test_a_reply_waits_for_nobodys_upload(office: Office) -> None:
    document = await kept(office)
    office.serve()
    office.stage.closed = asyncio.Event()
    await mail(office, document, "11")
    await until(lambda: len(office.stage.tried) == 1)
    await mail(office, document, "12", lane=Lane.REPLY)
    await until(lambda: len(office.stage.tried) == 2)
    office.stage.closed.set()
    await office.until_states(["sent"], "12")


@pytest.mark.parametrize("lane", [Lane.REPLY, Lane.BROADCAST])
async def test_what_is_kept_no_more_fails_and_takes_nothing_with_it(office: Office, lane: Lane) -> None:
    await kept(office)
    office.serve()
    office.stage.outcomes.append(Refused("document-missing"))
    await mail(office, Document(0, "x.png", "image/png", content="0" * 64), "11", lane=lane)
    await office.until_states(["failed"], "11")
    assert office.stage.documents == [None]


async def test_the_page_may_fetch_it(office: Office) -> None:
    document = await kept(office)
    assert await office.chats.enclosure(document.content) == File(document.name, "image/png", png())
    assert await office.chats.enclosure("0" * 64) is None
