"""The frames of one walk: pushed, popped, moved on and back, with the submissions they write into.

Never asks or says anything (`walk` does).
"""

from dataclasses import replace

from bot.core.book import Book, Shelf
from bot.core.condition import evaluate
from bot.core.contact import Contact
from bot.core.dialog import END, Dialog, Node, PlaceNode, Subject
from bot.core.effects import CloseSubmission, Effect, Line, OpenSubmission, SetSubject
from bot.core.path import View
from bot.core.session import Frame, Session, Submission

CALLED = ("called",)  # draft of a frame whose node has called another dialog


SUSPENDED_AT_MOST = 8  # frames: what was put aside last is taken up first


class Trail:
    """The working copy of where a person stands."""

    def __init__(self, shelf: Shelf, contact: Contact, session: Session) -> None:
        self.shelf = shelf
        self.contact = contact
        self.frames = list(session.frames)
        self.suspended = session.suspended
        self.submissions = {one.no: one for one in session.submissions}
        self.effects: list[Effect] = []
        self.notes: list[Line] = []  # said first in the next message
        self.subject: Subject = "self"  # of the next submission
        self.over = False  # nothing more is asked in this step (erased)

    def note(self, message_id: str) -> None:
        """Say this line first in the next message."""
        self.notes.append(Line(message_id))

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
        return View(self.contact, self.submissions, at.submission, at.index, bool(self.suspended))

    def quiet(self) -> bool:
        """Whether the person asked, in any submission, for nothing that they did not ask for."""
        condition = self.shelf.live.quiet_when
        if condition is None:
            return False
        views = (replace(self.view(), submission=number, index=0) for number in self.submissions)
        return any(evaluate(condition, view.look) for view in views)

    def settle(self) -> None:
        """Drop frames that no Release can continue, so that nobody is stranded."""
        while self.frames and self.place(self.frame) is None:
            self.frames.pop()

    def move(self, **changes: object) -> None:
        """Change the top frame."""
        self.frames[-1] = replace(self.frame, **changes)  # type: ignore[arg-type]

    # --- dialogs begun and ended ---

    def enter(
        self, name: str, *, called: bool, index: int = 0, editing: str | None = None, release: str = ""
    ) -> None:
        """Push a dialog: a called one walks its caller's Release and submission, others `release` or live."""
        if self.frames:
            self.move(asked=False)
        release = self.frame.release if called else release or self.shelf.live.digest
        entered = self.shelf.book(release).dialogs[name]
        inherited = self.frame.submission if called else None
        number = self._submission(entered) if entered.submission else inherited
        self.frames.append(Frame(release, name, entered.start, number, index, editing=editing))

    def open(self, name: str) -> None:
        """Open a dialog from anywhere: the menu puts what is open aside, others go on top of it."""
        if name == self.shelf.live.home:
            if any(frame.submission is not None for frame in self.frames):
                aside = (*self.suspended, *(replace(frame, asked=False) for frame in self.frames))
                self.suspended = aside[-SUSPENDED_AT_MOST:]
            self.frames = []
        for depth, frame in enumerate(self.frames):
            if frame.dialog == name:
                del self.frames[depth:]
                break
        if self.frames and self.place(self.frame) is None:
            self.settle()
        self.enter(name, called=False)

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
        """Whether a place is half given, so that going back first takes the half away."""
        return bool(self.frame.draft) and isinstance(self.current[1].kind, PlaceNode)

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
