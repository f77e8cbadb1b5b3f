"""The way through a dialog: what a condition sees, which target follows an answer, what is still to come.

Never asks, saves or says anything.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.answers import Heard, Key, Keys, PlaceCode, Skipped, Value
from bot.core.book import Book, Centre
from bot.core.condition import evaluate
from bot.core.contact import Contact
from bot.core.dialog import (
    END,
    CallNode,
    Choice,
    ChoiceNode,
    Dialog,
    EndNode,
    MultiChoiceNode,
    Node,
    RepeatNode,
    ReviewNode,
    SayNode,
    YesNoNode,
)
from bot.core.schedule import OFFICE
from bot.core.session import FieldAt, Submission

Look = Callable[[str], Value | str | int | bool | None]
NOT_QUESTIONS = (SayNode, CallNode, RepeatNode, EndNode)


@dataclass(frozen=True, slots=True)
class View:
    """What conditions can look at: the person, this submission, and where in a repeat block we are."""

    contact: Contact
    submissions: Mapping[int, Submission]
    submission: int | None
    index: int
    suspended: bool
    code: bool
    live: Book
    now: datetime

    @property
    def current(self) -> Submission | None:
        """The submission that answers go to."""
        return None if self.submission is None else self.submissions[self.submission]

    def answer(self, field: str) -> Value | None:
        """The answer at this index, else outside repeat blocks; None when missing or skipped."""
        if self.current is None:
            return None
        answers = self.current.answers
        value = answers.get((field, self.index), answers.get((field, 0)))
        return None if isinstance(value, Skipped) else value

    def latest(self, field: str) -> Value | None:
        """The answer that was given last, in whatever submission; None when missing or skipped."""
        runs = sorted(self.submissions.values(), key=lambda one: -one.no)
        values = (one.answers[field, 0] for one in runs if (field, 0) in one.answers)
        return next((one for one in values if not isinstance(one, Skipped)), None)

    @property
    def province(self) -> str | None:
        """Where the person lives, by this submission, else by the latest that says so."""
        lives = self.answer("home") or self.latest("home")
        return lives.code[:2] if isinstance(lives, PlaceCode) else None

    @property
    def shared(self) -> bool:
        """Whether others may see what is said: unless the phone is theirs alone, wherever that was asked."""
        runs, asked = self.submissions.values(), ("phone_sharing", 0)
        told = [one.answers[asked] for one in runs if one.opened and asked in one.answers]
        return not told or any(one != Key("mine") for one in told)

    @property
    def quiet(self) -> bool:
        """Whether the person asked, in any submission, for nothing that they did not ask for."""
        condition = self.live.quiet_when
        if condition is None:
            return False
        views = (replace(self, submission=number, index=0) for number in self.submissions)
        return any(evaluate(condition, view.look) for view in views)

    def look(self, name: str) -> Value | str | int | bool | None:
        """The operand `name` of a condition (the list is in docs/scripts.md)."""
        head, _, tail = name.partition(".")
        match head:
            case "subject":
                return self.current.subject if self.current else "self"
            case "case" if tail == "open":
                return self.contact.open_case
            case "case":
                return self.current is not None and self.current.case
            case "suspended":
                return self.suspended
            case "any":
                return self.latest(tail)
            case _ if head in OF_PERSON:
                return OF_PERSON[head](self)
            case "consent":
                return tail in self.contact.consents
            case "asked":
                return tail in self.contact.consents | self.contact.declined
            case "started":
                return any(one.opened and one.dialog == tail for one in self.submissions.values())
        value = self.answer(head)
        if tail == "province" and isinstance(value, PlaceCode):
            return value.code[:2]
        return value


def chosen_centre(book: Book, view: View) -> Centre | None:
    """The centre the person chose, else that of the province where they live (they are told which)."""
    answer = view.answer("centre")
    if isinstance(answer, Key) and answer.key in book.centres:
        return book.centres[answer.key]
    province = view.look("home.province")
    return next((one for one in book.centres.values() if one.province == province), None)


def _is_open(view: View) -> bool:
    centre = chosen_centre(view.live, view)
    return (centre.open_hours if centre else OFFICE).open(view.now)


OF_PERSON: Mapping[str, Callable[[View], str | bool]] = {
    "language": lambda view: view.contact.language,
    "channel": lambda view: view.contact.channel,
    "listens": lambda view: view.contact.listens,
    "discreet": lambda view: view.contact.discreet,
    "code": lambda view: view.code,
    "companions": lambda view: view.contact.shared,
    "linked": lambda view: view.contact.linked,
    "apps": lambda view: view.contact.apps,
    "shared": lambda view: view.shared,
    "quiet": lambda view: view.quiet,
    "voices": lambda view: bool(view.live.voices.get(view.contact.language)),
    "open": _is_open,
}


def shown(node: Node, look: Look) -> bool:
    """Whether the node is walked: where a voice answer leaves it open, the way that asks more is taken."""
    if node.show_if is None:
        return True
    verdict = evaluate(node.show_if, look)
    return bool(verdict) if isinstance(node.kind, SayNode | EndNode) else verdict is not False


def options(node: Node, look: Look) -> tuple[Choice, ...]:
    """The choices open to this person."""
    match node.kind:
        case ChoiceNode(choices=choices) | MultiChoiceNode(choices=choices):
            return tuple(one for one in choices if one.when is None or evaluate(one.when, look) is not False)
        case YesNoNode(yes, no):
            return (yes, no)
        case _:
            return ()


def chosen(node: Node, value: Value) -> tuple[Choice, ...]:
    """The choices that an answer names."""
    match node.kind, value:
        case (ChoiceNode(choices=choices), Key(key)):
            return tuple(one for one in choices if one.key == key)
        case (MultiChoiceNode(choices=choices), Keys(keys)):
            return tuple(one for one in choices if one.key in keys)
        case (YesNoNode(yes, no), flag) if hasattr(flag, "yes"):
            return (yes,) if flag.yes else (no,)
        case _:
            return ()


def follow(dialog: Dialog, node: Node, value: Value | None, look: Look) -> str:
    """The target after `node` was answered with `value` (None: it holds no answer).

    A voice answer takes the open way on which most is still asked (the issue's rule).
    """
    if isinstance(value, Heard) and node.heard is not None:
        return node.heard
    for choice in chosen(node, value) if value is not None else ():
        if choice.next is not None:
            return choice.next
    ways = [one.next for one in options(node, look) if one.next] if isinstance(value, Heard) else []
    for condition, target in node.branches:
        verdict = evaluate(condition, look)
        if verdict:
            ways.append(target)
            break
        if verdict is None:
            ways.append(target)
    else:
        ways.append(node.next)
    return ways[0] if len(ways) == 1 else max(ways, key=lambda way: _questions_ahead(dialog, way))


def _questions_ahead(dialog: Dialog, target: str) -> int:
    """How many different questions can still come from `target` on."""
    seen: set[str] = set()
    waiting = [target]
    while waiting:
        name = waiting.pop()
        if name == END or name in seen:
            continue
        seen.add(name)
        node = dialog.nodes[name]
        if isinstance(node.kind, EndNode):
            continue
        waiting.append(node.next)
        waiting.extend(way for _, way in node.branches)
        waiting.extend([node.heard] if node.heard else [])
        waiting.extend(one.next for one in _all_choices(node) if one.next)
    return sum(not isinstance(dialog.nodes[name].kind, NOT_QUESTIONS) for name in seen)


def _all_choices(node: Node) -> tuple[Choice, ...]:
    match node.kind:
        case ChoiceNode(choices=choices) | MultiChoiceNode(choices=choices):
            return choices
        case YesNoNode(yes, no):
            return (yes, no)
        case _:
            return ()


def trace(dialog: Dialog, answers: Mapping[FieldAt, Value], index: int, look: Look) -> Iterator[Node]:
    """The nodes that these answers lead through, in order, up to a review, the end or the first gap."""
    name = dialog.start
    seen: set[str] = set()
    while name != END and name not in seen:
        seen.add(name)
        node = dialog.nodes[name]
        if not shown(node, look):
            name = node.next
            continue
        if isinstance(node.kind, ReviewNode):
            return
        yield node
        value = answers.get((node.field, index)) if node.field else None
        if value is None and node.field:
            return
        name = follow(dialog, node, value, look)
