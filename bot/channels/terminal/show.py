"""What a terminal can show, and a Part written as terminal text with numbered buttons.

Never decides what is said, and never reads the keyboard.
"""

from collections.abc import Sequence

from bot.core.channel import Capabilities, Document, Part, PartButton
from bot.core.outward import in_words
from bot.core.speech import MIME

# A terminal scrolls and wraps: nothing here is a platform's limit, the numbers only keep the shape of a chat.
CAPABILITIES = Capabilities(
    channel="terminal",
    text_max=100_000,
    inline_buttons=100,
    quick_replies=0,
    label_hard=200,
    buttons_per_row=1,
    payload_max_bytes=64,
    buttons_persist=True,
    edit_message=False,
    ask_contact=False,
    ask_location=False,
    documents=True,
)


def last_buttons(parts: Sequence[Part]) -> tuple[PartButton, ...]:
    """The buttons of the last of these parts that has any; what opens a page cannot be pressed here."""
    return next((found for part in reversed(parts) if (found := _pressable(part))), ())


def words(part: Part) -> str:
    """What is read in it: its text, its pin, or its cards with an empty line between them."""
    carded = (f"{card.title}\n{card.subtitle}".rstrip() for card in part.cards)
    pin = in_words(part.point) if part.point is not None else ""
    return "\n\n".join(one for one in (part.text, pin, *carded) if one)


def write(part: Part) -> str:
    """The part as text: what is read in it, its file, a line a button: `  [1] label`, `  ↗ label: url`."""
    lines = [told] if (told := words(part)) else []
    if part.document is not None:
        lines.append(f"  {_named(part.document)}")
    lines += [f"  ↗ {button.label}: {button.url}" for button in part.buttons if button.url]
    lines += [f"  [{number}] {button.label}" for number, button in enumerate(last_buttons((part,)), 1)]
    return "\n".join(lines)


def _pressable(part: Part) -> tuple[PartButton, ...]:
    return tuple(one for one in part.buttons if not one.url)


def _named(document: Document) -> str:
    return f"🔊 {document.name.removesuffix('.ogg')}" if document.mime == MIME else f"<{document.name}>"
