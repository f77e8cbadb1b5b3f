"""Parts that did not arrive: who sees them, who may send or drop them, and what a sender then takes."""

from datetime import timedelta

import pytest

from storage import letters, staff
from storage.letters import DROPPED, Fate, Listed
from storage.parts import ABSENT, Ended, Lane
from storage.people import Person
from storage.schema import outbox
from storage.staff import Grant, Scope
from tests.storage.conftest import Greet, Open
from tests.storage.desk import MINUTE, Desk, causes

OPERATOR = Scope(0, "", frozenset({Grant("admin")}))


def failed(desk: Desk, person: Person, cause: str, state: Ended = "failed", reason: str = "too long") -> int:
    (row,) = desk.queue(person, cause)
    (claimed,) = desk.claim()
    desk.end(claimed, state, reason=reason)
    return row.id


def seen(desk: Desk, scope: Scope = OPERATOR, limit: int = 100, **only: object) -> Listed:
    return desk.database.read_now(lambda conn: letters.list_(conn, scope, limit, **only))  # type: ignore[arg-type]


def retry(desk: Desk, part: int, scope: Scope = OPERATOR, *, dry: bool = False) -> Fate:
    return desk.database.run_now(lambda conn: letters.retry(conn, scope, part, desk.now, dry=dry))


def test_they_are_listed_newest_first_with_reasons_and_no_words(desk: Desk, sophea: Person) -> None:
    one = failed(desk, sophea, "a")
    other = failed(desk, sophea, "b", "unknown", "answer-lost")
    desk.end(desk.queue(sophea, "c")[0], "sent")
    found = seen(desk)
    assert [(row.id, row.state, row.reason, row.tries) for row in found.letters] == [
        (other, "unknown", "answer-lost", 1),
        (one, "failed", "too long", 1),
    ]
    assert found.hidden == 0
    assert [row.id for row in seen(desk, states=("failed",)).letters] == [one]
    assert seen(desk, account_name="telegram:9").letters == ()
    assert [row.id for row in seen(desk, limit=1).letters] == [other]


@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_one_that_is_tried_again_is_as_if_it_never_was(desk: Desk, sophea: Person, state: Ended) -> None:
    part = failed(desk, sophea, "a", state)
    assert retry(desk, part, dry=True) == Fate.DONE
    assert desk.counts() == {state: 1}
    assert retry(desk, part) == Fate.DONE
    (row,) = desk.claim()
    assert (row.cause, row.tries) == ("a", 1)
    assert retry(desk, part) == Fate.UNKNOWN


def test_what_is_held_leaves_by_itself_only(desk: Desk, sophea: Person) -> None:
    part = failed(desk, sophea, "a", "held", ABSENT)
    assert retry(desk, part) == Fate.HELD
    assert desk.counts() == {"held": 1}


def test_what_is_too_late_or_has_no_words_left_is_not_sent(desk: Desk, sophea: Person) -> None:
    desk.queue(sophea, "late", expires=desk.now + MINUTE)
    desk.end(desk.claim()[0], "failed")
    empty = failed(desk, sophea, "empty")
    desk.database.run_now(
        lambda conn: conn.execute(outbox.update().where(outbox.c.id == empty).values(body=None))
    )
    desk.now += timedelta(hours=1)
    late = seen(desk).letters[1].id
    assert (retry(desk, late), retry(desk, empty)) == (Fate.LATE, Fate.EMPTY)


def test_what_is_dropped_is_never_sent(desk: Desk, sophea: Person) -> None:
    part = failed(desk, sophea, "a")
    assert desk.database.run_now(lambda conn: letters.drop(conn, OPERATOR, part, dry=True)) == Fate.DONE
    assert desk.counts() == {"failed": 1}
    assert desk.database.run_now(lambda conn: letters.drop(conn, OPERATOR, part)) == Fate.DONE
    reason = desk.database.read_now(lambda conn: conn.execute(outbox.select()).one().reason)
    assert (desk.counts(), reason) == ({"cancelled": 1}, DROPPED)
    assert desk.claim() == []


def test_staff_see_those_of_their_own_centre(
    desk: Desk, sophea: Person, dara: Scope, opened: Open, greet: Greet
) -> None:
    part = failed(desk, sophea, "a")
    other = failed(desk, greet("2"), "b")
    opened(sophea)
    found = seen(desk, dara)
    assert ([row.id for row in found.letters], found.hidden) == ([part], 1)
    assert retry(desk, other, dara) == Fate.UNKNOWN
    assert retry(desk, part, dara) == Fate.DONE


def test_what_is_restricted_is_the_safeguarding_roles_and_what_a_bot_said_there_nobodys(
    desk: Desk, sophea: Person, opened: Open, hire: object
) -> None:
    opened(sophea, "danger")
    opened(sophea, "intake")
    words, bot = failed(desk, sophea, "staff:1:1"), failed(desk, sophea, "in:1:1")
    for part, lane in ((words, Lane.STAFF), (bot, Lane.REPLY)):
        change = outbox.update().where(outbox.c.id == part).values(restricted=True, lane=lane)
        desk.database.run_now(lambda conn, change=change: conn.execute(change))
    officer = hire("officer", Grant("safeguarding"))  # type: ignore[operator]
    assert seen(desk) == Listed((), 2)
    assert [row.id for row in seen(desk, officer).letters] == [words]
    assert (retry(desk, bot, officer), retry(desk, words)) == (Fate.UNKNOWN, Fate.UNKNOWN)
    assert retry(desk, words, officer) == Fate.DONE
    assert causes(desk.claim()) == ["staff:1:1"]
    assert staff.may(officer, "conversation.read", None, restricted=True)
