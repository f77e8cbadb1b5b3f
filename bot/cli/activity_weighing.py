"""The rows of an import against what the store holds: which are new, which change what, which are refused.

Never writes anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.activity_alike import own
from bot.activity_parts import keep_keys
from bot.activity_rows import Draft, Known, Report, read
from bot.cli.activity_known import EDIT
from bot.cli.activity_matching import ENDED, Match, gives, matched
from bot.cli.activity_telling import lost
from bot.cli.store import Store
from bot.core.activity import OPEN, Activity
from bot.core.activity_changes import changes
from bot.spreadsheets import Table, Unreadable
from storage import activities
from storage.activities import Kept
from storage.staff import Scope, may

Outcome = Literal["new", "changed", "unchanged"]
VERBS = {"cancelled": "cancel", "done": "done"}
WORDS = ("title", "venue", "description", "bring", "for_whom", "phone", "employers", "stipend")
NAMED = 5  # rows that a question names


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that is right. `before`: the activity that it says anew; None: a new one.

    `key`: by which the activity is known from then on, where that is another one than before.
    `doubts`: what whoever takes it in should know before people see it.
    """

    row: int
    draft: Draft
    before: Activity | None
    outcome: Outcome
    shows: bool  # to people, from then on
    key: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def only_shown(self) -> bool:
        """Whether it is a draft that says the same and becomes public."""
        said, old = self.draft, self.before
        if old is None or not self.shows or self.key:
            return False
        return (said.sheet, said.kind, said.centre) == (old.sheet, old.kind, old.centre)


@dataclass(frozen=True, slots=True)
class Met:
    """What the rows meet. `by_key`: activities by the key of an import. `publish`: the new are shown."""

    by_key: Mapping[str, Kept]
    scope: Scope
    now: datetime
    publish: bool


def weighed(
    table: Table | Unreadable, told: Known, store: Store, scope: Scope, *, publish: bool
) -> tuple[list[Report], list[Taken]]:
    """Every row against the columns, then against what the store holds. One fault: none is taken."""
    if isinstance(table, Unreadable):
        return [Report(1, (str(table),))], []
    reports = read(table, told)
    if any(one.errors for one in reports):
        return reports, []
    there = store.read(activities.find)
    matches = matched([(one.row, one.draft) for one in reports if one.draft], there, scope)
    met = Met({one.source: one for one in there if one.source}, scope, store.now, publish)
    seen: list[Report] = []
    taken: dict[int, Taken] = {}
    for one in reports:
        match = matches[one.row]
        found = _met(one, match, met)
        if isinstance(found, Taken) and found.before is not None and (twice := taken.get(found.before.id)):
            found = f"it is the same activity as row {twice.row}"
        if isinstance(found, Taken):
            found = _doubted(store, found, match)
            taken[found.before.id if found.before else -one.row] = found
            told_of = (*found.doubts, match.warning, *one.warnings)
            seen.append(replace(one, warnings=tuple(dict.fromkeys(filter(None, told_of)))))
        else:
            seen.append(replace(one, errors=(found,), draft=None))
    return seen, list(taken.values())


def question(taken: Sequence[Taken]) -> str:
    """What whoever takes them in is asked before anything is written; empty where nobody needs to be."""
    corrected = sum(one.before is not None and tells(one.draft, one.before) for one in taken)
    twice = sum(one.before is None and bool(one.doubts) for one in taken)
    given = sum(one.before is not None and gives(one.before, one.draft) for one in taken)
    asked = [f"correct those who know {corrected} of them"] if corrected else []
    asked += [f"show {twice} that may be there already"] if twice else []
    asked += [f"give {given} to another centre"] if given else []
    asked += [f"change what people read in {one}" for one in _reworded(taken)]
    if not asked and any(one.doubts for one in taken):
        asked = ["change them"]
    said = ", and ".join(asked)
    return f"{said[0].upper()}{said[1:]}?" if said else ""


def tells(draft: Draft, before: Activity) -> bool:
    """Whether people who know the activity have to be told anew."""
    return before.state in OPEN and bool(changes(before.sheet, replace(before, sheet=draft.sheet)))


def _reworded(taken: Sequence[Taken]) -> list[str]:
    """The rows that say in other words what people are shown, as one part of a question; or none."""
    found: list[str] = []
    for one in taken:
        if one.before is not None and one.before.state in OPEN:
            old, new = one.before.sheet, one.draft.sheet
            other = [name for name in WORDS if getattr(old, name) != getattr(new, name)]
            found += [f"row {one.row} ({', '.join(other)})"] if other else []
    more = [f"{len(found) - NAMED} more"] if len(found) > NAMED else []
    *first, last = [*found[:NAMED], *more] or [""]
    return [f"{', '.join(first)} and {last}" if first else last] if found else []


def _doubted(store: Store, one: Taken, match: Match) -> Taken:
    """The same, with what people would lose by it, or be told twice."""
    if one.before is None:
        return replace(one, doubts=(match.warning,)) if one.shows and match.twice else one
    doubts = [match.warning] if gives(one.before, one.draft) else []
    if one.outcome == "changed" and one.before.state in OPEN:
        doubts += lost(store, one.before, one.draft.sheet)
    return replace(one, doubts=tuple(doubts))


def _met(report: Report, match: Match, met: Met) -> Taken | str:
    """What becomes of a row that is right in itself; or why the store does not take it."""
    draft = report.draft
    if draft is None:
        raise AssertionError  # a row without faults has one
    before = match.before.activity if match.before else None
    if draft.id and before is None:
        return f"id: there is no activity {draft.id}"
    if (barred := _barred(draft, before, met.scope)) is not None:
        return barred
    shows = (met.publish or draft.state in OPEN) and (before is None or before.state == "draft")
    if shows and draft.sheet.ends_at <= met.now:
        return "ends_at: it is over, so it can not be shown to people"
    if before is None or match.before is None:
        ended = draft.state in ENDED
        new = Taken(report.row, draft, None, "new", shows)
        return f"state: a new activity is not {draft.state}" if ended else new
    draft = replace(draft, sheet=keep_keys(before.sheet, draft.sheet))
    same = (draft.sheet, draft.kind, draft.centre) == (before.sheet, before.kind, before.centre)
    if (what := _unfit(draft, before, met.now, same=same)) is not None:
        return what
    key = "" if same and not draft.named else _key(draft, match.before)
    if key and (other := met.by_key.get(key)) is not None:
        return f"key: it is that of activity {other.activity.id}"
    outcome: Outcome = "changed" if not same or shows or key else "unchanged"
    return Taken(report.row, draft, before, outcome, shows, key)


def _barred(draft: Draft, before: Activity | None, scope: Scope) -> str | None:
    """Why whoever takes it in may not."""
    if not may(scope, EDIT, draft.centre):
        return f"centre: you may not do this at {draft.centre}"
    if before is None or may(scope, EDIT, before.centre):
        return None
    if draft.id or draft.named:
        return f"centre: you may not do this at {before.centre}"
    there = f"activity {before.id} of {before.centre} has the same title there that day"
    return f"key: {there}; give the row a key of its own"


def _key(draft: Draft, before: Kept) -> str:
    """By which it is known from then on; empty where that stays, as it does for one that somebody chose.

    One that was made of the title goes with the title.
    """
    if draft.named:
        return "" if draft.key == before.source else draft.key
    stays = draft.id is not None or own(before.source) or draft.key == before.source
    return "" if stays else draft.key


def _unfit(draft: Draft, before: Activity, now: datetime, *, same: bool) -> str | None:
    """Why a row does not fit the activity that it changes."""
    if draft.id and not _alike(draft, before):
        return f"id: activity {draft.id} is another one ({before.sheet.title.read_in('en')})"
    if draft.state in ENDED and draft.state != before.state:
        return f"state: an import makes nothing {draft.state}; spean activity {VERBS[draft.state]} does"
    if not same and before.state in ENDED:
        return f"state: activity {before.id} is {before.state}"
    if not same and before.state in OPEN and before.sheet.ends_at <= now:
        return f"ends_at: activity {before.id} is over already"
    return None


def _alike(draft: Draft, before: Activity) -> bool:
    """Whether a row that names a number means that activity, and none of another installation."""
    one, other = draft.sheet, before.sheet
    return one.title == other.title or (one.place, one.starts_at) == (other.place, other.starts_at)
