"""What an import writes: first all that nobody sees, then row by row what people see, and how each went.

Never leaves a row half done, and never takes back one that people may have read of.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.cli.activity_known import by, planned
from bot.cli.activity_weighing import Taken
from bot.cli.refused import Refused
from bot.cli.store import Store
from bot.core.activity import Activity
from bot.runner import planning
from bot.runner.notice import Desk
from storage import activities, audit
from storage.staff import Scope

AT_ONCE = 40  # new ones in one transaction, which holds the store for less than 50 ms
NOT_REACHED = "it stopped before this row"


@dataclass(frozen=True, slots=True)
class Hands:
    """What writing takes."""

    store: Store
    desk: Desk
    scope: Scope


@dataclass(slots=True)
class Written:
    """What became of the rows so far. `left`: why a row is not done; `ids`: activities by row."""

    left: dict[int, str]
    ids: dict[int, int] = field(default_factory=dict)

    def done(self, row: int) -> None:
        """The row says what it should, to whom it should."""
        del self.left[row]


def begun(taken: Sequence[Taken]) -> Written:
    """Nothing is done yet."""
    ids = {one.row: one.before.id for one in taken if one.before is not None}
    return Written(dict.fromkeys((one.row for one in taken), NOT_REACHED), ids)


def write(hands: Hands, taken: Sequence[Taken], became: Written) -> None:
    """Write them and note what became of each in `became`, also when something breaks on the way.

    A row that is refused, because somebody changed its activity meanwhile, keeps no other one back.
    """
    store = hands.store
    new = [one for one in taken if one.before is None]
    for at in range(0, len(new), AT_ONCE):
        some = new[at : at + AT_ONCE]
        became.ids |= store.run(_making(hands, some))
        for one in some:
            if not one.shows:
                became.done(one.row)
    for one in sorted(taken, key=_seen):
        if one.before is None and not one.shows:
            continue
        try:
            if one.shows or one.outcome == "changed":
                store.run(_putting(hands, one, became.ids[one.row]))
        except Refused as refused:
            became.left[one.row] = refused.complaint.what
        else:
            became.done(one.row)
    _noted(hands, taken, became.left)


def _seen(one: Taken) -> tuple[bool, int]:
    """What people see comes last."""
    return one.shows or (one.before is not None and one.before.state != "draft"), one.row


def _making(hands: Hands, some: Sequence[Taken]) -> Callable[[Connection], dict[int, int]]:
    now, staff_id = hands.store.now, hands.scope.staff_id or None

    def work(conn: Connection) -> dict[int, int]:
        made = {}
        for one in some:
            draft = one.draft
            there = activities.by_source(conn, draft.key)  # somebody imported the same beside us
            made[one.row] = (
                there
                or activities.make(
                    conn, draft.kind, draft.centre, draft.sheet, now, staff_id=staff_id, source=draft.key
                )
            ).id
        return made

    return work


def _putting(hands: Hands, one: Taken, number: int) -> Callable[[Connection], None]:
    """What one row changes and shows, whole or not at all."""
    now = hands.store.now

    def work(conn: Connection) -> None:
        if one.before is not None:
            _change(conn, hands, one, one.before)
        if one.shows:
            planned(number, planning.publish(conn, hands.desk, by(hands.scope), number, now))

    return work


def _change(conn: Connection, hands: Hands, one: Taken, before: Activity) -> None:
    now, draft = hands.store.now, one.draft
    if (draft.kind, draft.centre) != (before.kind, before.centre):
        activities.hand_to(conn, before.id, draft.kind, draft.centre, now)
    if draft.sheet != before.sheet:
        planned(before.id, planning.change(conn, hands.desk, by(hands.scope), before.id, draft.sheet, now))
    if one.key and activities.by_source(conn, one.key) is None:  # nobody gave it away beside us
        activities.know_by(conn, before.id, one.key)


def _noted(hands: Hands, taken: Sequence[Taken], left: Mapping[int, str]) -> None:
    now, staff_id = hands.store.now, hands.scope.staff_id or None
    new = sum(one.outcome == "new" for one in taken)
    changed = sum(one.outcome == "changed" and one.row not in left for one in taken)
    what = f"{new} new, {changed} changed" + (f", {len(left)} not done" if left else "")
    hands.store.run(lambda conn: audit.record(conn, staff_id, "activity.import", what, now))
