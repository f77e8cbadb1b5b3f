"""Announcements by each way: where nobody may be written to, with a picture first, to who stops meanwhile."""

from dataclasses import replace
from pathlib import Path

from bot.channels.messenger.capabilities import MESSENGER
from bot.core.enclosing import Enclosure
from storage import enclosures, standing
from storage.database import Database
from storage.seal import Vault
from storage.staff import EVERYWHERE, Grant, Scope
from tests.runner.crowd import NEWS, Crowd
from tests.runner.office import Office
from tests.runner.stage import Stage


async def test_where_the_window_is_shut_it_waits_until_they_write(
    database: Database, vault: Vault, tmp_path: Path, office: Office
) -> None:
    """Messenger lets nobody be written to a day after they wrote."""
    page = Office(database, vault, tmp_path, clock=office.clock, stage=Stage("messenger:9", MESSENGER))
    crowd = Crowd(page)
    chief = await crowd.hires("chief", Grant("admin", EVERYWHERE))
    await crowd.joins("81", "82")
    await crowd.does(standing.acted, 2, crowd.now)
    number = await crowd.drafts(chief)
    shown = await crowd.sees(chief, number)
    assert (shown.reached, shown.waits) == ({"messenger": 2}, 1)
    await crowd.approves(chief, number)
    await crowd.ticks(times=2)
    page.serve()
    await page.until_states(["held"], "81")
    await page.until_states(["sent"], "82")
    assert (await crowd.stands(number)).states == {"sent": 1, "held": 1}
    await crowd.ticks(seconds=10, times=2)
    assert (await crowd.finds(chief, number)).state == "done"
    await page.close()


async def test_a_picture_goes_before_the_words_and_counts_for_nobody(crowd: Crowd, chief: Scope) -> None:
    picture = Enclosure("ab" * 32, "image", "image/png", "abab.png", b"\x89PNG")
    await crowd.does(enclosures.put, picture, crowd.now)
    await crowd.joins("81", "82")
    number = await crowd.announces(chief, replace(NEWS, picture=picture.content))
    await crowd.ticks(times=2)
    shown, words = [one.part for one in await crowd.office.outbox("81")]
    assert shown.document == picture.document
    assert NEWS.words.km in words.text
    assert (await crowd.stands(number)).states == {"queued": 2}


async def test_whoever_writes_stop_in_between_does_not_get_it(crowd: Crowd, chief: Scope) -> None:
    await crowd.joins("81", "82")
    number = await crowd.announces(chief)
    await crowd.ticks(times=2)
    await crowd.office.type("ឈប់", who="81")
    assert (await crowd.stands(number)).states == {"queued": 1, "cancelled": 1}
    later = await crowd.drafts(chief)
    assert (await crowd.sees(chief, later)).not_reached == {"stopped": 1}
