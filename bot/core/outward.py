"""What leads out of the chat: buttons that open a page, and pins on a map; as words where a channel has none.

Never writes a label, and never fetches what it points to.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.core.channel import Capabilities, Label, Point, Rendered

URL: Final = "url:"  # what the payload of a button begins with that opens a page; its address follows
_MAP: Final = "https://www.google.com/maps/search/?api=1&query="  # latitude,longitude follow (Maps URLs)


def label(payload: str, text: str) -> Label:
    """A button as a letter names it: its payload, or `url:` and the page that it opens."""
    if payload.startswith(URL):
        return Label("", text, url=payload.removeprefix(URL))
    return Label(payload, text)


def links(message: Rendered) -> tuple[Label, ...]:
    """The buttons of a message that open a page, in their order."""
    return tuple(one for one in (*message.buttons, *message.controls) if one.url)


def without_links(message: Rendered) -> Rendered:
    """The message with only those buttons that tell us something."""
    return replace(message, buttons=_telling(message.buttons), controls=_telling(message.controls))


def spelled_out(message: Rendered) -> Rendered:
    """The message with the pages below its words instead of on buttons."""
    told = "\n".join(f"{one.text}: {one.url}" for one in links(message))
    text = "\n\n".join(words for words in (message.text, told) if words.strip())
    return replace(without_links(message), text=text)


def fit_on_buttons(shown: Iterable[Label], text: str, capabilities: Capabilities) -> bool:
    """Whether these links stay as buttons below these words, where quick replies cannot open a page."""
    found = tuple(shown)
    few = len(found) <= capabilities.template_buttons
    worded = 0 < len(text) <= capabilities.template_text
    return few and worded and all(one.fits(capabilities.label_hard) for one in found)


def in_words(point: Point) -> str:
    """A pin as words with a link that opens the map."""
    return "\n".join(words for words in (point.title, point.address, map_of(point)) if words)


def map_of(point: Point) -> str:
    """The address of a map with the point on it."""
    return f"{_MAP}{point.latitude:.6f},{point.longitude:.6f}"


def _telling(labels: tuple[Label, ...]) -> tuple[Label, ...]:
    return tuple(one for one in labels if not one.url)
