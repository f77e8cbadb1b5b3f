"""One walk through the script within one step: frames pushed and popped, answers taken, effects gathered.

Never reads an event (`reading`) and never chooses a route (`route`); lives only inside `engine.advance`.
"""

from dataclasses import replace

from bot.core import asking, dialog
from bot.core.answers import Keys, PlaceCode
from bot.core.dialog import Dialog, Node
from bot.core.drafts import DEPTHS
from bot.core.effects import HandOver
from bot.core.keeping import KEEP_ANSWERED, Keeping
from bot.core.message import Line
from bot.core.path import follow, shown
from bot.core.session import CALLED, Session

ASKING = "asking"  # first item of a repeat node's draft while "another one?" is asked
STEPS_AT_MOST = 500  # `spean check` proves that no walk loops without a wait; this is the last guard


class Walk(Keeping):
    """The working copy of a session while one event is handled."""

    def ask_next(self) -> None:
        """Walk on from the top frame until a question is asked (or everything is over)."""
        for _ in range(STEPS_AT_MOST):
            self.settle()
            if self.still:
                self.wake_at = None
            if self.over or self.still or self._taken_up():
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

    def _taken_up(self) -> bool:
        """Behind the gate what was said at it comes once more; and no button that it showed fits."""
        if self.held is None or self.locked or self.gate is not None:
            return False
        self.turn += 1
        self.effects.append(HandOver(self.contact.id, self.held))
        self.hold(None)
        return True

    def _step(self) -> bool:
        """Do the top frame's node; True when it asked and we wait."""
        within, node = self.current
        if not shown(node, self.view().look):
            self.go(node.next)
            return False
        match node.kind:
            case dialog.SayNode():
                self.act(node.do, node)  # first, so that what it opens can be named
                self.say(Line(node.text, asking.arguments(self.asked())))
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
        if isinstance(node.kind, dialog.CodeNode) and not (node.kind.new or node.kind.link or self.code):
            self.go(follow(within, node, None, self.view().look))
            return False
        if isinstance(node.kind, dialog.WhoNode):
            self.locked = True
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
            case _ if node.sensitivity == "S2":
                return ()  # what was answered is never shown again
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

    def finish(self) -> Session:
        """The session to keep."""
        if self.over:  # nothing of what was said; but nobody gets in by it, nor writes more often
            forgotten = replace(self.before, frames=(), suspended=(), submissions=(), wake_at=None, unkept=())
            return replace(
                forgotten,
                turn=self.turn,
                misses=0,
                tapped="",
                answered_by="",
                held=None,
                held_at=None,
                album="",
                nudged=False,
                locked=self.locked,
            )
        walked = {frame.submission for frame in (*self.frames, *self.suspended)}
        return replace(
            self.before,
            frames=tuple(self.frames),
            suspended=self.suspended,
            submissions=tuple(one for one in self.submissions.values() if one.opened or one.no in walked),
            turn=self.turn,
            misses=self.misses,
            tapped=self.tapped,
            answered_by=self.answered_by,
            wake_at=self.wake_at,
            nudged=self.nudged,
            album=self.album,
            locked=self.locked,
            held=self.held,
            held_at=self.held_at,
            code=self.code,
            code_misses=self.code_misses,
            code_wait=self.code_wait,
        )
