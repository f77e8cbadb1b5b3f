"""What must be true of a site of many processes, whatever became of some of them.

Never looks into a sealed cell.
"""

from itertools import pairwise

from tests.roles.site import Person, Process, Site

NOTHING_WAITS = "SELECT count(*) = 0 FROM outbox WHERE state IN ('queued', 'sending')"


async def everything_was_applied_once_and_in_order(site: Site, people: list[Person]) -> None:
    promised = site.keys([number for person in people for number in person.updates])
    kept = [key for (key,) in await site.ask("SELECT key FROM inbox ORDER BY id")]
    assert len(kept) == len(promised)
    assert set(kept) == promised
    assert await site.ask("SELECT count(*) FROM inbox WHERE state <> 'done'") == [(0,)]
    for (contact,) in await site.ask("SELECT id FROM contact"):
        steps = await site.ask(
            "SELECT node_before, node_after FROM inbox WHERE contact_id = %s ORDER BY id", contact
        )
        assert all(before[1] == after[0] for before, after in pairwise(steps))
        rows = await site.ask(
            "SELECT seq, lane, sent_at FROM outbox WHERE contact_id = %s ORDER BY seq", contact
        )
        assert [seq for seq, _, _ in rows] == list(range(1, len(rows) + 1))
        times = [at for _, lane, at in rows if lane < 2]  # replies overtake reminders
        assert times == sorted(times)


async def rescued(site: Site, killed: Process) -> None:
    """Let a minute go by for what the killed one had in its hands."""
    await site.ask(
        "UPDATE outbox SET lease_until = now() - interval '1 second' "
        "WHERE state = 'sending' AND starts_with(lease_by, %s) RETURNING id",
        f"{killed.pid}-",
    )
