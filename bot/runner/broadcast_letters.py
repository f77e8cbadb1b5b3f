"""An announcement as people get it: a letter in each language, with our own line before and after its words.

Never decides who gets it, and never queues it.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.core.activity import Bilingual
from bot.core.announcement import Announcement, marked
from bot.core.channel import Document, Part
from bot.core.contact import LANGUAGES, Contact, Language
from bot.core.message import Line, Verbatim
from bot.core.unasked import barred, discreet
from bot.runner import mailing
from bot.runner.mailing import Letter
from bot.runner.notice import Desk
from storage import enclosures

OPENING = "broadcast.opening"
CLOSING = "broadcast.closing"
OFF = "broadcast.off"
DISCREET = "asked for discretion"


def letters(conn: Connection, announcement: Announcement, broadcast_id: int) -> Mapping[Language, Letter]:
    """What readers of each language get; where one has no words they get the other's."""
    enclosed = tuple(_document(conn, one) for one in (announcement.picture, announcement.voice) if one)
    return {one: _letter(announcement, broadcast_id, one, enclosed) for one in LANGUAGES}


def why_not(contact: Contact, announcement: Announcement) -> str:
    """Why somebody does not get it now; "" when they may.

    Whoever wants what comes unasked to tell nothing gets none: its words are of staff, and tell something.
    """
    why = barred(contact, purpose=announcement.purpose)
    return why or (DISCREET if discreet(contact) else "")


def looks(
    conn: Connection, desk: Desk, announcement: Announcement, broadcast_id: int, reader: Contact
) -> tuple[Part, ...]:
    """The parts that a reader is shown; of them only language and channel (one of the desk's) count."""
    letter = letters(conn, announcement, broadcast_id)[reader.language]
    return mailing.draw(desk, desk.library.live(conn), letter, reader)


def _letter(
    announcement: Announcement, broadcast_id: int, language: Language, enclosed: tuple[Document, ...]
) -> Letter:
    def said(words: Bilingual) -> Verbatim:
        return Verbatim(words.read_in(language).strip())

    purpose = announcement.purpose
    buttons: list[tuple[str, Line | Verbatim]] = [
        (marked(one.to, broadcast_id), said(one.label)) for one in announcement.buttons
    ]
    if purpose != "news":
        buttons.append((f"a:off:{purpose}", Line(OFF)))
    lines = (Line(OPENING), said(announcement.words), Line(CLOSING))
    return Letter(lines if purpose == "news" else lines[:2], tuple(buttons), enclosures=enclosed)


def _document(conn: Connection, content: str) -> Document:
    found = enclosures.document(conn, content)
    if found is None:
        raise LookupError(f"no enclosure {content}")
    return found
