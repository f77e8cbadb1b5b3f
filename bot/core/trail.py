"""The frames of one walk: pushed, popped, moved on and back, with the submissions they write into.

Never asks or says anything (`walk` does).
"""

from dataclasses import replace
from datetime import date, datetime

from bot.core.actions import Subject
from bot.core.book import Book, Shelf
from bot.core.condition import evaluate
from bot.core.contact import Contact
from bot.core.dialog import END, Dialog, FaqNode, Node, PlaceNode
from bot.core.effects import CloseSubmission, Effect, OpenSubmission, SetSubject
from bot.core.events import Body, Command
from bot.core.message import Line
from bot.core.path import View
from bot.core.privacy import private
from bot.core.schedule import PHNOM_PENH
from bot.core.session import CALLED, Frame, Session, Submission

SUSPENDED_AT_MOST = 8  # frames: what was put aside last is taken up first


class Trail:
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

    def quiet(self) -> bool:
        """Whether the person asked, in any submission, for nothing that they did not ask for."""
        condition = self.shelf.live.quiet_when
        if condition is None:
            return False
        views = (replace(self.view(), submission=number, index=0) for number in self.submissions)
        return any(evaluate(condition, view.look) for view in views)

    def settle(self) -> None:
        """Drop frames that no Release can continue, so that nobody is stranded; shut the gate if locked."""
        while self.frames and self.place(self.frame) is None:
            self.frames.pop()
        who = self.shelf.live.dialogs.get(self.shelf.live.who)
        if self.locked and self.gate is None and who is not None:
            self.frames.append(Frame(self.shelf.live.digest, who.id, who.start))

    # --- the gate of a shared phone: frames below it are out of reach until it is unlocked ---

    @property
    def gate(self) -> int | None:
        """Where the question stands that asks who is writing."""
        at = (depth for depth, frame in enumerate(self.frames) if frame.dialog == self.shelf.live.who)
        return next(at, None)

    @property
    def barred(self) -> bool:
        """Whether nobody knows who is writing, wherever the walk stands."""
        return self.locked and self.shelf.live.who in self.shelf.live.dialogs

    def hold(self, body: Body | None) -> None:
        """What is taken up once we know who is writing, if that is soon."""
        self.held, self.held_at = body, self.now if body else None

    def shut(self) -> None:
        """Nothing below is walked until we know who is writing."""
        self.locked = True
        self.settle()
        self._back_to_gate()

    def unlock(self) -> None:
        """Open the gate. What was said at it answers the question below; without that it is asked anew."""
        self.locked = False
        if self.held is None and self.gate:
            below = self.gate - 1
            self.frames[below] = replace(self.frames[below], asked=False)

    def _back_to_gate(self) -> None:
        if self.locked and self.gate is not None:
            del self.frames[self.gate + 1 :]

    def move(self, **changes: object) -> None:
        """Change the top frame."""
        self.frames[-1] = replace(self.frame, **changes)  # type: ignore[arg-type]

    # --- dialogs begun and ended ---

    def enter(
        self, name: str, *, called: bool, index: int = 0, editing: str | None = None, release: str = ""
    ) -> None:
        """Push a dialog: a called one walks its caller's Release and submission, others `release` or live.

        One that only the person themself may enter asks first who is writing, and comes after that.
        """
        if self.barred and name in self.shelf.live.known:
            commands = (one.commands[0] for one in self.shelf.live.routes if one.dialog == name)
            self.hold(Command(next(commands)))
            self.shut()
            return
        if self.frames:
            self.move(asked=False)
        release = self.frame.release if called else release or self.shelf.live.digest
        entered = self.shelf.book(release).dialogs[name]
        inherited = self.frame.submission if called else None
        number = self._submission(entered) if entered.submission else inherited
        self.frames.append(Frame(release, name, entered.start, number, index, editing=editing))

    def meet_after_language(self) -> None:
        """Below everything else: what the first dialog says once the language is chosen."""
        live = self.shelf.live
        first = live.dialogs[live.first]
        after = first.nodes[first.start].next
        if after != END:
            self.frames.insert(0, Frame(live.digest, live.first, after))

    def open(self, name: str) -> None:
        """Open a dialog from anywhere: the menu puts what is open aside, others go on top of it.

        While the gate is shut only what is urgent opens, on top of it; anything else leads back to it.
        """
        self.settle()
        if self.locked and name not in self.shelf.live.urgent - {self.shelf.live.who}:
            self._back_to_gate()
            return
        if name == self.shelf.live.home:
            self.drop_private()
            if any(frame.submission is not None for frame in self.frames):
                aside = (*self.suspended, *(replace(frame, asked=False) for frame in self.frames))
                self.suspended = aside[-SUSPENDED_AT_MOST:]
            self.frames = []
        lowest = 0 if self.gate is None else self.gate + 1
        for depth, frame in enumerate(self.frames):
            if frame.dialog == name and depth >= lowest:
                del self.frames[depth:]
                break
        if self.frames and self.place(self.frame) is None:
            self.settle()
        self.enter(name, called=False)

    def drop_private(self) -> None:
        """Leave private dialogs for good: what was said in them goes with their frames."""
        self.frames = [one for one in self.frames if not private(self.shelf, one)]

    def _submission(self, entered: Dialog) -> int:
        policy = entered.submission or ""
        if policy.startswith("latest:"):
            wanted = policy.partition(":")[2]
            earlier = [one.no for one in self.submissions.values() if one.dialog in (wanted, entered.id)]
            if earlier:
                return max(earlier)
        number = max(self.submissions, default=0) + 1
        self.submissions[number] = Submission(number, entered.id, self.subject)
        return number

    def opened(self, number: int) -> Submission:
        """The submission, opened in the store now that something is kept in it."""
        submission = self.submissions[number]
        if not submission.opened:
            submission = self.submissions[number] = replace(submission, opened=True)
            self.effects.append(OpenSubmission(number, submission.dialog, self.frame.release))
            if submission.subject != "self":
                self.effects.append(SetSubject(number, submission.subject))
        return submission

    def leave(self, then: str | None) -> None:
        """End the top frame's dialog and return to its caller, or go on with the dialog `then`."""
        ended = self.frames.pop()
        book = self.book(ended)
        if book.dialogs[ended.dialog].submission == "new" and ended.submission is not None:
            self._close(ended.submission)
        if then is not None:
            called = bool(self.frames) and self.frame.draft == CALLED
            self.enter(then, called=called, release=book.digest)

    def _close(self, number: int) -> None:
        submission = self.submissions[number]
        if submission.opened:
            self.submissions[number] = replace(submission, closed=True)
            self.effects.append(CloseSubmission(number))

    @property
    def deeper(self) -> bool:
        """Whether a place is half given, or a page of answers open: going back first leads out of that."""
        return bool(self.frame.draft) and isinstance(self.current[1].kind, PlaceNode | FaqNode)

    def back(self) -> bool:
        """Go to the question before; False when there is none."""
        if self.deeper:
            self.move(draft=(), asked=False)
            return True
        while True:
            if self.frame.history:
                *earlier, before = self.frame.history
                self.move(node=before, history=tuple(earlier), draft=(), asked=False)
                return True
            if (
                len(self.frames) < 2
                or self.frames[-2].draft != CALLED
                or not self._has_history(len(self.frames) - 1)
            ):
                return False
            self.frames.pop()
            self.move(draft=())

    def can_go_back(self) -> bool:
        """Whether a question before this one can be asked again."""
        return self.deeper or self._has_history(len(self.frames))

    def _has_history(self, depth: int) -> bool:
        for position in range(depth - 1, -1, -1):
            if self.frames[position].history:
                return True
            if position == 0 or self.frames[position - 1].draft != CALLED:
                return False
        return False

    def go(self, target: str) -> None:
        """Go on to a node of this dialog, or end it."""
        if target == END:
            self.leave(None)
        else:
            self.move(node=target, draft=(), asked=False)
