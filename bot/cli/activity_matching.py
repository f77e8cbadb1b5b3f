"""Which activity of the store a row means: by number, by key, or what stands there and is called alike.

Never guesses between two, and never takes one of another centre for the row's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.activity_alike import Spot, called, own, spot
from bot.activity_cells import paired
from bot.activity_rows import Draft
from bot.cli.activity_known import EDIT
from bot.core.activity import OPEN, Activity, Bilingual
from storage.activities import Kept
from storage.staff import Scope, may

ENDED = frozenset({"cancelled", "done"})
Row = tuple[int, Draft]  # with its number
Called = tuple[Spot, tuple[str, str]]  # a title in one language, and where and when


@dataclass(frozen=True, slots=True)
class Match:
    """What a row means. `before` None: a new activity. `warning`: what to know of it.

    `twice`: what is new may be there already, so nobody is shown it without a question.
    """

    before: Kept | None = None
    warning: str = ""
    twice: bool = False


def matched(rows: Sequence[Row], there: Sequence[Kept], scope: Scope) -> dict[int, Match]:
    """What each row means. Rows that name a number or a key come first, and nothing is meant twice."""
    by_id = {one.activity.id: one for one in there}
    by_key = {one.source: one for one in there if one.source}
    found: dict[int, Match] = {}
    for row, draft in rows:
        if draft.id or draft.key in by_key:
            one = by_id.get(draft.id) if draft.id else by_key[draft.key]
            found[row] = Match(one, _taken_for(one, draft) if one and gives(one.activity, draft) else "")
    meant = {one.before.activity.id for one in found.values() if one.before}
    for whole in (True, False):  # both titles, then one of them
        rest = [one for one in rows if one[0] not in found]
        free = [one for one in there if one.activity.id not in meant and _takes(one, scope)]
        some = _alike(rest, free, whole=whole)
        found |= some
        meant |= {one.before.activity.id for one in some.values() if one.before}
    near = _Beside([one for one in there if _seen(one, scope)], meant)
    return found | {row: near.new(row, draft) for row, draft in rows if row not in found}


def gives(before: Activity, draft: Draft) -> bool:
    """Whether a row that means it takes it from the centre that organises it."""
    return before.centre != draft.centre


def beside(draft: Draft, there: Iterable[Kept], scope: Scope) -> str:
    """The warning of a new one that stands beside another, which it may be; empty when it stands alone."""
    return _Beside([one for one in there if _seen(one, scope)], ()).new(1, draft).warning


def _alike(rows: Sequence[Row], free: Iterable[Kept], *, whole: bool) -> dict[int, Match]:
    """Those that are called alike, one row and one activity each. `whole`: in both languages."""
    index: dict[Called, list[Kept]] = defaultdict(list)
    for one in free:
        for title in called(one.activity.sheet.title):
            index[_spot(one), title].append(one)
    wanted: dict[int, list[tuple[int, Match]]] = defaultdict(list)
    for row, draft in rows:
        titles, where = called(draft.sheet.title), spot(draft.kind, draft.sheet)
        some = (
            one
            for at, title in enumerate(titles)
            for one in index.get((where, title), ())
            if not (draft.named and (own(one.source) or not whole))
            and (not whole or called(one.activity.sheet.title) == titles)
            and not (at and titles[0] in called(one.activity.sheet.title))  # it was there already
        )
        if len(two := list(islice(some, 2))) == 1:
            told = draft.named or not whole or gives(two[0].activity, draft)
            match = Match(two[0], _taken_for(two[0], draft) if told else "")
            wanted[two[0].activity.id].append((row, match))
    return dict(some[0] for some in wanted.values() if len(some) == 1)


class _Beside:
    """What stands in the store or in an earlier row where a new one is to stand."""

    def __init__(self, seen: Iterable[Kept], meant: Collection[int]) -> None:
        """`meant`: the activities that other rows mean, of which a new one differs by that."""
        self._there: dict[Spot, Kept] = {}
        self._free: dict[Spot, Kept] = {}
        self._called: dict[Called, Kept] = {}
        self._rows: dict[Spot | Called, Row] = {}
        for one in seen:
            where = _spot(one)
            self._there.setdefault(where, one)
            if one.activity.state in ENDED:
                continue
            if one.activity.id not in meant:
                self._free.setdefault(where, one)
            for title in called(one.activity.sheet.title):
                self._called.setdefault((where, title), one)

    def new(self, row: int, draft: Draft) -> Match:
        """A row that is new, with what stands beside it."""
        where = spot(draft.kind, draft.sheet)
        names: list[Called] = [(where, title) for title in called(draft.sheet.title)]
        here: list[Spot | Called] = [*names, where]
        earlier = next((self._rows[name] for name in here if name in self._rows), None)
        alike = any(name in self._rows for name in names)
        for name in here:
            self._rows.setdefault(name, (row, draft))
        like = next((self._called[name] for name in names if name in self._called), None)
        if (near := like or self._free.get(where)) is not None:
            return Match(None, _stands(near), twice=like is not None or not draft.named)
        if earlier is not None:
            return Match(None, _written(earlier), twice=alike)
        return Match(None, _stands(self._there[where])) if where in self._there else Match()


def _takes(one: Kept, scope: Scope) -> bool:
    """Whether a row may turn out to mean it, though it names neither its number nor its key."""
    return one.activity.state not in ENDED and may(scope, EDIT, one.activity.centre)


def _seen(one: Kept, scope: Scope) -> bool:
    return one.activity.state in OPEN or may(scope, EDIT, one.activity.centre)


def _spot(one: Kept) -> Spot:
    return spot(one.activity.kind, one.activity.sheet)


def _named(title: Bilingual) -> str:
    return f"'{paired(title)}'"


def _taken_for(one: Kept, draft: Draft) -> str:
    here = f"it is taken for activity {one.activity.id} {_named(one.activity.sheet.title)}"
    if gives(one.activity, draft):
        cure = f"write {one.activity.centre} as its centre, or give it a key of its own if it is another one"
        return f"{here} of {one.activity.centre}, which {draft.centre} organises from now on; {cure}"
    what = "it has this key from now on" if draft.named else "if it is another one, give it a key of its own"
    return f"{here}, of that day in that commune; {what}"


def _stands(one: Kept) -> str:
    state, name = one.activity.state, f"{one.activity.id} {_named(one.activity.sheet.title)}"
    cure = f", which is {state}" if state in ENDED else "; write its id or key to change it"
    return f"another activity stands on that day in that commune: {name}{cure}"


def _written(row: Row) -> str:
    name = f"row {row[0]} {_named(row[1].sheet.title)}"
    return f"another row stands on that day in that commune: {name}; leave one out if they are the same"
