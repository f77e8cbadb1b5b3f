"""An announcement: what staff want said to a segment, whether it may be said so, and its digest.

Never counts, sends or approves anything.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from json import dumps
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from bot.core import segment as segments
from bot.core.activity import Bilingual
from bot.core.contact import LANGUAGES, Language
from bot.core.schedule import PHNOM_PENH
from bot.core.segment import Segment

Purpose = Literal["news", "fairs", "training", "jobs"]
State = Literal["draft", "waiting", "approved", "sending", "paused", "done", "stopped"]
FaultKind = Literal[
    "no words",
    "too long",
    "too many buttons",
    "label",
    "target",
    "times",
    "telling",
    "name",
    "no activity",
    "no dialog",
    "unpublished",
    "called off",
    "over",
]

PURPOSES: Final[tuple[Purpose, ...]] = ("news", "fairs", "training", "jobs")
LONGEST: Final = 1800  # characters: with our first line one message on both platforms (facts: channels 3.2)
LABEL: Final = 20  # characters of a button (facts: channels 3.2)
BUTTONS: Final = 3  # those that stay below a message (facts: channels 3.2)
NAME: Final = 80
LASTS: Final = timedelta(days=7)  # nobody gets it later, unless the draft says otherwise
# Dialogs that whoever reads along learns nothing from, where somebody gets it for what they need or asked.
NEUTRAL: Final = frozenset({"d:menu", "d:faq", "d:activities", "d:language"})
MARK: Final = "~"  # then the broadcast's id, at the end of a payload
_TARGET: Final = re.compile(r"d:[a-z0-9-]{1,40}|a:[1-9][0-9]{0,17}|a:list")
_MARKED: Final = re.compile(rf"([^{MARK}]+){MARK}([1-9][0-9]{{0,17}})")
# What may not stand where others read along and somebody gets it for what they need or asked of us. Each is
# looked for inside the words, without regard to case.
TELLING: Final[tuple[str, ...]] = (
    "ប្រាក់ខែ",
    "ប្រាក់ឈ្នួល",
    "បំណុល",
    "ជំពាក់",
    "ប្តឹង",
    "បណ្តឹង",
    "សំណុំរឿង",
    "ករណីរបស់",
    "ពាក្យសុំ",
    "ជួញដូរ",
    "រំលោភ",
    "វាយដំ",
    "គ្រោះថ្នាក់",
    "wage",
    "salary",
    "debt",
    "owe",
    "complain",
    "your case",
    "your request",
    "traffick",
    "abuse",
    "violence",
    "danger",
)


@dataclass(frozen=True, slots=True)
class Link:
    """A button below an announcement.

    `to`: `d:<dialog>`, `a:<activity id>`, `a:list` or `url:https://…`.
    """

    label: Bilingual
    to: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is drafted. `centre`: whose people it may reach; empty: everybody's.

    `purpose`: the consent that it needs. `picture`, `voice`: contents of enclosures (SHA-256, hex).
    `send_at` None: as soon as it is approved. `expires` None: LASTS after it begins. `repeats`: the id of an
    earlier one, of whose people only those get it whom that one failed for.
    """

    name: str
    segment: Segment
    words: Bilingual
    purpose: Purpose = "news"
    centre: str = ""
    picture: str = ""
    voice: str = ""
    buttons: tuple[Link, ...] = ()
    send_at: datetime | None = None
    expires: datetime | None = None
    repeats: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why it can not go out like this. `what`: the value meant, or the word that tells."""

    kind: FaultKind
    what: str = ""


def faults(announcement: Announcement, now: datetime, *, drafting: bool = False) -> tuple[Fault, ...]:
    """Everything that must be changed before anybody may get it.

    `drafting`: what can not even be kept, for words may still come.
    """
    words = announcement.words
    found: list[Fault] = []
    if not announcement.name.strip() or len(announcement.name) > NAME:
        found.append(Fault("name", announcement.name.strip()[:NAME]))
    if not drafting and not (words.km.strip() or words.en.strip()):
        found.append(Fault("no words"))
    found += [Fault("too long", one) for one in LANGUAGES if len(words.read_in(one)) > LONGEST]
    own = announcement.purpose != "news"  # the button by which nobody gets more of this purpose
    if len(announcement.buttons) + own > BUTTONS:
        found.append(Fault("too many buttons", str(len(announcement.buttons))))
    for link in announcement.buttons:
        found += _wrong_link(link)
    found += _wrong_times(announcement, now)
    if announcement.segment.neutral:
        found += [Fault("telling", one) for one in (*telling(announcement), *_showing(announcement))]
    return tuple(found)


def missing(announcement: Announcement) -> tuple[Language, ...]:
    """The languages whose readers get the words of the other one."""
    return tuple(one for one in LANGUAGES if not getattr(announcement.words, one).strip())


def telling(announcement: Announcement) -> tuple[str, ...]:
    """The words in it that tell whoever reads along why somebody gets it."""
    said = [announcement.words, *(one.label for one in announcement.buttons)]
    whole = "\n".join(text for one in said for text in (one.km, one.en)).lower()
    return tuple(one for one in TELLING if _holds(whole, one))


def _showing(announcement: Announcement) -> tuple[str, ...]:
    """What nobody can read through for words that tell: what it encloses, and where its buttons lead."""
    enclosed = [name for name in ("picture", "voice") if getattr(announcement, name)]
    leads = [one.to for one in announcement.buttons if not (one.to.startswith("a:") or one.to in NEUTRAL)]
    return (*enclosed, *leads)


def begins(announcement: Announcement, now: datetime) -> datetime:
    """When the first may leave."""
    return max(announcement.send_at or now, now)


def ends(announcement: Announcement, now: datetime) -> datetime:
    """When the last may leave."""
    return announcement.expires or begins(announcement, now) + LASTS


def digest(announcement: Announcement) -> str:
    """What an approval is of: all but the name, so that any other change needs another."""
    form = {
        "segment": segments.dump(announcement.segment),
        "words": [announcement.words.km, announcement.words.en],
        "purpose": announcement.purpose,
        "centre": announcement.centre,
        "enclosures": [announcement.picture, announcement.voice],
        "buttons": dump_links(announcement.buttons),
        "times": [_time(announcement.send_at), _time(announcement.expires)],
        "repeats": announcement.repeats,
    }
    return sha256(dumps(form, sort_keys=True).encode()).hexdigest()


def marked(payload: str, broadcast_id: int) -> str:
    """The payload of a button, which tells where it was pressed; what only opens a page tells nothing."""
    return payload if payload.startswith("url:") else f"{payload}{MARK}{broadcast_id}"


def unmarked(payload: str) -> tuple[str, int | None]:
    """The payload as everybody knows it, and the broadcast below which it stood, if it did."""
    found = _MARKED.fullmatch(payload)
    return (payload, None) if found is None else (found[1], int(found[2]))


def dump_links(links: tuple[Link, ...]) -> list[list[str]]:
    """The JSON form of buttons."""
    return [[one.label.km, one.label.en, one.to] for one in links]


def load_links(form: Any) -> tuple[Link, ...]:  # noqa: ANN401 - JSON
    """The buttons of a form that `dump_links` wrote."""
    return tuple(Link(Bilingual(km, en), to) for km, en, to in form)


def _wrong_link(link: Link) -> list[Fault]:
    found = []
    shown = [link.label.read_in(one).strip() for one in LANGUAGES] if link.label else [""]
    if any(not 0 < len(one) <= LABEL for one in shown):
        found.append(Fault("label", link.label.km or link.label.en))
    if not _may_lead(link.to):
        found.append(Fault("target", link.to))
    return found


def _may_lead(to: str) -> bool:
    if not to.startswith("url:"):
        return _TARGET.fullmatch(to) is not None
    try:
        parts = urlsplit(to.removeprefix("url:"))
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and parts.username is None and to.isprintable()


def _wrong_times(announcement: Announcement, now: datetime) -> list[Fault]:
    expires = announcement.expires
    if expires is None or expires > begins(announcement, now):
        return []
    return [Fault("times", f"{expires.astimezone(PHNOM_PENH):%Y-%m-%d %H:%M}")]


def _holds(text: str, word: str) -> bool:
    """Khmer writes no spaces between words; an English one begins at its own beginning."""
    return re.search(rf"\b{re.escape(word)}" if word.isascii() else re.escape(word), text) is not None


def _time(at: datetime | None) -> str:
    return at.isoformat() if at else ""
