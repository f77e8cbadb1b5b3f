"""A part that was made for one channel, as another channel shows it.

Never drops a word: what has no room for its buttons lists them, and what no part can carry is no part.
"""

from dataclasses import replace

from bot.core.channel import Capabilities, Card, Label, Part, PartButton, Rendered
from bot.core.fitting import fit


def fits(part: Part, capabilities: Capabilities) -> bool:
    """Whether the channel shows a part as it is."""
    inline = capabilities.inline_buttons > 0
    alike = part.quick == (bool(part.rows) and not inline) and not (inline and (part.staying or part.cards))
    return (
        alike
        and len(part.text) <= capabilities.text_max
        and (part.document is None or capabilities.documents)
        and len(part.cards) <= capabilities.cards
        and _room(part, capabilities)
        and part.request in _asked(capabilities)
        and (part.point is None or capabilities.pins)
        and _opens(part, capabilities)
    )


def abroad(part: Part) -> Part:
    """The part in another chat: what it would have replaced or hidden is not there."""
    return replace(part, replaces="", hides="")


def refit(part: Part, capabilities: Capabilities) -> tuple[Part, ...]:
    """The part itself where it fits, else those that say the same; none when the channel cannot carry it.

    A file goes with the first words. What a platform has approved says the same as the whole part, so only
    one that stays whole keeps it.
    """
    if fits(part, capabilities):
        return (part,)
    if part.document is not None and not capabilities.documents:
        return ()
    message = Rendered(
        part.text,
        tuple(_label(one) for row in part.rows for one in row),
        request=part.request,
        request_label=part.request_label,
        sticky=True,  # more follows it, below which quick replies would vanish unseen
        point=part.point,
        cards=tuple(Card(one.title, one.subtitle, tuple(map(_label, one.buttons))) for one in part.cards),
    )
    made = fit(message, capabilities)
    if part.document is not None:
        first, *more = made or (Part(""),)
        made = (replace(first, document=part.document), *more)
    if part.hides and made:
        made = (replace(made[0], hides=part.hides), *made[1:])
    template = part.template if len(made) == 1 else None
    return tuple(replace(one, typed=part.typed, template=template) for one in made)


def _room(part: Part, capabilities: Capabilities) -> bool:
    """Whether there is room for its buttons and their labels."""
    shown = [one for row in part.rows for one in row]
    if any(len(one.label) > capabilities.label_hard for one in part.buttons):
        return False
    if capabilities.inline_buttons:
        wide = all(len(row) <= capabilities.buttons_per_row for row in part.rows)
        return wide and len(shown) <= capabilities.inline_buttons
    return len(shown) + (part.request is not None) <= capabilities.quick_replies


def _opens(part: Part, capabilities: Capabilities) -> bool:
    """Whether its links are where pages can be opened: on inline buttons, or on buttons that stay."""
    if capabilities.inline_buttons:
        return part.request is None or not any(one.url for one in part.buttons)
    shown = [one for row in part.rows for one in row]
    return not any(one.url for one in shown[part.staying :])


def _asked(capabilities: Capabilities) -> tuple[str | None, ...]:
    contact = "contact" if capabilities.ask_contact else None
    location = "location" if capabilities.ask_location else None
    return (None, contact, location)


def _label(button: PartButton) -> Label:
    return Label(button.payload, button.label, url=button.url)
