"""One message fitted to what a channel can show: pieces of text, rows of buttons, or numbers to answer with.

Never decides what is said, drops words, or pages a long list (the caller does, by the channel's numbers).
"""

from collections.abc import Iterable

from bot.core.channel import Capabilities, Label, Part, PartButton, Rendered
from bot.core.khmer.clusters import cut, shorten
from bot.core.khmer.digits import to_khmer_digits

_NARROW = 12  # code points; a longer label gets a row of its own
_ABREAST = 3  # narrow labels in a row

Row = tuple[PartButton, ...]


def fit(message: Rendered, capabilities: Capabilities) -> tuple[Part, ...]:
    """The parts, in sending order; buttons, request and replacement belong to the last. None for nothing."""
    text, rows = _shown(message, capabilities)
    pieces = cut(text, capabilities.text_max)
    request = message.request if _can_ask(message, capabilities) else None
    if not pieces and not rows and not request:
        return ()
    *first, last = pieces or [""]
    replaces = message.replaces if capabilities.edit_message and not first else ""
    return (
        *(Part(piece) for piece in first),
        Part(
            last,
            rows,
            quick=bool(rows) and not capabilities.inline_buttons,
            request=request,
            request_label=message.request_label if request else "",
            replaces=replaces,
        ),
    )


def _can_ask(message: Rendered, capabilities: Capabilities) -> bool:
    match message.request:
        case "contact":
            return capabilities.ask_contact
        case "location":
            return capabilities.ask_location
        case None:
            return False


def _shown(message: Rendered, capabilities: Capabilities) -> tuple[str, tuple[Row, ...]]:
    """The text, with a numbered list when the options do not fit on buttons, and the rows."""
    room = capabilities.inline_buttons or capabilities.quick_replies
    listen = [_button(message.listen, capabilities.label_hard)] if message.listen and room else []
    text, rows = _asked(message, capabilities, room - len(listen))
    return text, (*rows, *_in_rows(listen, capabilities))


def _asked(message: Rendered, capabilities: Capabilities, room: int) -> tuple[str, tuple[Row, ...]]:
    """The same without the button to hear it: `room` buttons are left."""
    controls = [_button(label, capabilities.label_hard) for label in message.controls[:room]]
    left = room - len(controls)
    if capabilities.inline_buttons or _fits(message.buttons, left, capabilities.label_hard):
        buttons = [_button(label, capabilities.label_hard) for label in message.buttons[:left]]
        return message.text, _rows(buttons, controls, capabilities)
    numbers = _numbers(message)
    listed = "\n".join(
        f"{number}. {label.text}" for number, label in zip(numbers, message.buttons, strict=True)
    )
    buttons = [
        PartButton(number, label.payload)
        for number, label in zip(numbers[:left], message.buttons[:left], strict=True)
    ]
    text = f"{message.text}\n\n{listed}" if message.text.strip() else listed
    return text, _rows(buttons, controls, capabilities)


def _fits(labels: tuple[Label, ...], room: int, longest: int) -> bool:
    """Every option has a button, and every label its words in full or in short."""
    return len(labels) <= room and all(
        len(label.text) <= longest or (label.short is not None and len(label.short) <= longest)
        for label in labels
    )


def _button(label: Label, longest: int) -> PartButton:
    if len(label.text) <= longest:
        return PartButton(label.text, label.payload)
    return PartButton(shorten(label.short or label.text, longest), label.payload)


def _numbers(message: Rendered) -> list[str]:
    """One number an option, in Khmer digits where the message is Khmer."""
    words = message.text + "".join(label.text for label in message.buttons)
    numbers = [str(number) for number in range(1, len(message.buttons) + 1)]
    if any("\u1780" <= letter <= "\u17ff" for letter in words):
        return [to_khmer_digits(number) for number in numbers]
    return numbers


def _rows(
    buttons: list[PartButton], controls: list[PartButton], capabilities: Capabilities
) -> tuple[Row, ...]:
    """Controls below the options, never in a row with them."""
    return (*_in_rows(buttons, capabilities), *_in_rows(controls, capabilities))


def _in_rows(buttons: list[PartButton], capabilities: Capabilities) -> Iterable[Row]:
    wide = any(len(button.label) > _NARROW for button in buttons)
    abreast = 1 if wide else max(1, min(_ABREAST, capabilities.buttons_per_row))
    if not capabilities.inline_buttons:
        abreast = max(1, len(buttons))  # quick replies are one strip
    return (tuple(buttons[start : start + abreast]) for start in range(0, len(buttons), abreast))
