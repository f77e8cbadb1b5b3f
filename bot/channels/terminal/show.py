"""What a terminal can show, and a Part written as terminal text with numbered buttons.

Never decides what is said, and never reads the keyboard.
"""

from collections.abc import Sequence

from bot.core.channel import Capabilities, Document, Part, PartButton

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


def buttons(part: Part) -> tuple[PartButton, ...]:
    """Every button, in the order of their numbers."""
    return tuple(button for row in part.rows for button in row)


def last_buttons(parts: Sequence[Part]) -> tuple[PartButton, ...]:
    """The buttons of the last of these parts that has any."""
    return next((found for part in reversed(parts) if (found := buttons(part))), ())


def write(part: Part) -> str:
    """The part as text: its words, its document or recording, then one line a button: `  [1] label`."""
    lines = [part.text] if part.text else []
    if part.document is not None:
        lines.append(f"  {_named(part.document)}")
    lines += [f"  [{number}] {button.label}" for number, button in enumerate(buttons(part), 1)]
    return "\n".join(lines)


def _named(document: Document) -> str:
    return f"🔊 {document.name.removesuffix('.ogg')}" if document.path else f"<{document.name}>"
