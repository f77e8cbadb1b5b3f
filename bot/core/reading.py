"""What an event says to the waiting question: an answer, a control, a step towards one, or nothing clear.

Never changes the session and never chooses words.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from bot.core import answers, dialog, matching
from bot.core.actions import Consent, MyData
from bot.core.answers import Value
from bot.core.book import Book
from bot.core.dialog import Choice, Node
from bot.core.events import Media, SharedContact, Tap, Text
from bot.core.khmer import dates, digits, yesno
from bot.core.khmer.fold import fold
from bot.core.khmer.normalise import normalise
from bot.core.path import View, options
from bot.core.phone import phone
from bot.core.places import Gazetteer, Place

DEPTHS = {"province": 2, "district": 4, "commune": 6}  # digits of a code
CONTROLS = {
    "bot.skip": "~skip",
    "bot.back": "~back",
    "bot.why": "~why",
    "bot.help": "~help",
    "bot.person": "~person",
    "bot.menu": "~menu",
}
HIDE = "~hide"  # `route` takes it from any message, however old
DONE, HERE, AGREE, AGAIN, NO_MORE = "~done", "~here", "~agree", "~again", "~enough"
ITEM = "~e"  # `~e3`: change the fourth line of the review
PAGE = "~page"  # `~page1`: the second page of the buttons
ONWARD = "~onward"  # typed: the page after the one that was shown
OTHERS = 99  # beyond the last page: the buttons below the question
TURNS = {"bot.page-onward": ONWARD, "bot.page-backward": f"{PAGE}0", "bot.page-others": f"{PAGE}{OTHERS}"}
CENTRE = "centre"  # the field that a case's number comes from: it must be sure
CANDIDATES = "?"  # first item of a place draft that holds places to choose among


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
    """Not an answer to this question. `note`: a message id that says why; `counts`: as a misunderstanding."""

    note: str | None = None
    counts: bool = True


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
    return Unclear()


def _pressed(node: Node, draft: tuple[str, ...], key: str) -> Reading:
    """A control: some of them complete a drafted answer."""
    match node.kind:
        case dialog.MultiChoiceNode(choices=choices) if key == DONE and draft:
            return Given(answers.Keys(tuple(one.key for one in choices if one.key in draft)))
        case dialog.PlaceNode() if key == HERE and draft and draft[0] != CANDIDATES:
            return Given(answers.PlaceCode(draft[-1]))
        case _:
            return Unclear("bot.retry.multi-choice") if key == DONE else Control(key)


def _taken(node: Node, choice: Choice, draft: tuple[str, ...]) -> Reading:
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


def listed(places: Gazetteer, kind: dialog.PlaceNode, draft: tuple[str, ...]) -> tuple[Place, ...]:
    """The places to choose among now: candidates, or those inside the drafted one."""
    if draft and draft[0] == CANDIDATES:
        return tuple(place for code in draft[1:] if (place := places.by_code(code)) is not None)
    inside = places.children(draft[-1] if draft else "")
    head = [place for code in kind.first for place in inside if place.code == code]
    return (*head, *(place for place in inside if place not in head))


def _shared(node: Node, number: str, *, own: bool) -> Reading:
    if not isinstance(node.kind, dialog.PhoneNode):
        return Unclear(counts=False)
    if not own:
        return Unclear("bot.not-your-number", counts=False)
    e164 = phone(number if number.startswith("+") else f"+{number}") or phone(number)
    return Given(answers.Phone(e164)) if e164 else Unclear()


def binding(choice: Choice) -> bool:
    """Whether taking it consents or erases: never by a voice note."""
    return any(isinstance(action, Consent | MyData) for action in choice.do)


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
    control = _named_control(book, node, text)
    match node.kind:
        case dialog.ChoiceNode() | dialog.MultiChoiceNode() | dialog.YesNoNode():
            found = _matched(book, node, view, draft, text)
            return control if control and isinstance(found, Unclear) else found
        case _ if control:
            drafted = isinstance(node.kind, dialog.PlaceNode) and draft[:1] not in ((), (CANDIDATES,))
            return _pressed(node, draft, HERE) if drafted and control.name == "~skip" else control
        case dialog.PlaceNode() as kind:
            return _found(book.places, kind, draft, text)
        case dialog.RepeatNode() | dialog.ReviewNode():
            return _confirmed(book, node, text)
        case _:
            return _written(node, text, today)


def _named_control(book: Book, node: Node, text: str) -> Control | None:
    """A control by its label, which some channels send as words; free words turn no page."""
    free = isinstance(node.kind, dialog.TextNode | dialog.NameNode | dialog.MediaNode)
    for label, name in (CONTROLS if free else CONTROLS | TURNS).items():
        if matching.named(book, label, text):
            return Control(name)
    return None


def page_of(control: str, shown: int) -> int | None:
    """The page that a control turns to; None for any other. `shown`: the present one."""
    if control == ONWARD:
        return min(shown + 1, OTHERS)
    number = control.removeprefix(PAGE)
    return min(int(number), OTHERS) if control != number and re.fullmatch("[0-9]{1,2}", number) else None


def _matched(book: Book, node: Node, view: View, draft: tuple[str, ...], text: str) -> Reading:
    """A choice by its number, its label in any language, or one of its phrases."""
    open_ = options(node, view.look)
    if isinstance(node.kind, dialog.YesNoNode) and (yes := yesno.yes_or_no(text)) is not None:
        return _taken(node, node.kind.yes if yes else node.kind.no, draft)
    if isinstance(node.kind, dialog.MultiChoiceNode):
        if matching.named(book, "bot.done", text):
            return _pressed(node, draft, DONE)
        if several := matching.by_numbers(open_, text):
            return Given(answers.Keys(several))
    choice = matching.by_number(open_, text) or matching.by_words(book, open_, text)
    return _taken(node, choice, draft) if choice is not None else Unclear()


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


def _written(node: Node, text: str, today: date) -> Reading:
    value: Value | None = None
    match node.kind:
        case dialog.TextNode(longest):
            value = answers.Words(text[:longest])
        case dialog.NameNode():
            value = answers.Words(text) if len(text) <= 80 and any(one.isalpha() for one in text) else None
        case dialog.NumberNode(least, most):
            number = digits.number(text)
            value = answers.Number(number) if number is not None and least <= number <= most else None
        case dialog.DateNode() as kind:
            value = _dated(kind, text, today)
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
            | dialog.ReviewNode()
            | dialog.WhoNode()
            | dialog.CodeNode()
            | dialog.CallNode()
            | dialog.RepeatNode()
            | dialog.EndNode()
        ):
            value = None
        case _:
            assert_never(node.kind)
    return Unclear() if value is None else Given(value)


def _dated(kind: dialog.DateNode, text: str, today: date) -> Value | None:
    if kind.precision == "month":
        found = dates.month(text, today)
        if found is None:
            return None
        first = date(found[0], found[1], 1)
        fits = kind.earliest.replace(day=1) <= first and (kind.future or first <= today)
        return answers.Month(*found) if fits else None
    day = dates.day(text, today)
    if day is None or day < kind.earliest or (day > today and not kind.future):
        return None
    return answers.Day(day)
