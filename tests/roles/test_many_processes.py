"""Two that take in, three that send, three that tick: one token, one store, and one of each is killed."""

import asyncio

from tests.roles.promises import NOTHING_WAITS, everything_was_applied_once_and_in_order, rescued
from tests.roles.site import PATIENCE, Person, Process, Site

POLLER = "SELECT holder FROM lease WHERE name LIKE 'poll %'"
PEOPLE = 8


async def poller(site: Site) -> Process:
    """The process that polls: the holder of the lease is named by its process id."""
    ((holder,),) = await site.ask(POLLER)
    return next(one for one in site.processes if one.pid == int(holder.partition("-")[0]))


def never_above_the_limit(site: Site, most: int) -> None:
    times = [call.at for call in site.fake.calls if call.method.startswith("send") and call.status == 200]
    assert times
    busiest = max(sum(at <= other < at + 1.0 for other in times) for at in times)
    assert busiest <= most, f"{busiest} in one second"


async def silence(site: Site) -> int:
    """A day ago staff took everybody's chat and said nothing since; the number of people."""
    await site.ask("INSERT INTO staff (name, created_at) VALUES ('dara', now()) RETURNING id")
    await site.ask(
        "UPDATE contact SET handled_by = (SELECT id FROM staff), handled_since = now() - interval '1 day' "
        "RETURNING id"
    )
    rows = await site.ask(
        "INSERT INTO agenda (kind, key, contact_id, due, data, created_at) "
        "SELECT 'chat.silence', 'contact:' || id || ':1', id, now() - interval '1 second', '', now() "
        "FROM contact RETURNING id"
    )
    return len(rows)


async def test_many_processes_are_one_bot(site: Site) -> None:
    await site.start("ingest", "ingest", "dispatch", "dispatch", "dispatch", "tick", "tick", "tick")
    people = [Person(site, 500 + number) for number in range(PEOPLE)]
    await asyncio.gather(*(one.talk(3) for one in people))
    for one in site.processes:
        status, said = await one.asked("/readyz")
        assert status == 200, (one.role, said)

    talking = [asyncio.create_task(one.talk(3)) for one in people]
    polls = await poller(site)
    sends = next(one for one in site.processes if one.role == "dispatch")
    await asyncio.gather(polls.kill(), sends.kill())
    followed = f"SELECT count(*) = 1 FROM lease WHERE name LIKE 'poll %' AND holder NOT LIKE '{polls.pid}-%'"  # noqa: S608 - ours
    await site.until(followed, "another polls")
    await rescued(site, sends)
    await asyncio.gather(*talking)
    assert await poller(site) is not polls

    many = await silence(site)
    await site.until(
        "SELECT count(*) = 0 FROM agenda WHERE done_at IS NULL AND kind = 'chat.silence'", "once"
    )
    assert await site.ask("SELECT count(*) FROM audit WHERE action = 'chat.silence'") == [(many,)]
    await site.until(NOTHING_WAITS, "all is sent")
    assert set(await site.stop()) == {0}
    assert await site.ask("SELECT count(*) FROM outbox WHERE state <> 'sent'") == [(0,)]
    assert await site.ask("SELECT name FROM lease") == []
    await everything_was_applied_once_and_in_order(site, people)
    never_above_the_limit(site, 30)
    site.fake.assert_clean()


async def test_a_server_that_crashes_under_load_costs_nothing(site: Site) -> None:
    await site.start("ingest", "dispatch", "tick")
    people = [Person(site, 600 + number) for number in range(PEOPLE)]
    await asyncio.gather(*(one.talk(1) for one in people))
    talking = [asyncio.create_task(one.talk(4)) for one in people]
    said = len(site.fake.called("sendMessage"))
    await site.fake.until(lambda: len(site.fake.called("sendMessage")) > said + 3, PATIENCE, "some talk")
    await asyncio.to_thread(site.server.crash)
    await asyncio.gather(*talking)
    await site.until(NOTHING_WAITS, "all is sent")
    for one in site.processes:
        status, said = await one.asked("/readyz")
        assert status == 200, (one.role, said)
    assert set(await site.stop()) == {0}
    await everything_was_applied_once_and_in_order(site, people)


async def test_sigterm_in_the_middle_leaves_nothing_in_sending(site: Site) -> None:
    await site.start("ingest", "dispatch", "tick")
    people = [Person(site, 700 + number) for number in range(PEOPLE)]
    talking = [asyncio.create_task(one.talk(6)) for one in people]
    await site.fake.until(lambda: len(site.fake.called("sendMessage")) > PEOPLE * 2, PATIENCE, "some talk")
    assert set(await site.stop()) == {0}
    for one in talking:
        one.cancel()
    await asyncio.gather(*talking, return_exceptions=True)
    assert await site.ask("SELECT count(*) FROM outbox WHERE state = 'sending'") == [(0,)]
    assert await site.ask("SELECT name FROM lease") == []
