"""The rows of an import against what the store holds: which are new, which change what, which are refused.

Never writes anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.activity_parts import keep_keys
from bot.activity_rows import Draft, Known, Report, read
from bot.cli.activity_known import EDIT
from bot.cli.store import Store
from bot.core.activity import OPEN, Activity
from bot.core.activity_changes import changes
from bot.spreadsheets import Table, Unreadable
from storage import activities
from storage.staff import Scope, may

Outcome = Literal["new", "changed", "unchanged"]
ENDED = frozenset({"cancelled", "done"})
VERBS = {"cancelled": "cancel", "done": "done"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that is right. `before`: the activity that it says anew; None: a new one."""

    row: int
    draft: Draft
    before: Activity | None
    outcome: Outcome
    shows: bool  # to people, from then on


@dataclass(frozen=True, slots=True)
class Met:
    """What the rows meet: activities by number and by the key of an import. `publish`: the new are shown."""

    by_id: Mapping[int, Activity]
    by_key: Mapping[str, Activity]
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
    by_id = {one.activity.id: one.activity for one in there}
    by_key = {one.source: one.activity for one in there if one.source}
    met = Met(by_id, by_key, scope, store.now, publish)
    seen: list[Report] = []
    taken: dict[int, Taken] = {}
    for one in reports:
        found = _met(one, met)
        if isinstance(found, Taken) and found.before is not None and (twice := taken.get(found.before.id)):
            found = f"it is the same activity as row {twice.row}"
        if isinstance(found, Taken):
            taken[found.before.id if found.before else -one.row] = found
            seen.append(one)
        else:
            seen.append(replace(one, errors=(found,), draft=None))
    return seen, list(taken.values())


def tells(draft: Draft, before: Activity) -> bool:
    """Whether people who know the activity have to be told anew."""
    return before.state in OPEN and bool(changes(before.sheet, replace(before, sheet=draft.sheet)))


def _met(report: Report, met: Met) -> Taken | str:
    """What becomes of a row that is right in itself; or why the store does not take it."""
    draft = report.draft
    if draft is None:
        raise AssertionError  # a row without faults has one
    before = met.by_id.get(draft.id) if draft.id else met.by_key.get(draft.key)
    if draft.id and before is None:
        return f"id: there is no activity {draft.id}"
    for centre in {draft.centre, before.centre if before else draft.centre}:
        if not may(met.scope, EDIT, centre):
            return f"centre: you may not do this at {centre}"
    shows = (met.publish or draft.state in OPEN) and (before is None or before.state == "draft")
    if shows and draft.sheet.ends_at <= met.now:
        return "ends_at: it is over, so it can not be shown to people"
    if before is None:
        ended = draft.state in ENDED
        new = Taken(report.row, draft, None, "new", shows)
        return f"state: a new activity is not {draft.state}" if ended else new
    draft = replace(draft, sheet=keep_keys(before.sheet, draft.sheet))
    same = (draft.sheet, draft.kind, draft.centre) == (before.sheet, before.kind, before.centre)
    if (what := _unfit(draft, before, met.now, same=same)) is not None:
        return what
    return Taken(report.row, draft, before, "unchanged" if same and not shows else "changed", shows)


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
