"""One message fitted to what a channel can show: pieces of text, rows of buttons, or numbers to answer with.

Never decides what is said and never drops words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.core import outward
from bot.core.cards import as_list, carousels, holds
from bot.core.channel import Capabilities, Label, Part, PartButton, Rendered
from bot.core.khmer.clusters import cut
from bot.core.labels import buttons, numbers
from bot.core.paging import Page, page

_NARROW = 12  # code points; a longer label gets a row of its own
_ABREAST = 3  # narrow labels in a row

Row = tuple[PartButton, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """Words and rows; the first `answers` buttons answer the question."""

    text: str
    rows: tuple[Row, ...]
    answers: int


def fit(message: Rendered, capabilities: Capabilities) -> tuple[Part, ...]:
    """The parts, in sending order; buttons, request and replacement belong to the last. None for nothing."""
    if message.point is not None:
        pin = Part("", point=message.point) if capabilities.pins else Part(outward.in_words(message.point))
        return (pin, *fit(replace(message, point=None), capabilities))
    if message.cards and holds(capabilities, message.cards):
        return _beside_cards(message, capabilities)
    message = as_list(message)
    links = () if _opens_pages(message, capabilities) else outward.links(message)
    shown = _shown(outward.without_links(message) if links else message, capabilities)
    pieces = cut(shown.text, capabilities.text_max)
    if links and not outward.fit_on_buttons(links, (pieces or [""])[-1], capabilities):
        return fit(outward.spelled_out(message), capabilities)
    shown = _below(shown, links, capabilities)
    request = message.request if _can_ask(message, capabilities) else None
    if not pieces and not shown.rows and not request:
        return ()
    *first, last = pieces or [""]
    return (
        *(Part(piece) for piece in first),
        Part(
            last,
            shown.rows,
            quick=bool(shown.rows) and not capabilities.inline_buttons,
            staying=len(links) + _staying(last, message, shown.answers, capabilities, len(links)),
            request=request,
            request_label=message.request_label if request else "",
            replaces=message.replaces if capabilities.edit_message and not first else "",
        ),
    )


def _beside_cards(message: Rendered, capabilities: Capabilities) -> tuple[Part, ...]:
    """The words, the cards, and below the last cards the buttons; what needs words has a part of its own."""
    words = fit(Rendered(message.text), capabilities)
    *first, last = carousels(message.cards, capabilities)
    below = fit(replace(message, text="", cards=(), replaces=""), capabilities)
    if len(below) == 1 and not below[0].text:
        return (*words, *first, replace(below[0], cards=last.cards))
    return (*words, *first, last, *below)


def _opens_pages(message: Rendered, capabilities: Capabilities) -> bool:
    """Whether its buttons may open pages as they stand; those of a reply keyboard and quick replies never."""
    return bool(capabilities.inline_buttons) and not _can_ask(message, capabilities)


def _below(shown: _Shown, links: tuple[Label, ...], capabilities: Capabilities) -> _Shown:
    """The same with these links above its other buttons."""
    if not links:
        return shown
    return replace(shown, rows=(tuple(buttons(links, capabilities.label_hard)), *shown.rows))


def _staying(text: str, message: Rendered, answers: int, capabilities: Capabilities, links: int) -> int:
    """How many buttons stay below these words: the answers, or what lets hear a message without any.

    Such a message may not be the last of its turn, and then quick replies vanish unseen. `links` stay anyway.
    """
    wanted = answers if message.sticky else 0
    if message.listen and not message.buttons and not message.controls:
        wanted = 1
    fits = links + wanted <= capabilities.template_buttons and 0 < len(text) <= capabilities.template_text
    return wanted if fits else 0


def _can_ask(message: Rendered, capabilities: Capabilities) -> bool:
    match message.request:
        case "contact":
            return capabilities.ask_contact
        case "location":
            return capabilities.ask_location
        case None:
            return False


def _shown(message: Rendered, capabilities: Capabilities) -> _Shown:
    """The text, with a numbered list when the options do not fit on buttons, and the rows."""
    room = capabilities.inline_buttons or capabilities.quick_replies
    if not capabilities.inline_buttons and _can_ask(message, capabilities):
        room = max(0, room - 1)  # the platform's own button is one of them
    shown = page(message, room)
    text, options = _answers(message, shown, capabilities)
    longest = capabilities.label_hard
    fixed, turning = buttons(shown.fixed, longest), buttons(shown.turning, longest)
    controls = buttons((one for one in shown.controls if one is not message.listen), longest)
    listen = buttons((one for one in shown.controls if one is message.listen), longest)
    groups = ([*options, *fixed], turning, controls, listen)
    rows = tuple(row for group in groups for row in _in_rows(group, capabilities))
    return _Shown(text, rows, len(options) + len(fixed))


def _answers(message: Rendered, shown: Page, capabilities: Capabilities) -> tuple[str, list[PartButton]]:
    """The words and the buttons of the options: in words, or numbered where they need a list to be read."""
    longest = capabilities.label_hard
    options = tuple(one for one in message.buttons if not one.kept)
    if not shown.unseen and (capabilities.inline_buttons or all(one.fits(longest) for one in options)):
        return message.text, buttons(shown.options, longest)
    counted = numbers(message, len(message.buttons), shown.first)
    listed = zip(counted, (*shown.options, *shown.unseen), strict=False)
    text = "\n".join(f"{number}. {one.text}" for number, one in listed)
    told = "\n\n".join(words for words in (message.text, text) if words.strip())
    return told, [
        PartButton(number, one.payload) for number, one in zip(counted, shown.options, strict=False)
    ]


def _in_rows(given: Sequence[PartButton], capabilities: Capabilities) -> Iterable[Row]:
    wide = any(len(button.label) > _NARROW for button in given)
    abreast = 1 if wide else max(1, min(_ABREAST, capabilities.buttons_per_row))
    if not capabilities.inline_buttons:
        abreast = max(1, len(given))  # quick replies are one strip
    return (tuple(given[start : start + abreast]) for start in range(0, len(given), abreast))
