"""Where a person stands in the script, and its one JSON form.

Never changes itself: the engine returns a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.core import answers
from bot.core.answers import Value
from bot.core.dialog import Subject

FieldAt = tuple[str, int]  # field name, index (0 outside repeat blocks)
NO_ANSWERS: Mapping[FieldAt, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Submission:
    """One run of a dialog about a subject. `no` counts within the contact; `case`: it has one.

    `opened`: something is kept in it; until then the store knows nothing of it. `closed`: walked to its end.
    """

    no: int
    dialog: str
    subject: Subject = "self"
    case: bool = False
    opened: bool = False
    closed: bool = False
    answers: Mapping[FieldAt, Value] = field(default_factory=lambda: NO_ANSWERS)


@dataclass(frozen=True, slots=True)
class Frame:
    """A walk through one dialog of one Release.

    `draft`: a half-given answer (place prefix, ticked options). `history`: nodes answered before,
    for going back. `editing`: ask only what is new or changed until the review `editing`.
    `asked`: the node's question is out and we wait for its answer.
    """

    release: str
    dialog: str
    node: str
    submission: int | None = None
    index: int = 0
    draft: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    editing: str | None = None
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """`turn` numbers the questions asked, so that a tap tells which one it answers.

    `suspended`: frames put aside by the menu. `misses`: misunderstandings in a row.
    `tapped`: the last payload taken (a double tap is silent). `answered_by`: platform id of the last typed
    message (an edit of it corrects). `wake_at`: when `WaitExpired` is due; `nudged`: the one reminder is out.
    `burst_*`: the present flood window. `album`: the last album seen.
    """

    frames: tuple[Frame, ...] = ()
    suspended: tuple[Frame, ...] = ()
    submissions: tuple[Submission, ...] = ()
    turn: int = 0
    misses: int = 0
    tapped: str = ""
    answered_by: str = ""
    wake_at: datetime | None = None
    nudged: bool = False
    burst_start: datetime | None = None
    burst_count: int = 0
    album: str = ""


def releases(session: Session) -> frozenset[str]:
    """Digests of the Releases that the session still walks."""
    return frozenset(frame.release for frame in (*session.frames, *session.suspended))


def dump(session: Session) -> dict[str, Any]:
    """The JSON form; `load` gives an equal session back."""
    return {
        "frames": [_dump_frame(frame) for frame in session.frames],
        "suspended": [_dump_frame(frame) for frame in session.suspended],
        "submissions": [_dump_submission(submission) for submission in session.submissions],
        "turn": session.turn,
        "misses": session.misses,
        "tapped": session.tapped,
        "answered_by": session.answered_by,
        "wake_at": session.wake_at.isoformat() if session.wake_at else None,
        "nudged": session.nudged,
        "burst_start": session.burst_start.isoformat() if session.burst_start else None,
        "burst_count": session.burst_count,
        "album": session.album,
    }


def load(form: Mapping[str, Any]) -> Session:
    """The session of a JSON form that `dump` wrote."""
    return Session(
        frames=tuple(_load_frame(frame) for frame in form["frames"]),
        suspended=tuple(_load_frame(frame) for frame in form["suspended"]),
        submissions=tuple(_load_submission(submission) for submission in form["submissions"]),
        turn=form["turn"],
        misses=form["misses"],
        tapped=form["tapped"],
        answered_by=form["answered_by"],
        wake_at=datetime.fromisoformat(form["wake_at"]) if form["wake_at"] else None,
        nudged=form["nudged"],
        burst_start=datetime.fromisoformat(form["burst_start"]) if form["burst_start"] else None,
        burst_count=form["burst_count"],
        album=form["album"],
    )


def _dump_frame(frame: Frame) -> list[Any]:
    return [
        frame.release,
        frame.dialog,
        frame.node,
        frame.submission,
        frame.index,
        list(frame.draft),
        list(frame.history),
        frame.editing,
        frame.asked,
    ]


def _load_frame(form: list[Any]) -> Frame:
    release, dialog, node, submission, index, draft, history, editing, asked = form
    return Frame(release, dialog, node, submission, index, tuple(draft), tuple(history), editing, asked)


def _dump_submission(submission: Submission) -> list[Any]:
    given = [[name, index, answers.dump(value)] for (name, index), value in submission.answers.items()]
    one = submission
    return [one.no, one.dialog, one.subject, one.case, one.opened, one.closed, given]


def _load_submission(form: list[Any]) -> Submission:
    no, dialog, subject, case, opened, closed, given = form
    loaded = {(name, index): answers.load(value) for name, index, value in given}
    return Submission(no, dialog, subject, case, opened, closed, MappingProxyType(loaded))
