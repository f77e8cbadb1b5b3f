"""The outbox: each part once, each person in order, and every end known."""

import asyncio
from datetime import timedelta

from bot.core.contact import Address
from storage import outbox, people
from storage.outbox import Draft, Lane, OutRow, Result
from storage.people import Person
from storage.seal import Vault
from tests.storage.conftest import Greet
from tests.storage.desk import ACCOUNT, MINUTE, Desk, causes


def test_a_person_gets_one_part_at_a_time_in_order(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a", "b", "c")
    for expected in ("a", "b", "c"):
        rows = desk.claim()
        assert causes(rows) == [expected]
        assert (rows[0].external, rows[0].account, rows[0].body) == ("93007001", ACCOUNT, expected.encode())
        assert desk.claim() == []
        desk.end(rows[0], message="4711")
    assert desk.counts() == {"sent": 3}


def test_people_do_not_wait_for_each_other(desk: Desk, greet: Greet) -> None:
    one, other = greet("1"), greet("2")
    desk.queue(one, "a1", "a2")
    desk.queue(other, "b1", "b2")
    assert causes(desk.claim()) == ["a1", "b1"]


def test_a_reply_waits_for_the_one_before_it_even_while_that_is_tried_again(
    desk: Desk, sophea: Person
) -> None:
    desk.queue(sophea, "a", "b")
    first = desk.claim()[0]
    desk.end(first, "queued", reason="timeout", not_before=desk.now + MINUTE)
    assert desk.claim() == []
    desk.now += 2 * MINUTE
    again = desk.claim()[0]
    assert (again.cause, again.tries) == ("a", 2)


def test_a_reply_overtakes_reminders_and_broadcasts_but_never_a_staff_reply(
    desk: Desk, sophea: Person
) -> None:
    desk.queue(sophea, "broadcast", lane=Lane.BROADCAST)
    desk.queue(sophea, "reminder", lane=Lane.REMINDER)
    desk.queue(sophea, "staff", lane=Lane.STAFF)
    desk.queue(sophea, "reply")
    order = []
    while rows := desk.claim():
        order += causes(rows)
        desk.end(rows[0])
    assert order == ["staff", "reply", "reminder", "broadcast"]


def test_replies_leave_before_any_broadcast(desk: Desk, greet: Greet) -> None:
    for number in range(5):
        desk.queue(greet(str(number)), f"broadcast{number}", lane=Lane.BROADCAST)
    desk.queue(greet("9"), "reply")
    assert causes(desk.claim(limit=2)) == ["reply", "broadcast0"]


def test_a_reminder_for_tomorrow_holds_nobody_up(desk: Desk, sophea: Person, vault: Vault) -> None:
    desk.queue(sophea, "tomorrow", lane=Lane.REMINDER, not_before=desk.now + timedelta(days=1))
    desk.queue(sophea, "now", lane=Lane.REMINDER)
    assert causes(desk.claim()) == ["now"]
    where = Address(sophea.account, sophea.external)
    desk.end(OutRow(0, sophea.contact.id, "", "", 0, 0, b"", 0, "", sophea.key, "w1"))  # of nobody
    assert desk.counts() == {"queued": 1, "sending": 1}
    found = desk.database.run_now(lambda conn: people.find(conn, vault, where, "u"))
    assert found is not None
    assert found.unsent


def test_the_cause_is_unique_for_ever(desk: Desk, sophea: Person) -> None:
    assert causes(desk.queue(sophea, "a", "b")) == ["a", "b"]
    desk.end(desk.claim()[0])
    assert causes(desk.queue(sophea, "a", "c", "b")) == ["c"]


def test_a_born_claimed_part_belongs_to_its_worker(desk: Desk, sophea: Person, vault: Vault) -> None:
    lease = ("w1", desk.now + MINUTE)
    drafts = [Draft("a", 0, b"x"), Draft("b", 0, b"y")]
    rows = desk.database.run_now(
        lambda conn: outbox.add(conn, sophea, drafts, first_seq=1, now=desk.now, lease=lease)
    )
    assert [(row.cause, row.seq, row.tries, row.body) for row in rows] == [
        ("a", 1, 1, b"x"),
        ("b", 2, 1, b"y"),
    ]
    assert desk.claim("w2") == []
    where = Address(sophea.account, sophea.external)
    found = desk.database.run_now(lambda conn: people.find(conn, vault, where, "u"))
    assert found is not None
    assert found.unsent
    desk.database.run_now(lambda conn: outbox.finish(conn, [Result(row, "sent") for row in rows], desk.now))
    assert not desk.database.read_now(lambda conn: outbox.unsent(conn, sophea.contact.id))


def test_a_dead_senders_replies_are_tried_again_and_its_broadcasts_are_unknown(
    desk: Desk, greet: Greet
) -> None:
    lanes = {"reply": Lane.REPLY, "staff": Lane.STAFF, "reminder": Lane.REMINDER, "broadcast": Lane.BROADCAST}
    for cause, lane in lanes.items():
        desk.queue(greet(cause), cause, lane=lane)
    claimed = desk.claim()
    assert desk.begin(*(one for one in claimed if one.lane > Lane.STAFF)) == [True, True]
    assert len(claimed) == 4
    assert desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now)) == 0
    desk.now += 2 * MINUTE
    assert desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now)) == 4
    assert desk.counts() == {"queued": 2, "unknown": 2}
    assert causes(desk.claim("w2")) == ["reply", "staff"]


def test_a_late_answer_settles_what_was_unknown(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a", lane=Lane.REMINDER)
    row = desk.claim()[0]
    desk.begin(row)
    desk.now += 2 * MINUTE
    desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now))
    desk.end(row, "sent")
    assert desk.counts() == {"sent": 1}


def test_what_a_dead_sender_never_began_goes_to_another_and_never_twice(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a", lane=Lane.BROADCAST)
    asleep = desk.claim()[0]
    desk.now += 2 * MINUTE
    desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now))
    (row,) = desk.claim("w2")
    assert row.tries == asleep.tries == 1
    assert desk.begin(asleep, row) == [False, True]  # whoever slept finds that it is no more theirs
    desk.end(asleep, "sent")
    assert desk.counts() == {"sending": 1}
    desk.end(row, "sent")
    assert desk.begin(row) == [False]
    assert desk.counts() == {"sent": 1}


def test_what_somebody_has_in_hand_twice_is_begun_once(desk: Desk, sophea: Person) -> None:
    """Claimed, lost for the lease ran out, and claimed anew by the same: both look alike."""
    desk.queue(sophea, "a", lane=Lane.BROADCAST)
    asleep = desk.claim()[0]
    desk.now += 2 * MINUTE
    desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now))
    (row,) = desk.claim()
    assert (row.worker, row.tries) == (asleep.worker, asleep.tries)
    assert desk.begin(asleep, row) == [True, False]


def test_a_send_that_takes_long_keeps_its_lease_and_one_that_was_lost_gets_none(
    desk: Desk, sophea: Person
) -> None:
    desk.queue(sophea, "a")
    row = desk.claim()[0]
    desk.database.run_now(lambda conn: outbox.renew(conn, [row], desk.now + 3 * MINUTE))
    desk.now += 2 * MINUTE
    assert desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now)) == 0
    desk.now += 2 * MINUTE
    assert desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now)) == 1
    desk.database.run_now(lambda conn: outbox.renew(conn, [row], desk.now + MINUTE))
    assert causes(desk.claim("w2")) == ["a"]
    desk.database.run_now(lambda conn: outbox.renew(conn, [row], desk.now + 9 * MINUTE))
    desk.now += 2 * MINUTE
    assert desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now)) == 1, "w2 has it for a minute"


def test_a_clock_that_was_put_back_keeps_nobody_waiting(desk: Desk, greet: Greet) -> None:
    """By seven hours, as by somebody who mistook the zone; a machine that died held one of the replies."""
    desk.queue(greet("1"), "held")
    desk.claim()
    desk.queue(greet("2"), "waits")
    desk.queue(greet("3"), "reminder", lane=Lane.REMINDER)
    desk.now -= timedelta(hours=7)
    assert desk.claim("w2") == []
    assert desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now)) == 3
    assert causes(desk.claim("w2")) == ["held", "waits"], "a reminder has its hour"
    assert desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now)) == 0


def test_a_clock_that_was_put_back_hastens_nothing_twice(desk: Desk, sophea: Person) -> None:
    """The platform is in trouble, and asked less and less often, as if the clock had always been right."""
    desk.queue(sophea, "a")
    desk.now -= timedelta(hours=7)
    tried = []
    for second in range(60):
        desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now))
        for row in desk.claim():
            tried.append(second)
            later = desk.now + timedelta(seconds=4**row.tries)
            desk.end(row, "queued", reason="502", not_before=later)
        desk.now += timedelta(seconds=1)
    assert tried == [0, 4, 20]


def test_a_clock_that_was_put_back_keeps_nobody_waiting_where_a_process_takes_over(
    desk: Desk, greet: Greet
) -> None:
    """Nobody else serves its file, so that no lease need run out."""
    desk.queue(greet("1"), "held")
    desk.claim()
    desk.queue(greet("2"), "waits")
    desk.now -= timedelta(hours=7)
    desk.queue(greet("3"), "fresh")
    desk.claim()
    leases = desk.now + 2 * MINUTE
    assert desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now, leases=leases)) == 4
    assert sorted(causes(desk.claim("w2"))) == ["fresh", "held", "waits"]


def test_a_reply_that_has_to_wait_is_not_hastened(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a")
    desk.end(desk.claim()[0], "queued", reason="429", not_before=desk.now + timedelta(minutes=15))
    assert desk.database.run_now(lambda conn: outbox.rescue(conn, desk.now)) == 0
    assert desk.claim() == []


def test_a_quiet_shutdown_gives_back_what_was_not_tried(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a")
    desk.claim("w1")
    assert desk.database.run_now(lambda conn: outbox.release(conn, "w2")) == 0
    assert desk.database.run_now(lambda conn: outbox.release(conn, "w1")) == 1
    assert desk.claim("w2")[0].tries == 1


def test_what_came_too_late_expires_and_holds_nobody_up(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "a", expires=desk.now + MINUTE)
    desk.queue(sophea, "b")
    desk.now += 2 * MINUTE
    assert causes(desk.claim()) == ["b"]
    assert desk.database.run_now(lambda conn: outbox.expire(conn, desk.now)) == 1
    assert desk.counts() == {"expired": 1, "sending": 1}


def test_web_chat_pulls_one_persons_parts_only(desk: Desk, greet: Greet) -> None:
    one, other = greet("1"), greet("2")
    desk.queue(one, "a")
    desk.queue(other, "b")
    assert causes(desk.claim(contact_id=other.contact.id)) == ["b"]


async def test_two_senders_share_the_work_without_twice_or_out_of_order(desk: Desk, greet: Greet) -> None:
    persons = [greet(str(number)) for number in range(12)]
    for person in persons:
        desk.queue(person, *(f"{person.contact.id}:{number}" for number in range(5)))
    left: list[OutRow] = []

    async def sender(name: str) -> None:
        until = desk.now + MINUTE
        while True:
            rows = await desk.database.run(
                lambda conn: outbox.claim(conn, desk.vault, ACCOUNT, name, desk.now, until, 4)
            )
            if not rows and not any(desk.counts().get(state) for state in ("queued", "sending")):
                return
            left.extend(rows)
            await asyncio.sleep(0)
            results = [Result(row, "sent") for row in rows]
            await desk.database.run(lambda conn, results=results: outbox.finish(conn, results, desk.now))

    await asyncio.gather(sender("w1"), sender("w2"))
    assert len(left) == len(set(causes(left))) == 60
    for person in persons:
        mine = [row.seq for row in left if row.contact_id == person.contact.id]
        assert mine == [1, 2, 3, 4, 5]
