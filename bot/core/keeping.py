"""What becomes of an answer: kept, forgotten when its question has no point any more, asked for again.

Never reads an event and never asks.
"""

from dataclasses import replace
from types import MappingProxyType

from bot.core import asking
from bot.core.actions import Action
from bot.core.answers import Heard, Skipped, Value
from bot.core.dialog import Dialog, Node
from bot.core.effects import ForgetAnswer, SaveAnswer
from bot.core.path import follow, trace
from bot.core.privacy import private
from bot.core.saying import Saying

KEEP_ANSWERED = "*"  # `editing` of a called dialog: ask only what is new


class Keeping(Saying):
    """A trail on which answers are kept."""

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
        passing = private(self.shelf, frame) or self.current[0].passing
        submission = self.submissions[frame.submission] if passing else self.opened(frame.submission)
        given = {**submission.answers, (node.field, frame.index): value}
        self.submissions[submission.no] = replace(submission, answers=MappingProxyType(given))
        if passing:
            return  # only an action of the dialog hands its answers over
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
