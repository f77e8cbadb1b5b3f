"""`spean delivery`: what did not arrive, and how each account stands."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.cli.store import Store, opened
from bot.clock import SystemClock
from bot.core import pace as pacing
from bot.core.contact import Address
from bot.core.pace import Limits
from storage import outbox, pace, people
from storage.outbox import Draft, Lane, Result
from storage.schema import audit
from storage.schema import outbox as parts
from tests.cli.command import THAT_DAY, Spean

ACCOUNT = "telegram:7001"
WORDS = "ពាក្យសម្ងាត់"


@pytest.fixture
def left(spean: Spean, house: Path) -> list[int]:
    """Three parts to one person: one failed, one unknown, one held."""
    assert house.exists()
    assert spean("delivery", "list").status == 0

    def queue(conn: Connection, store: Store) -> list[int]:
        person = people.greet(conn, store.vault, Address(ACCOUNT, "5"), "km", THAT_DAY)
        ids = []
        for seq, state in enumerate(("failed", "unknown", "held"), 1):
            draft = Draft(f"in:{seq}", Lane.REPLY, WORDS.encode())
            outbox.add(conn, person, [draft], first_seq=seq, now=THAT_DAY)
            (row,) = outbox.claim(
                conn, store.vault, ACCOUNT, "w", THAT_DAY, THAT_DAY + timedelta(minutes=1), 9
            )
            outbox.finish(conn, [Result(row, state, f"why {seq}")], THAT_DAY)  # type: ignore[arg-type]
            ids.append(row.id)
        return ids

    with opened(Path("bot.toml")) as store:
        return store.run(lambda conn: queue(conn, store))


def told(spean: Spean, *arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in spean("delivery", "list", "--json", *arguments).lines]


def states() -> dict[int, str]:
    with opened(Path("bot.toml")) as store:
        found = store.read(lambda conn: conn.execute(select(parts.c.id, parts.c.state)).all())
    return {row.id: row.state for row in found}


def audited() -> list[tuple[str, str]]:
    with opened(Path("bot.toml")) as store:
        found = store.read(lambda conn: conn.execute(select(audit.c.action, audit.c.what)).all())
    return [(row.action, row.what) for row in found]


def test_dead_letters_are_listed_with_their_reason_and_never_their_words(
    spean: Spean, left: list[int]
) -> None:
    rows = told(spean)
    assert [(one["id"], one["state"], one["reason"], one["lane"]) for one in rows] == [
        (left[2], "held", "why 3", "reply"),
        (left[1], "unknown", "why 2", "reply"),
        (left[0], "failed", "why 1", "reply"),
    ]
    assert {(one["account"], one["contact"], one["tries"]) for one in rows} == {(ACCOUNT, 1, 1)}
    assert WORDS not in spean("delivery", "list").out
    assert [one["id"] for one in told(spean, "--state", "failed")] == [left[0]]
    assert [one["id"] for one in told(spean, "--last", "1")] == [left[2]]
    assert told(spean, "--account", "telegram:1") == []
    assert spean("delivery", "list", "--state", "sent").status == 2


def test_sending_again_is_shown_first_asked_for_and_audited(spean: Spean, left: list[int]) -> None:
    before = states()
    assert spean("delivery", "retry", left[0], left[1], "--dry-run").status == 0
    assert spean("delivery", "retry", left[0]).status == 1  # nobody is here to ask
    assert states() == before
    assert audited() == []
    assert spean("delivery", "retry", left[0], left[1], "--yes").status == 0
    assert states() == {left[0]: "queued", left[1]: "queued", left[2]: "held"}
    assert audited() == [("delivery.retry", f"part {part}") for part in left[:2]]


def test_either_all_are_sent_again_or_none(spean: Spean, left: list[int]) -> None:
    ran = spean("delivery", "retry", left[0], left[2], "--yes")
    assert (ran.status, f"part {left[2]}" in ran.err, "leaves by itself" in ran.err) == (1, True, True)
    assert states()[left[0]] == "failed"
    assert audited() == []
    assert spean("delivery", "retry", 999, "--yes").status == 1


def test_what_is_dropped_stays_where_it_is_and_is_audited(spean: Spean, left: list[int]) -> None:
    assert spean("delivery", "drop", *left, "--dry-run").status == 0
    assert spean("delivery", "drop", *left, "--yes").status == 0
    assert set(states().values()) == {"cancelled"}
    assert audited() == [("delivery.drop", f"part {part}") for part in left]
    assert told(spean) == []


def test_staff_of_another_centre_learn_nothing_of_them(spean: Spean, left: list[int]) -> None:
    assert spean("staff", "add", "sok", "--centre", "preah-vihear").status == 0
    ran = spean("delivery", "list", "--json", "--as", "sok")
    assert (ran.out, "3 more" in ran.err) == ("", True)
    assert spean("delivery", "drop", left[0], "--yes", "--as", "sok").status == 1
    assert states()[left[0]] == "failed"


def test_a_stopped_account_is_seen_told_by_the_doctor_and_resumed(spean: Spean, house: Path) -> None:
    assert house.exists()
    assert spean("delivery", "accounts", "--json").out == ""
    now = SystemClock().now()
    stopped = pacing.stopped(pacing.first(Limits(25.0), now), now, "bad-token")
    with opened(Path("bot.toml")) as store:
        store.run(lambda conn: pace.put(conn, ACCOUNT, stopped, now))
    (row,) = [json.loads(line) for line in spean("delivery", "accounts", "--json").lines]
    assert (row["account"], row["rate"], row["stopped"], row["refused"]) == (ACCOUNT, 25.0, "bad-token", 1)
    assert datetime.fromisoformat(row["paused_until"]) == stopped.paused_until
    faults = [json.loads(line) for line in spean("doctor", "--json").lines]
    (fault,) = [one for one in faults if one["where"] == ACCOUNT]
    assert (fault["state"], "bad-token" in fault["what"]) == ("fault", True)
    assert spean("delivery", "resume", ACCOUNT).status == 0
    (row,) = [json.loads(line) for line in spean("delivery", "accounts", "--json").lines]
    assert (row["stopped"], row["paused_until"], row["refused"]) == (None, None, 0)
    assert audited() == [("delivery.resume", ACCOUNT)]
    assert spean("delivery", "resume", ACCOUNT).status == 1
    assert spean("delivery", "resume", "telegram:9").status == 1
