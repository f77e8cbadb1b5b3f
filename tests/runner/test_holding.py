"""Work under a lease: one process at a time, the next soon after, and never both in its name."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest
from sqlalchemy import Connection, text

from bot.runner.holding import Holding, Lost, Term
from storage import lease, settings
from storage.database import Database
from storage.faults import StoreDown
from tests.runner.office import until

NAME = "poll telegram:7001"
QUICK = Term(lasts=0.6, renew=0.05, look=0.01)


class Worker:
    """Somebody who works for ever, and says when."""

    def __init__(self, database: Database, name: str, term: Term = QUICK) -> None:
        self.holding = Holding(database, NAME, name, term)
        self.working = False
        self.begun = 0
        self.trouble: Exception | None = None
        self.task = asyncio.create_task(self.holding.always(self.work))

    async def work(self) -> None:
        self.begun += 1
        self.working = True
        try:
            if self.trouble is not None:
                trouble, self.trouble = self.trouble, None
                raise trouble
            await asyncio.Event().wait()
        finally:
            self.working = False

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture
async def workers() -> AsyncIterator[list[Worker]]:
    made: list[Worker] = []
    yield made
    for one in made:
        await one.stop()


async def holder(database: Database) -> str | None:
    return await database.read(lambda conn: conn.scalar(text("SELECT holder FROM lease")))


async def test_the_second_follows_when_the_first_stops(database: Database, workers: list[Worker]) -> None:
    workers.append(first := Worker(database, "a"))
    await until(lambda: first.working)
    workers.append(second := Worker(database, "b"))
    await first.stop()
    await until(lambda: second.working)
    assert (first.working, await holder(database)) == (False, "b")
    await second.stop()
    assert await holder(database) is None


async def test_a_dead_one_is_followed_when_its_lease_has_run_out(
    database: Database, workers: list[Worker]
) -> None:
    await database.run(partial(lease.take, name=NAME, holder="dead", seconds=0.2))
    workers.append(second := Worker(database, "b"))
    await until(lambda: second.working)
    assert await holder(database) == "b"


async def test_who_lost_it_stops_before_writing_anything_more(
    database: Database, workers: list[Worker]
) -> None:
    workers.append(first := Worker(database, "a"))
    await until(lambda: first.working)
    await first.holding.write(lambda conn: settings.put(conn, "offset", "7"))
    await database.run(_taken_over)
    with pytest.raises(Lost):
        await first.holding.write(lambda conn: settings.put(conn, "offset", "8"))
    assert await database.read(lambda conn: settings.get(conn, "offset")) == "7"
    await until(lambda: not first.working)


async def test_trouble_of_the_store_begins_it_anew_and_other_trouble_is_told(
    database: Database, workers: list[Worker]
) -> None:
    workers.append(one := Worker(database, "a"))
    one.trouble = StoreDown("away")
    await until(lambda: one.begun == 2 and one.working)
    await one.stop()
    workers.append(other := Worker(database, "b"))
    other.trouble = ValueError("of ours")
    with pytest.raises(ValueError, match="of ours"):
        await other.task
    assert await holder(database) is None


async def test_a_store_that_stays_away_ends_the_work_before_the_lease_does(
    database: Database, workers: list[Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    workers.append(one := Worker(database, "a"))
    await until(lambda: one.working)
    clock = asyncio.get_running_loop().time
    begun = clock()

    def away(*_: object, **__: object) -> bool:
        raise StoreDown("away")

    with monkeypatch.context() as broken:
        broken.setattr(lease, "renew", away)
        broken.setattr(lease, "take", away)
        await until(lambda: not one.working)
        assert clock() - begun < QUICK.lasts + 0.2
    await until(lambda: one.working)


async def test_once_waits_for_whoever_does_it_now(database: Database) -> None:
    done: list[str] = []

    async def work(name: str) -> None:
        done.append(f"{name} begins")
        await asyncio.sleep(0)
        done.append(f"{name} ends")

    both = (Holding(database, "setup", name, QUICK).once(partial(work, name)) for name in ("a", "b"))
    await asyncio.gather(*both)
    assert [said.split()[1] for said in done] == ["begins", "ends"] * 2
    assert {said.split()[0] for said in done[:2]} != {said.split()[0] for said in done[2:]}
    assert await holder(database) is None


def _taken_over(conn: Connection) -> None:
    lease.free(conn)
    assert lease.take(conn, NAME, "b", 60)
