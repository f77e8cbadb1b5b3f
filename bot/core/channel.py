"""How a place speaks: what each channel can show, and one message fitted to it.

Never decides what is said. Every number of a Capabilities record names its source where it is made.
"""

from dataclasses import dataclass
from typing import Literal

from bot.core.window import Window


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can show. Lengths are in code points unless said.

    `inline_buttons`: 0 when only quick replies exist. `label_hard`: longer labels need a short one.
    `template_buttons`: buttons that stay, below a text of at most `template_text`, where quick replies
    vanish. `cards`: how many one carousel holds; 0 without any; `card_text`: the longest title and subtitle
    of a card, `card_buttons`: its buttons. `pins`: it shows a point on a map. `window`: None where we may
    always write.
    """

    channel: str
    text_max: int
    inline_buttons: int
    quick_replies: int
    label_hard: int
    buttons_per_row: int
    payload_max_bytes: int = 64
    buttons_persist: bool = True
    edit_message: bool = False
    ask_contact: bool = False
    ask_location: bool = False
    documents: bool = True
    template_buttons: int = 0
    template_text: int = 0
    cards: int = 0
    card_text: int = 0
    card_buttons: int = 0
    pins: bool = False
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A button in words: `short` is used where `text` is too long.

    `kept`: it is on every page, and never behind the button that leads to the others. `url`: it opens that
    page (https) instead of telling us; its payload is empty.
    """

    payload: str
    text: str
    short: str | None = None
    kept: bool = False
    url: str = ""

    def fits(self, longest: int) -> bool:
        """Whether its words fit in full or in short."""
        return len(self.text) <= longest or (self.short is not None and len(self.short) <= longest)


@dataclass(frozen=True, slots=True)
class Card:
    """One of several things shown side by side: a centre, a job fair, a job."""

    title: str
    subtitle: str
    buttons: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Pager:
    """What a list is turned over with where it has more buttons than the channel shows.

    `page`: the one to show, from 0. `payload`: what the payload of a button begins with, its page follows.
    The labels lead to the next page, to the one before, and to the buttons that stand below a question.
    """

    page: int
    payload: str
    onward: str
    backward: str
    others: str


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map, in degrees WGS 84; `title` and `address` in words of the reader's language."""

    latitude: float
    longitude: float
    title: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """An OutMessage in words of one language, not yet fitted. `listen`: a button to hear it, below all.

    `pager`: None for what never has more buttons than any channel shows. `point`: a pin ahead of the words.
    """

    text: str
    buttons: tuple[Label, ...] = ()
    controls: tuple[Label, ...] = ()
    listen: Label | None = None
    request: Literal["contact", "location"] | None = None
    request_label: str = ""
    replaces: str = ""
    sticky: bool = False
    cards: tuple[Card, ...] = ()
    pager: Pager | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class PartButton:
    """A button as it will be shown. `url`: it opens that page; its payload is empty."""

    label: str
    payload: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PartCard:
    """A card as it will be shown."""

    title: str
    subtitle: str
    buttons: tuple[PartButton, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A file to hand over; `media` is the id of sealed chunks in the store.

    A recording is no one's secret: `media` is 0, and it stands in the Release `release` at `path`;
    `content` names its bytes (`speech.content_of`), so that a platform need be given them only once.
    A picture or recording of ours that stands in no Release (`release` is empty too) is an enclosure:
    `content` is its key in the store.
    """

    media: int
    name: str
    mime: str
    release: str = ""
    path: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """Words that a platform has approved beforehand, and what fills them, by name."""

    name: str
    language: str
    filled: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """As `Grants.templates` names it."""
        return f"{self.name}/{self.language}"


@dataclass(frozen=True, slots=True)
class Part:
    """What one platform call carries. `rows`: buttons by row, top to bottom; the last part has them.

    `quick`: they are quick replies, which vanish after a tap; but the first `staying` of them are buttons
    that stay below the words (a button template, beside whose quick replies). `cards`: a carousel; its part
    has no words.
    `request`: show the platform's own contact/location button. `replaces`: edit that message instead.
    `hides`: before it is shown, the platform deletes what it lets us delete: `chat` for every message of
    both sides, else these messages, ids with spaces between. `typed`: a named member of staff wrote it.
    `template`: says the same where free words may not leave. `point`: a pin on the map; its part has no
    words, and where there are no pins the same is a link.
    """

    text: str
    rows: tuple[tuple[PartButton, ...], ...] = ()
    quick: bool = False
    staying: int = 0
    request: Literal["contact", "location"] | None = None
    request_label: str = ""
    replaces: str = ""
    document: Document | None = None
    cards: tuple[PartCard, ...] = ()
    hides: str = ""
    typed: bool = False
    template: Template | None = None
    point: Point | None = None

    @property
    def buttons(self) -> tuple[PartButton, ...]:
        """Every button, those of cards first."""
        carded = (button for card in self.cards for button in card.buttons)
        return (*carded, *(button for row in self.rows for button in row))
