"""What an event says to the waiting question: an answer, a control, a step towards one, or nothing clear.

Never changes the session and never chooses words.
"""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot.core import answers, controls, dialog, matching, when
from bot.core.actions import Ease
from bot.core.answers import Value
from bot.core.binding import binding, guarded
from bot.core.book import Book
from bot.core.controls import AGAIN, AGREE, ALL, DONE, HERE, NO_MORE
from bot.core.dialog import Choice, Node
from bot.core.drafts import CANDIDATES, DEPTHS, candidates, listed, offered, ticked
from bot.core.events import Media, SharedContact, Tap, Text
from bot.core.khmer import digits, names, yesno
from bot.core.khmer.fold import fold
from bot.core.khmer.normalise import normalise
from bot.core.khmer.questions import asks, marked
from bot.core.meant import meant
from bot.core.path import View, options
from bot.core.phone import phone
from bot.core.places import Gazetteer, Place

CENTRE = "centre"  # the field that a case's number comes from: it must be sure


@dataclass(frozen=True, slots=True)
class Given:
    """An answer. `choice` when it came from one."""

    value: Value
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A step towards an answer: the frame's next draft. `note`: a message id to say first."""

    draft: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Control:
    """A button below the question: `~skip`, `~back`, `~why`, `~help`, `~agree`, `~e3`…"""

    name: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Not an answer to this question. `note`: a message id that says why; `counts`: as a misunderstanding.

    `draft`: the frame's next draft, when it changes.
    """

    note: str | None = None
    counts: bool = True
    draft: tuple[str, ...] | None = None

    @property
    def near(self) -> bool:
        """Whether it may have meant one of the choices, so that the bot asks "did you mean"."""
        return bool(candidates(self.draft or ()))


Reading = Given | Drafted | Control | Unclear


def read(book: Book, node: Node, view: View, draft: tuple[str, ...], event: object, today: date) -> Reading:
    """What `event` (a Text, Tap whose turn fits, Media or SharedContact) says to `node`."""
    match event:
        case Tap(payload):
            return _tapped(book, node, view, draft, payload.partition(":")[2])
        case Text(text):
            return _typed(book, node, view, draft, normalise(text).strip(), today)
        case SharedContact(number, own):
            return _shared(node, number, own=own)
        case Media(kind, ref):
            return _heard(node, view, kind, ref)
        case _:
            return Unclear("bot.media-unasked", counts=False)


def _tapped(book: Book, node: Node, view: View, draft: tuple[str, ...], key: str) -> Reading:
    if key.startswith("~"):
        return _pressed(node, draft, key)
    choice = next((one for one in options(node, view.look) if one.key == key), None)
    if choice is not None:
        return _taken(node, choice, draft)
    if isinstance(node.kind, dialog.PlaceNode) and (place := book.places.by_code(key)):
        return _placed(book.places, node.kind, place)
    if isinstance(node.kind, dialog.DateNode) and key in candidates(draft):
        return Given(when.value(key))
    return Unclear()


def _pressed(node: Node, draft: tuple[str, ...], key: str) -> Reading:
    """A control: some of them complete a drafted answer."""
    match node.kind:
        case dialog.ChoiceNode() | dialog.MultiChoiceNode() | dialog.DateNode() if key == ALL:
            return Drafted(ticked(draft))
        case dialog.MultiChoiceNode(choices=choices) if key == DONE and ticked(draft):
            return Given(answers.Keys(tuple(one.key for one in choices if one.key in ticked(draft))))
        case dialog.PlaceNode() if key == HERE and draft and draft[0] != CANDIDATES:
            return Given(answers.PlaceCode(draft[-1]))
        case _:
            return Unclear("bot.retry.multi-choice") if key == DONE else Control(key)


def _taken(node: Node, choice: Choice, draft: tuple[str, ...]) -> Reading:
    draft = ticked(draft)
    match node.kind:
        case dialog.MultiChoiceNode(exclusive=exclusive):
            if choice.key in draft:
                return Drafted(tuple(key for key in draft if key != choice.key))
            if choice.key in exclusive:
                return Given(answers.Keys((choice.key,)), choice)
            return Drafted((*(key for key in draft if key not in exclusive), choice.key))
        case dialog.YesNoNode():
            return Given(answers.Flag(choice.key == "yes"), choice)
        case _:
            return Given(answers.Key(choice.key), choice)


def _placed(places: Gazetteer, kind: dialog.PlaceNode, place: Place) -> Reading:
    """A place as deep as asked (or as the gazetteer goes) answers; otherwise we ask one level deeper."""
    if len(place.code) >= DEPTHS[kind.depth] or not places.children(place.code):
        return Given(answers.PlaceCode(place.code))
    return Drafted((place.code,))


def _shared(node: Node, number: str, *, own: bool) -> Reading:
    if not isinstance(node.kind, dialog.PhoneNode):
        return Unclear(counts=False)
    if not own:
        return Unclear("bot.not-your-number", counts=False)
    e164 = phone(number if number.startswith("+") else f"+{number}") or phone(number)
    return Given(answers.Phone(e164)) if e164 else Unclear()


def _heard(node: Node, view: View, kind: str, ref: str) -> Reading:
    if isinstance(node.kind, dialog.MediaNode) and kind in node.kind.kinds:
        return Given(answers.Heard(ref))
    if isinstance(node.kind, dialog.WhoNode | dialog.CodeNode):
        return Unclear()
    if kind not in ("voice", "audio"):
        return Unclear("bot.media-unasked", counts=False)
    if view.submission is None or node.field == CENTRE or any(map(binding, options(node, view.look))):
        return Unclear("bot.need-yes-no-tap", counts=node.field == CENTRE)
    return Given(answers.Heard(ref))


def _typed(book: Book, node: Node, view: View, draft: tuple[str, ...], text: str, today: date) -> Reading:
    if not fold(text):
        return Unclear(counts=False)
    control = controls.named(book, node, text)
    match node.kind:
        case dialog.ChoiceNode() | dialog.MultiChoiceNode() | dialog.YesNoNode():
            found = _matched(book, node, view, draft, text, today)
            if not isinstance(found, Unclear):
                return found
            return _pressed(node, draft, control) if control else _near(book, node, view, draft, text)
        case _ if control:
            drafted = isinstance(node.kind, dialog.PlaceNode) and draft[:1] not in ((), (CANDIDATES,))
            return _pressed(node, draft, HERE) if drafted and control == "~skip" else Control(control)
        case dialog.PlaceNode() as kind:
            return _found(book.places, kind, draft, text)
        case dialog.DateNode() as kind:
            return _dated(kind, draft, text, today)
        case dialog.RepeatNode() | dialog.ReviewNode():
            return _confirmed(book, node, text)
        case _:
            return _written(node, text)


def _matched(book: Book, node: Node, view: View, draft: tuple[str, ...], text: str, today: date) -> Reading:
    """A choice by its number, its label in any language, or one of its phrases."""
    open_ = options(node, view.look)
    shown = offered(open_, draft)
    yes = yesno.yes_or_no(text)
    if isinstance(node.kind, dialog.YesNoNode) and yes is not None:
        return _taken(node, node.kind.yes if yes else node.kind.no, draft)
    if candidates(draft) and yes is False:
        return Drafted(ticked(draft))
    if len(candidates(draft)) == 1 and yes:
        return _taken(node, shown[0], draft)
    if isinstance(node.kind, dialog.MultiChoiceNode):
        if matching.named(book, "bot.done", text):
            return _pressed(node, draft, DONE)
        if several := matching.by_numbers(shown, text):
            return Given(answers.Keys(several))
    valued = any(one.between for one in open_)
    number = None if valued and asks(text) else matching.by_number(open_ if valued else shown, text)
    choice = number or matching.by_words(book, open_, text)
    if choice is None and isinstance(node.kind, dialog.ChoiceNode) and node.kind.ages:
        choice = matching.by_age(open_, text, today)
    if choice is not None and binding(choice) and marked(text):
        return Unclear()  # "ok?" asks: nobody has agreed yet
    return _taken(node, choice, draft) if choice is not None else Unclear()


def _near(book: Book, node: Node, view: View, draft: tuple[str, ...], text: str) -> Reading:
    """A choice but for a slip is taken; one that is only likely, or binds, is asked about.

    Never whether somebody is safe: "I am not ok" resembles it, and help would vanish behind the question.
    """
    shown = () if isinstance(node.kind, dialog.YesNoNode) else options(node, view.look)
    open_ = tuple(one for one in shown if Ease() not in one.do)
    found = meant(book.labels, open_, text, guarded(node, open_))
    if found.sure:
        return _taken(node, found.choices[0], draft)
    keys = tuple(one.key for one in found.choices)
    asked = (*ticked(draft), CANDIDATES, *keys) if keys else ticked(draft)
    return Unclear("bot.did-you-mean" if keys else None, draft=asked)


def _found(places: Gazetteer, kind: dialog.PlaceNode, draft: tuple[str, ...], text: str) -> Reading:
    """A typed place, looked for inside what is drafted, then everywhere; never guessed among several."""
    number = digits.number(text)
    among = listed(places, kind, draft)
    if number is not None and 1 <= number <= len(among) and number == int(number):
        return _placed(places, kind, among[int(number) - 1])
    within = draft[-1] if draft and draft[0] != CANDIDATES else ""
    found = places.match(text, within, kind.depth) or (places.match(text, "", kind.depth) if within else ())
    if isinstance(found, Place):
        return _placed(places, kind, found)
    if found:
        return Drafted((CANDIDATES, *(place.code for place in found[:8])), "bot.places-many")
    return Unclear()


def _confirmed(book: Book, node: Node, text: str) -> Reading:
    """Yes or no, or the label of a button, to a review or to "another one?"."""
    review = isinstance(node.kind, dialog.ReviewNode)
    named = {"bot.agree": AGREE} if review else {"bot.repeat-yes": AGAIN, "bot.repeat-no": NO_MORE}
    for label, control in named.items():
        if matching.named(book, label, text):
            return Control(control)
    yes = yesno.yes_or_no(text)
    if yes is None or (review and not yes):
        return Unclear("bot.retry.choice")
    return Control(AGREE if review else AGAIN if yes else NO_MORE)


def _written(node: Node, text: str) -> Reading:
    value: Value | None = None
    match node.kind:
        case dialog.TextNode(longest):
            value = answers.Words(text[:longest])
        case dialog.NameNode():
            value = answers.Words(called) if (called := names.name(text)) else None
        case dialog.NumberNode(least, most):
            number = digits.number(text)
            value = answers.Number(number) if number is not None and least <= number <= most else None
        case dialog.PhoneNode():
            e164 = phone(text)
            value = answers.Phone(e164) if e164 else None
        case dialog.MediaNode():
            value = answers.Words(text[:1000])
        case (
            dialog.SayNode()
            | dialog.ChoiceNode()
            | dialog.MultiChoiceNode()
            | dialog.YesNoNode()
            | dialog.PlaceNode()
            | dialog.DateNode()
            | dialog.ReviewNode()
            | dialog.WhoNode()
            | dialog.CodeNode()
            | dialog.FaqNode()
            | dialog.ActivitiesNode()
            | dialog.CallNode()
            | dialog.RepeatNode()
            | dialog.EndNode()
        ):
            value = None
        case _:
            assert_never(node.kind)
    return Unclear() if value is None else Given(value)


def _dated(kind: dialog.DateNode, draft: tuple[str, ...], text: str, today: date) -> Reading:
    """A date that fits; where a Buddhist year may be two years, the person says which."""
    found = when.read(kind, candidates(draft), text, today)
    if found.sure is not None:
        return Given(found.sure)
    if found.candidates:
        return Drafted((CANDIDATES, *map(when.key, found.candidates)), "bot.years-many")
    return Unclear("bot.retry.no-such-date" if found.impossible else None)
