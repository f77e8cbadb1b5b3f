"""Where a person stands while one event is handled: the working copy of a session, and how it is looked at.

Never moves (`trail` does), asks or says anything.
"""

from datetime import date, datetime

from bot.core.actions import Subject
from bot.core.book import Book, Shelf
from bot.core.contact import Contact
from bot.core.dialog import Dialog, Node
from bot.core.effects import Effect
from bot.core.message import Line
from bot.core.path import View
from bot.core.schedule import PHNOM_PENH
from bot.core.session import Frame, Session


class Standpoint:
    """The working copy of where a person stands."""

    def __init__(self, shelf: Shelf, contact: Contact, session: Session, now: datetime) -> None:
        self.shelf = shelf
        self.contact = contact
        self.before = session
        self.now = now
        self.frames = list(session.frames)
        self.suspended = session.suspended
        self.submissions = {one.no: one for one in session.submissions}
        self.turn = session.turn
        self.misses = session.misses
        self.tapped = session.tapped
        self.answered_by = session.answered_by
        self.wake_at = session.wake_at
        self.nudged = session.nudged
        self.album = session.album
        self.locked = session.locked
        self.held = session.held
        self.held_at = session.held_at
        self.code = session.code
        self.code_misses = session.code_misses
        self.code_wait = session.code_wait
        self.reopened: tuple[str, int] | None = None  # the answered question that is asked again
        self.effects: list[Effect] = []
        self.notes: list[Line] = []  # said first in the next message
        self.then: str | None = None  # the dialog that opens when the question is answered
        self.subject: Subject = "self"  # of the next submission
        self.over = False  # nothing more is asked in this step (erased)
        self.still = False  # nothing more is asked until they write again (hidden)

    def note(self, message_id: str) -> None:
        """Say this line first in the next message."""
        self.notes.append(Line(message_id))

    @property
    def rested(self) -> bool:
        """Whether the one reminder went out and nobody answered it."""
        return self.before.nudged and self.before.wake_at is None

    @property
    def today(self) -> date:
        """The day in Phnom Penh."""
        return self.now.astimezone(PHNOM_PENH).date()

    @property
    def frame(self) -> Frame:
        """The frame being walked."""
        return self.frames[-1]

    def book(self, frame: Frame) -> Book:
        """The Book whose structure and words the frame follows."""
        return self.shelf.book(frame.release)

    def place(self, frame: Frame) -> tuple[Dialog, Node] | None:
        """The dialog and node of a frame; None when its Release is gone and the live one has no such node."""
        within = self.book(frame).dialogs.get(frame.dialog)
        node = within.nodes.get(frame.node) if within else None
        return (within, node) if within and node else None

    @property
    def current(self) -> tuple[Dialog, Node]:
        """The dialog and node of the top frame. `settle` has made sure that they exist."""
        found = self.place(self.frame)
        if found is None:
            raise LookupError(f"{self.frame.dialog}.{self.frame.node}")
        return found

    def view(self, frame: Frame | None = None) -> View:
        """What conditions see from a frame."""
        at = frame or self.frame
        return View(
            contact=self.contact,
            submissions=self.submissions,
            submission=at.submission,
            index=at.index,
            suspended=bool(self.suspended),
            code=bool(self.code),
            live=self.shelf.live,
            now=self.now,
        )

    @property
    def gate(self) -> int | None:
        """Where the question stands that asks who is writing."""
        at = (depth for depth, frame in enumerate(self.frames) if frame.dialog == self.shelf.live.who)
        return next(at, None)

    @property
    def barred(self) -> bool:
        """Whether nobody knows who is writing, wherever the walk stands."""
        return self.locked and self.shelf.live.who in self.shelf.live.dialogs
