"""The frames of one walk: pushed, popped, moved on and back, with the submissions they write into.

Never asks or says anything (`walk` does).
"""

from dataclasses import replace

from bot.core import activity_draft
from bot.core.dialog import END, ActivitiesNode, Dialog, FaqNode, PlaceNode
from bot.core.effects import CloseSubmission, OpenSubmission, SetSubject
from bot.core.events import Body, Command
from bot.core.privacy import private
from bot.core.session import CALLED, Frame, Submission
from bot.core.standpoint import Standpoint

SUSPENDED_AT_MOST = 8  # frames: what was put aside last is taken up first


class Trail(Standpoint):
    """The frames of one walk, and how they change."""

    def settle(self) -> None:
        """Drop frames that no Release can continue, so that nobody is stranded; shut the gate if locked."""
        while self.frames and self.place(self.frame) is None:
            self.frames.pop()
        who = self.shelf.live.dialogs.get(self.shelf.live.who)
        if self.locked and self.gate is None and who is not None:
            self.frames.append(Frame(self.shelf.live.digest, who.id, who.start))

    # --- the gate of a shared phone: frames below it are out of reach until it is unlocked ---

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
        self.frames = [one for one in self.frames if (one.dialog, one.node) != (first.id, first.start)]
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
                pages = (self.shelf.live.answers, self.shelf.live.activities)
                kept = (one for one in self.frames if one.dialog not in pages)
                aside = (*self.suspended, *(replace(frame, asked=False) for frame in kept))
                self.suspended = aside[-SUSPENDED_AT_MOST:]
            self.frames = []
        lowest = 0 if self.gate is None else self.gate + 1
        for depth, frame in enumerate(self.frames):
            if frame.dialog == name and depth >= lowest:
                above = {one.dialog for one in self.frames[depth + 1 :]}
                first = self.shelf.live.first in above  # a page below the first minute, which goes on
                del self.frames[depth : depth + 1 if first else None]
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
    def above(self) -> bool:
        """Whether a page stands above a question that going back leads to, and to no page before it."""
        match self.current[1].kind:
            case FaqNode():
                page = self.frame.draft[:1] != ("topic",)
            case ActivitiesNode():
                page = activity_draft.before(self.frame.draft) is None
            case _:
                page = False
        return page and len(self.frames) > 1

    @property
    def deeper(self) -> bool:
        """Whether going back first leads out of a half given place, or of a page."""
        within = bool(self.frame.draft) and isinstance(self.current[1].kind, PlaceNode | FaqNode)
        return within or self.above or self._page_before is not None

    @property
    def _page_before(self) -> tuple[str, ...] | None:
        """The draft of the page of activities before this one; None where there is none."""
        pages = isinstance(self.current[1].kind, ActivitiesNode)
        return activity_draft.before(self.frame.draft) if pages else None

    def back(self) -> bool:
        """Go to the question before; False when there is none."""
        if self.above:
            self.leave(None)
            return True
        if self.deeper:
            self.move(draft=self._page_before or (), asked=False)
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
