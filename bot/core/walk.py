"""One walk through the script within one step: frames pushed and popped, answers taken, effects gathered.

Never reads an event (`reading`) and never chooses a route (`route`); lives only inside `engine.advance`.
"""

from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from bot.core import asking, dialog
from bot.core.answers import Heard, Keys, PlaceCode, Skipped, Value
from bot.core.asking import Asked
from bot.core.book import Shelf
from bot.core.contact import Contact
from bot.core.deeds import Deeds
from bot.core.dialog import Action, Dialog, Node
from bot.core.effects import ForgetAnswer, LanguageChosen, Line, OutMessage, SaveAnswer, Send
from bot.core.path import follow, shown, trace
from bot.core.reading import DEPTHS
from bot.core.schedule import PHNOM_PENH
from bot.core.session import Session
from bot.core.trail import CALLED

ASKING = "asking"  # first item of a repeat node's draft while "another one?" is asked
KEEP_ANSWERED = "*"  # `editing` of a called dialog: ask only what is new
HELP_AFTER, PERSON_AFTER = 2, 3  # misunderstandings in a row (the issue)
STEPS_AT_MOST = 500  # `spean check` proves that no walk loops without a wait; this is the last guard


class Walk(Deeds):
    """The working copy of a session while one event is handled."""

    def __init__(self, shelf: Shelf, contact: Contact, session: Session, now: datetime) -> None:
        super().__init__(shelf, contact, session)
        self.before = session
        self.turn = session.turn
        self.misses = session.misses
        self.tapped = session.tapped
        self.answered_by = session.answered_by
        self.wake_at = session.wake_at
        self.nudged = session.nudged
        self.album = session.album
        self.now = now
        self.reopened: tuple[str, int] | None = None  # the answered question that is asked again

    @property
    def rested(self) -> bool:
        """Whether the one reminder went out and nobody answered it."""
        return self.before.nudged and self.before.wake_at is None

    @property
    def today(self) -> date:
        """The day in Phnom Penh."""
        return self.now.astimezone(PHNOM_PENH).date()

    # --- walking ---

    def ask_next(self) -> None:
        """Walk on from the top frame until a question is asked (or everything is over)."""
        for _ in range(STEPS_AT_MOST):
            self.settle()
            if self.over:
                return
            if not self.frames:
                self.enter(
                    self.shelf.live.home if self.contact.language_chosen else self.shelf.live.first,
                    called=False,
                )
            if self._step():
                return
        raise RuntimeError(
            f"no question after {STEPS_AT_MOST} nodes from {self.frame.dialog}.{self.frame.node}"
        )

    def _step(self) -> bool:
        """Do the top frame's node; True when it asked and we wait."""
        within, node = self.current
        if not shown(node, self.view().look):
            self.go(node.next)
            return False
        match node.kind:
            case dialog.SayNode():
                self.act(node.do, node)  # first, so that what it opens can be named
                self.say(Line(node.text, asking.arguments(self.asked())), node.recording)
                self.go(follow(within, node, None, self.view().look))
            case dialog.CallNode(called):
                self._call(within, node, called)
            case dialog.RepeatNode(called):
                return self._repeat(within, node, called)
            case dialog.EndNode(then):
                self.act(node.do, node)
                if not self.over:
                    self.leave(then)
            case _:
                return self._question(within, node)
        return False

    def _question(self, within: Dialog, node: Node) -> bool:
        frame = self.frame
        editing = frame.editing is not None and self.reopened != (node.id, frame.index)
        current = self.view().current
        if editing and node.field and current and (node.field, frame.index) in current.answers:
            self.go(follow(within, node, current.answers[node.field, frame.index], self.view().look))
            return False
        if isinstance(node.kind, dialog.ReviewNode):
            self._prune(within)
            self.move(editing=None)
        if self.contact.handled_by_staff and frame.dialog not in self.shelf.live.urgent:
            return True
        if not frame.draft and not frame.asked and (known := self._known(node)):
            self.move(draft=known)
        self.ask()
        return True

    def _known(self, node: Node) -> tuple[str, ...]:
        """What an earlier answer already gives: ticks, or a place less deep than the node asks."""
        match self.view().answer(node.field or ""), node.kind:
            case Keys(keys), dialog.MultiChoiceNode():
                return keys
            case PlaceCode(code), dialog.PlaceNode(depth=depth):
                deeper = len(code) < DEPTHS[depth] and self.book(self.frame).places.children(code)
                return (code,) if deeper else ()
            case _:
                return ()

    def _call(self, within: Dialog, node: Node, called: str) -> None:
        if self.frame.draft == CALLED:
            self.move(draft=())
            self._pass(within, node)
        else:
            self.move(draft=CALLED)
            self.enter(called, called=True, editing=KEEP_ANSWERED if self.frame.editing else None)

    def _repeat(self, within: Dialog, node: Node, called: str) -> bool:
        """Draft: () at first, (n, "in") while item n is walked, ("asking", n) at "another one?"."""
        draft = self.frame.draft
        most = node.kind.most if isinstance(node.kind, dialog.RepeatNode) else 0
        given = self._items(called)
        done = int(draft[0]) + 1 if draft and draft[0] != ASKING else int(draft[1]) if draft else given
        if not draft and given < most:
            self.move(draft=(str(given), "in"))
            self.enter(called, called=True, index=given)
            return False
        if done >= most:
            self.move(draft=())
            self._pass(within, node)
            return False
        self.move(draft=(ASKING, str(done)))
        self.ask()
        return True

    def _items(self, called: str) -> int:
        """How many items of a repeat block are given already."""
        current = self.view().current
        own = {one.field for one in self.book(self.frame).dialogs[called].nodes.values()}
        return max((at for name, at in current.answers if name in own), default=-1) + 1 if current else 0

    def another(self, *, wanted: bool) -> None:
        """The answer to "another one?"."""
        within, node = self.current
        kind = node.kind
        if wanted and isinstance(kind, dialog.RepeatNode):
            item = int(self.frame.draft[1])
            self.move(draft=(str(item), "in"))
            self.enter(kind.dialog, called=True, index=item)
        else:
            self.move(draft=(), asked=False)
            self._pass(within, node)

    def _pass(self, within: Dialog, node: Node) -> None:
        self.act(node.do, node)
        if not self.over:
            self.go(follow(within, node, None, self.view().look))

    # --- answers ---

    def take(self, value: Value, do: tuple[Action, ...]) -> None:
        """Keep the answer to the top frame's question, do what it does, and go on from there."""
        within, node = self.current
        frame = self.frame
        if isinstance(value, Skipped) and node.field and (known := self.view().answer(node.field)):
            value = known  # to skip is to leave what was said before as it is
        elif node.field and frame.submission is not None:
            self.keep(node, value)
        self.move(history=(*frame.history, node.id)[-20:], draft=())
        before = self.frame
        self.act((*do, *node.do), node)
        if not self.over and self.frame == before:
            self.go(follow(within, node, value, self.view().look))

    def keep(self, node: Node, value: Value) -> None:
        """Write an answer into the submission."""
        frame = self.frame
        if frame.submission is None or node.field is None:
            return
        submission = self.opened(frame.submission)
        given = {**submission.answers, (node.field, frame.index): value}
        self.submissions[submission.no] = replace(submission, answers=MappingProxyType(given))
        coarse = node.coarse and not isinstance(value, Heard | Skipped)
        where = f"{frame.dialog}.{node.id}"
        self.effects.append(
            SaveAnswer(submission.no, node.field, frame.index, value, node.sensitivity, coarse, where)
        )

    def leave(self, then: str | None) -> None:
        """As `Trail.leave`; an edit whose way goes past the review has forgotten what lies off it."""
        if self.frames and self.frame.editing not in (None, KEEP_ANSWERED):
            self._prune(self.current[0])
        super().leave(then)

    def _prune(self, within: Dialog) -> None:
        """Forget answers of this dialog that an edit took off the way."""
        current = self.view().current
        if current is None:
            return
        index = self.frame.index
        on_way = {node.field for node in trace(within, current.answers, index, self.view().look)}
        off_way = {node.field for node in within.nodes.values() if node.field} - on_way
        kept = {at: value for at, value in current.answers.items() if at[0] not in off_way or at[1] != index}
        for name, at in current.answers.keys() - kept.keys():
            self.effects.append(ForgetAnswer(current.no, name, at))
        self.submissions[current.no] = replace(current, answers=MappingProxyType(kept))

    def change(self, position: str) -> None:
        """Ask again what line `position` of the review shows; then only what that makes new."""
        within, _ = self.current
        listed = asking.entries(self.asked())
        if not position.isdecimal() or int(position) >= len(listed):
            return
        entry, review = listed[int(position)], self.frame.node
        if entry.dialog == within.id:
            self.move(node=entry.node.id, draft=(), asked=False, editing=review, history=())
        else:
            self.enter(entry.dialog, called=True, index=entry.index, editing=KEEP_ANSWERED)
            self.move(node=entry.node.id)
        self.reopened = (entry.node.id, entry.index)

    def asked(self) -> Asked:
        """What the top frame's question is asked with."""
        within, node = self.current
        return Asked(
            book=self.book(self.frame),
            live=self.shelf.live,
            dialog=within,
            node=node,
            frame=self.frame,
            view=self.view(),
            turn=self.turn,
            can_go_back=self.deeper or (node.back and self.can_go_back()),
            offer_help=self.misses >= HELP_AFTER,
            offer_person=self.misses >= PERSON_AFTER,
        )

    def ask(self, replaces: str = "", *, aloud: bool = True) -> None:
        """Say the top frame's question. Asked anew it gets a new turn; said again it keeps its own.

        `aloud`: its recording goes out too, if it is asked anew, or again in another language.
        """
        switched = any(isinstance(effect, LanguageChosen) for effect in self.effects)
        aloud = aloud and (switched or not self.frame.asked)
        if not self.frame.asked:
            self.turn += 1
            self.misses = 0
            self.move(asked=True)
        _, node = self.current
        sticky = isinstance(node.kind, dialog.ChoiceNode) and node.kind.sticky
        self.wake_at = None if sticky and not self.unfinished() else self.now + node.expires
        self.nudged = False
        self.send(asking.question(self.asked(), tuple(self.notes), replaces, aloud=aloud))
        self.notes.clear()

    def say(self, line: Line, speech: str | None = None) -> None:
        """Say one message without a question."""
        self.send(OutMessage(self.book(self.frame).digest, (*self.notes, line), speech=speech))
        self.notes.clear()

    def send(self, message: OutMessage) -> None:
        """Say it."""
        self.effects.append(Send(message))

    def finish(self) -> Session:
        """The session to keep."""
        if self.over:
            return Session(turn=self.turn)
        walked = {frame.submission for frame in (*self.frames, *self.suspended)}
        return Session(
            frames=tuple(self.frames),
            suspended=self.suspended,
            submissions=tuple(one for one in self.submissions.values() if one.opened or one.no in walked),
            turn=self.turn,
            misses=self.misses,
            tapped=self.tapped,
            answered_by=self.answered_by,
            wake_at=self.wake_at,
            nudged=self.nudged,
            burst_start=self.before.burst_start,
            burst_count=self.before.burst_count,
            album=self.album,
        )
