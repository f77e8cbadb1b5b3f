"""A node's question as an OutMessage: its words by id, its buttons, its controls, and what a review shows.

Never reads an answer and never changes the session.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from bot.core import answers, code, dialog, when, who
from bot.core.answers import Value
from bot.core.book import Book, Centre, Hotline
from bot.core.controls import AGAIN, AGREE, ALL, DONE, HERE, HIDE, ITEM, NO_MORE
from bot.core.dialog import Choice, Dialog, Node
from bot.core.drafts import CANDIDATES, candidates, listed, offered, ticked
from bot.core.message import Arg, Button, Fact, Line, OutMessage, PlaceName, Title
from bot.core.path import NOT_QUESTIONS, View, chosen, chosen_centre, options, shown, trace
from bot.core.session import FieldAt, Frame

ANY_CENTRE = "jobs"  # the hotline that is given for a centre whose phone is not known


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a review: the answer at (field, index) to `node` of `dialog`."""

    dialog: str
    node: Node
    index: int
    value: Value


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question needs to be asked: where we are and what may be said beside it."""

    book: Book
    live: Book
    dialog: Dialog
    node: Node
    frame: Frame
    view: View
    turn: int
    can_go_back: bool
    offer_help: bool = False
    offer_person: bool = False
    offer_hide: bool = False


def question(
    asked: Asked, notes: tuple[Line, ...] = (), replaces: str = "", *, aloud: bool = True
) -> OutMessage:
    """The whole question: notes first, then progress and text, with buttons and controls."""
    node = asked.node
    lines: list[Line] = list(notes)
    if node.counted and asked.dialog.questions > 1 and _is_counted(node):
        step, steps = _progress(asked)
        lines.append(Line("bot.progress", {"step": step, "steps": steps}))
    again = isinstance(node.kind, dialog.RepeatNode)
    lines.append(Line(f"{node.text}.again") if again else Line(node.text, arguments(asked)))
    if isinstance(node.kind, dialog.PlaceNode) and asked.frame.draft[:1] not in ((), (CANDIDATES,)):
        lines.append(Line("bot.place-within", {"place": PlaceName(f"+{asked.frame.draft[-1]}")}))
    if isinstance(node.kind, dialog.ReviewNode):
        lines.extend(_review_lines(asked))
    if isinstance(node.kind, dialog.CodeNode):
        lines.extend(code.so_far(asked.frame.draft, new=node.kind.new))
    return OutMessage(
        release=asked.book.digest,
        lines=tuple(lines),
        buttons=_buttons(asked),
        controls=_controls(asked),
        request="contact" if isinstance(node.kind, dialog.PhoneNode) else None,
        replaces=replaces,
        turn=asked.turn,
        page=asked.frame.page,
        sticky=isinstance(node.kind, dialog.ChoiceNode) and node.kind.sticky,
        aloud=aloud,
    )


def _is_counted(node: Node) -> bool:
    return not isinstance(node.kind, (*NOT_QUESTIONS, dialog.ReviewNode))


def _progress(asked: Asked) -> tuple[int, int]:
    """The question's place among those that this person is asked, as far as is known."""
    nodes, look = asked.dialog.nodes.values(), asked.view.look
    counted = [one.id for one in nodes if one.counted and _is_counted(one) and shown(one, look)]
    return counted.index(asked.node.id) + 1, len(counted)


def _buttons(asked: Asked) -> tuple[Button, ...]:
    node, view, draft = asked.node, asked.view, asked.frame.draft
    shown = offered(options(node, view.look), draft)
    match node.kind:
        case dialog.ChoiceNode() | dialog.YesNoNode():
            marked = {one.key for one in shown if one.marks and view.answer(one.marks)}
            return tuple(_choice_button(one, is_ticked=one.key in marked) for one in shown)
        case dialog.MultiChoiceNode():
            ticks = tuple(_choice_button(one, is_ticked=one.key in ticked(draft)) for one in shown)
            return (*ticks, Button(DONE, Line("bot.done"))) if ticked(draft) else ticks
        case dialog.PlaceNode() as kind:
            return tuple(
                Button(place.code, PlaceName(place.code if draft[:1] != (CANDIDATES,) else f"+{place.code}"))
                for place in listed(asked.book.places, kind, draft)
            )
        case dialog.ReviewNode():
            return (Button(AGREE, Line("bot.agree")), *_change_buttons(asked))
        case dialog.RepeatNode():
            return (Button(AGAIN, Line("bot.repeat-yes")), Button(NO_MORE, Line("bot.repeat-no")))
        case dialog.DateNode():
            return when.buttons(candidates(draft))
        case dialog.WhoNode():
            return who.buttons(view)
        case dialog.CodeNode():
            return code.buttons()
        case (
            dialog.SayNode()
            | dialog.TextNode()
            | dialog.NameNode()
            | dialog.NumberNode()
            | dialog.PhoneNode()
            | dialog.MediaNode()
            | dialog.FaqNode()
            | dialog.ActivitiesNode()
            | dialog.CallNode()
            | dialog.EndNode()
        ):
            return ()
        case _:
            assert_never(node.kind)


def _choice_button(choice: Choice, *, is_ticked: bool) -> Button:
    short = Line(choice.short) if choice.short else None
    return Button(choice.key, Line(choice.label), short, is_ticked)


def _controls(asked: Asked) -> tuple[Button, ...]:
    node, draft = asked.node, asked.frame.draft
    names: list[tuple[str, str]] = []
    if isinstance(node.kind, dialog.CodeNode):
        names.extend(code.controls(draft, forgotten=node.kind.forgotten is not None))
    if candidates(draft) and not isinstance(node.kind, dialog.PlaceNode):
        names.append((ALL, "bot.none-of-these"))
    if isinstance(node.kind, dialog.PlaceNode) and draft and draft[0] != CANDIDATES:
        names.append((HERE, "bot.skip"))
    elif node.optional:
        names.append(("~skip", "bot.skip"))
    if asked.can_go_back:
        names.append(("~back", "bot.back"))
    if node.why:
        names.append(("~why", "bot.why"))
    if asked.offer_help and node.help:
        names.append(("~help", "bot.help"))
    if (
        asked.offer_person
        and not isinstance(node.kind, dialog.WhoNode)
        and all(one.key != "person" for one in options(node, asked.view.look))
    ):
        names.append(("~person", "bot.person"))
    sticky = isinstance(node.kind, dialog.ChoiceNode) and node.kind.sticky
    if not sticky and asked.dialog.id not in {asked.book.first, asked.live.who}:
        names.append(("~menu", "bot.menu"))
    if asked.offer_hide and all(one.key != "hide" for one in options(node, asked.view.look)):
        names.append((HIDE, "bot.hide"))
    return tuple(Button(key, Line(label)) for key, label in names)


# --- what the placeholders of a message stand for ----------------------------------------------


def arguments(asked: Asked) -> Mapping[str, Arg]:
    """The arguments of the node's message, each from its declared source."""
    return {name: _source(asked, source) for name, source in asked.node.args.items()}


def _source(asked: Asked, source: str) -> Arg:
    head, _, tail = source.partition(".")
    match head:
        case "case":
            return Fact(source)
        case "centre" if tail:
            centre = near(asked.live, asked.view) if tail == "near" else chosen_centre(asked.live, asked.view)
            return about_centre(asked.live, centre, tail)
        case "hotlines":
            return tuple(hotline_line(one) for one in _hotlines(asked, tail))
        case _:
            return _answer(asked.book, head, asked.view)


def near(book: Book, view: View) -> Centre | None:
    """The centre nearest to where the person lives."""
    province = view.look("home.province")
    return next((one for one in book.centres.values() if province in (one.province, *one.near)), None)


def about_centre(book: Book, centre: Centre | None, what: str) -> Arg:
    """A centre's name, phone, hours or address; where its phone is not known, the ministry's line."""
    if what == "phone":
        if centre is not None and centre.phones:
            return called_line(f"centres.{centre.id}.name", centre.phones)
        return tuple(hotline_line(one) for one in book.hotlines.values() if one.id == ANY_CENTRE)
    if centre is None:
        return Line("centres.any.name") if what in ("name", "near") else ""
    match what:
        case "hours":
            return Line(centre.hours) if centre.hours else ""
        case "address":
            return Line(centre.address) if centre.address else ""
        case _:
            return Line(f"centres.{centre.id}.name")


def _hotlines(asked: Asked, which: str) -> Iterator[Hotline]:
    """Lines to call. Of those for a province only that of the person's own, where it has one."""
    lines, province = asked.live.hotlines.values(), asked.view.province
    here = province in {one.province for one in lines}
    for one in lines:
        if one.id not in asked.book.hotlines or (which and one.id != which):
            continue
        if one.province in {None, province} or (which and not here):
            yield one


def hotline_line(hotline: Hotline) -> Line:
    """`name: numbers`."""
    return called_line(f"hotlines.{hotline.id}.name", hotline.numbers)


def called_line(name: str, numbers: Sequence[str]) -> Line:
    """`name: numbers`, the name by its message id."""
    return Line("bot.hotline", {"name": Line(name), "numbers": ", ".join(numbers)})


def _answer(book: Book, field: str, view: View) -> Arg:
    value = view.answer(field)
    node = next(
        (one for each in book.dialogs.values() for one in each.nodes.values() if one.field == field), None
    )
    return "" if value is None or node is None else spoken(node, value)


def spoken(node: Node, value: Value) -> Arg:
    """An answer as it is said back. A sensitive one (S2) is never repeated."""
    if node.sensitivity == "S2" and not isinstance(value, answers.Skipped | answers.Heard):
        return Line("bot.answered")
    match value:
        case answers.Key() | answers.Keys() | answers.Flag():
            labels = tuple(Line(one.label) for one in chosen(node, value))
            return labels or Line("bot.answered")
        case answers.Words(text):
            return text
        case answers.PlaceCode(code):
            return PlaceName(f"+{code}")
        case answers.Heard():
            return Line("bot.heard-value")
        case answers.Skipped():
            return Line("bot.skipped-value")
        case answers.Number() | answers.Day() | answers.Month() | answers.Phone():
            return value
        case _:
            assert_never(value)


def entries(asked: Asked) -> tuple[Entry, ...]:
    """Every answer on the way that led to this review, called dialogs and repeat blocks included."""
    current = asked.view.current
    given = current.answers if current else {}
    return tuple(_entries(asked.book, asked.dialog, given, asked.frame.index, asked.view))


def _entries(
    book: Book, within: Dialog, given: Mapping[FieldAt, Value], index: int, view: View
) -> Iterator[Entry]:
    look = replace(view, index=index).look
    for node in trace(within, given, index, look):
        match node.kind:
            case dialog.CallNode(called):
                yield from _entries(book, book.dialogs[called], given, index, view)
            case dialog.RepeatNode(called, most):
                for item in range(most):
                    yield from _entries(book, book.dialogs[called], given, item, view)
            case _:
                if node.field and (value := given.get((node.field, index))) is not None:
                    yield Entry(within.id, node, index, value)


def _review_lines(asked: Asked) -> Iterator[Line]:
    for position, entry in enumerate(entries(asked)):
        words = Title(Line(entry.node.text, arguments(replace(asked, node=entry.node))))
        said = spoken(entry.node, entry.value)
        yield Line("bot.review-line", {"number": position + 1, "question": words, "answer": said})


def _change_buttons(asked: Asked) -> Iterator[Button]:
    for position, _ in enumerate(entries(asked)):
        yield Button(f"{ITEM}{position}", Line("bot.change", {"what": position + 1}))
