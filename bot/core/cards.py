"""Several things shown side by side: cards of a carousel, or the same as a numbered list.

Never drops a word: cards that a channel would cut short are a list there.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.channel import Capabilities, Card, Label, Part, PartCard, Rendered
from bot.core.labels import buttons, numbers


def holds(capabilities: Capabilities, cards: tuple[Card, ...]) -> bool:
    """Whether the channel has cards, and shows every word of these."""
    return bool(capabilities.cards) and all(_whole(one, capabilities) for one in cards)


def _whole(card: Card, capabilities: Capabilities) -> bool:
    words = 0 < len(card.title) <= capabilities.card_text and len(card.subtitle) <= capabilities.card_text
    more = card.subtitle or card.buttons  # a card of a title alone is refused
    few = len(card.buttons) <= capabilities.card_buttons
    return words and bool(more) and few and all(one.fits(capabilities.label_hard) for one in card.buttons)


def carousels(cards: tuple[Card, ...], capabilities: Capabilities) -> tuple[Part, ...]:
    """The cards in their order, as many in a part as the channel shows side by side."""
    shown = [
        PartCard(one.title, one.subtitle, tuple(buttons(one.buttons, capabilities.label_hard)))
        for one in cards
    ]
    size = capabilities.cards
    return tuple(Part("", cards=tuple(shown[at : at + size])) for at in range(0, len(shown), size))


def as_list(message: Rendered) -> Rendered:
    """The same message without cards: a paragraph for each, and their buttons with its number in front."""
    if not message.cards:
        return message
    numbered = list(zip(numbers(message, len(message.cards)), message.cards, strict=True))
    told = [f"{number}. {card.title}\n{card.subtitle}".rstrip() for number, card in numbered]
    text = "\n\n".join(words for words in (message.text, *told) if words.strip())
    below = tuple(one for number, card in numbered for one in _labels(number, card))
    return replace(message, text=text, cards=(), buttons=(*below, *message.buttons))


def _labels(number: str, card: Card) -> Iterator[Label]:
    for one in card.buttons:
        short = None if one.short is None else f"{number}. {one.short}"
        yield replace(one, text=f"{number}. {one.text}", short=short)
