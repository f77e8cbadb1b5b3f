"""Where a person stands in the script, and its one JSON form.

Never changes itself: the engine returns a new one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from bot.core import answers, events
from bot.core.actions import Subject
from bot.core.answers import Value
from bot.core.events import Body

FieldAt = tuple[str, int]  # field name, index (0 outside repeat blocks)
CALLED = ("called",)  # draft of a frame whose node has called another dialog
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
    `asked`: the node's question is out and we wait for its answer. `page`: of its buttons.
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
    page: int = 0


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How a person stands at an address where they do not write now: see the same names of Session."""

    address: int
    seen_at: datetime | None = None
    locked: bool = False
    unkept: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """`turn` numbers the questions asked, so that a tap tells which one it answers.

    `suspended`: frames put aside by the menu. `misses`: misunderstandings in a row.
    `tapped`: the last payload taken (a double tap is silent). `answered_by`: platform id of the last typed
    message (an edit of it corrects). `wake_at`: when `WaitExpired` is due; `nudged`: the one reminder is out.
    `burst_*`: the present flood window. `album`: the last album seen. `seen_at`: when they last wrote.
    `locked`: nothing of what they said is shown until they say who is writing; `held`: what they wrote
    instead at `held_at`, taken up afterwards. `code`: their four pictures; after too many wrong ones
    (`code_misses`) nobody may try before `code_wait`. `unkept`: platform ids and times of their messages of
    the last two days whose words were not kept, so that `hide` can delete them there. `address`: where they
    write now (internal id, 0: not known); `elsewhere`: what holds at their other addresses.
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
    seen_at: datetime | None = None
    locked: bool = False
    held: Body | None = None
    held_at: datetime | None = None
    code: tuple[str, ...] = ()
    code_misses: int = 0
    code_wait: datetime | None = None
    unkept: tuple[tuple[str, datetime], ...] = ()
    address: int = 0
    elsewhere: tuple[Elsewhere, ...] = ()


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
        "wake_at": _dump_time(session.wake_at),
        "nudged": session.nudged,
        "burst_start": _dump_time(session.burst_start),
        "burst_count": session.burst_count,
        "album": session.album,
        "seen_at": _dump_time(session.seen_at),
        "locked": session.locked,
        "held": events.dump(session.held) if session.held else None,
        "held_at": _dump_time(session.held_at),
        "code": list(session.code),
        "code_misses": session.code_misses,
        "code_wait": _dump_time(session.code_wait),
        "unkept": _dump_unkept(session.unkept),
        "address": session.address,
        "elsewhere": [_dump_elsewhere(one) for one in session.elsewhere],
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
        wake_at=_load_time(form["wake_at"]),
        nudged=form["nudged"],
        burst_start=_load_time(form["burst_start"]),
        burst_count=form["burst_count"],
        album=form["album"],
        seen_at=_load_time(form.get("seen_at")),
        locked=form.get("locked", False),
        held=events.load(form["held"]) if form.get("held") else None,
        held_at=_load_time(form.get("held_at")),
        code=tuple(form.get("code", ())),
        code_misses=form.get("code_misses", 0),
        code_wait=_load_time(form.get("code_wait")),
        unkept=_load_unkept(form.get("unkept", ())),
        address=form.get("address", 0),
        elsewhere=tuple(_load_elsewhere(one) for one in form.get("elsewhere", ())),
    )


def _dump_time(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _load_time(form: str | None) -> datetime | None:
    return datetime.fromisoformat(form) if form else None


def _dump_unkept(unkept: tuple[tuple[str, datetime], ...]) -> list[list[str]]:
    return [[message, at.isoformat()] for message, at in unkept]


def _load_unkept(form: Iterable[Any]) -> tuple[tuple[str, datetime], ...]:
    return tuple((message, datetime.fromisoformat(at)) for message, at in form)


def _dump_elsewhere(one: Elsewhere) -> list[Any]:
    return [one.address, _dump_time(one.seen_at), one.locked, _dump_unkept(one.unkept)]


def _load_elsewhere(form: list[Any]) -> Elsewhere:
    address, seen_at, locked, unkept = form
    return Elsewhere(address, _load_time(seen_at), locked, _load_unkept(unkept))


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
        frame.page,
    ]


def _load_frame(form: list[Any]) -> Frame:
    release, dialog, node, submission, index, draft, history, editing, asked, *page = form
    drawn, been = tuple(draft), tuple(history)
    return Frame(release, dialog, node, submission, index, drawn, been, editing, asked, *page)


def _dump_submission(submission: Submission) -> list[Any]:
    given = [[name, index, answers.dump(value)] for (name, index), value in submission.answers.items()]
    one = submission
    return [one.no, one.dialog, one.subject, one.case, one.opened, one.closed, given]


def _load_submission(form: list[Any]) -> Submission:
    no, dialog, subject, case, opened, closed, given = form
    loaded = {(name, index): answers.load(value) for name, index, value in given}
    return Submission(no, dialog, subject, case, opened, closed, MappingProxyType(loaded))
