"""Labels as buttons of a channel: in full, in short, or as a number.

Never chooses words of its own.
"""

from collections.abc import Iterable

from bot.core.channel import Label, PartButton, Rendered
from bot.core.khmer.clusters import shorten
from bot.core.khmer.digits import to_khmer_digits


def buttons(labels: Iterable[Label], longest: int) -> list[PartButton]:
    """Every label within `longest` code points; one that has no short form is cut at a letter's edge."""
    return [_button(one, longest) for one in labels]


def _button(label: Label, longest: int) -> PartButton:
    if len(label.text) <= longest:
        return PartButton(label.text, label.payload, label.url)
    return PartButton(shorten(label.short or label.text, longest), label.payload, label.url)


def numbers(message: Rendered, last: int, first: int = 0) -> list[str]:
    """The numbers after `first` up to `last`, in Khmer digits where the message is Khmer."""
    words = message.text + "".join(label.text for label in message.buttons)
    words += "".join(card.title for card in message.cards)
    counted = [str(number) for number in range(first + 1, last + 1)]
    if any("\u1780" <= letter <= "\u17ff" for letter in words):
        return [to_khmer_digits(number) for number in counted]
    return counted
