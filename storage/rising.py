"""What a live case becomes when its person asks again: the weightier kind, the promise that can be kept.

Never reads or writes.
"""

from datetime import datetime
from typing import Any, NamedTuple

from bot.core.actions import CaseKind

WEIGHT: dict[CaseKind, int] = {
    "unfinished": 0,
    "failure": 1,  # nobody was promised anything by it
    "intake": 2,
    "person": 3,
    "need": 4,
    "complaint": 5,
    "danger": 6,
}
TOLD = ("intake", "person", "need")  # kinds whose promise the person has heard


class Known(NamedTuple):
    """A live case as it stands."""

    id: int
    kind: CaseKind
    state: str
    centre: str | None
    number: str | None
    answer_by: datetime | None
    submission_id: int | None
    urgent: bool
    told_late: bool


def risen(
    known: Known,
    now: datetime,
    *,
    kind: CaseKind,
    submission_id: int | None,
    centre: str | None,
    answer_by: datetime | None,
) -> dict[str, Any]:
    """What a case that is taken up becomes."""
    heard = known.answer_by if known.kind in TOLD else None
    kept = heard if heard is not None and heard > now else None
    promises = [promise for promise in (kept, answer_by) if promise is not None]
    return {
        "kind": max(known.kind, kind, key=lambda each: WEIGHT[each]),
        "submission_id": known.submission_id or submission_id,
        "centre": centre if centre is not None and known.state == "open" else known.centre or centre,
        "answer_by": min(promises, default=None),
        "told_late": known.told_late and kept is not None,
    }
