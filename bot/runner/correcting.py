"""A wrong answer made good: whoever was shown it is sent once what is right now.

Never writes to somebody who wants to hear nothing, and never says twice what was said.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import orjson
from sqlalchemy import Connection

from bot.core import session as sessions
from bot.core.book import Shelf
from bot.core.channel import Capabilities, Part, Rendered
from bot.core.faq import Entry
from bot.core.faq_page import answer
from bot.core.message import Line
from bot.core.schedule import PHNOM_PENH, QuietHours
from bot.core.session import Session
from bot.core.unasked import Bar, barred
from bot.runner.forms import dump_part
from bot.runner.notice import Desk
from bot.runner.reach import reached
from bot.runner.render import Voice
from bot.runner.voices import sounds, told
from bot.scripts import Release
from storage import answers, outbox, people
from storage.outbox import Draft, Lane
from storage.people import Person

Outcome = Literal["queued", "erased", "no channel"] | Bar


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is corrected: an entry as it was in `version`."""

    entry: Entry
    version: str


def correct(  # noqa: PLR0913, PLR0917 - what, to whom, when
    conn: Connection,
    desk: Desk,
    shelf: Shelf,
    wrong: Wrong,
    contact_id: int,
    quiet: QuietHours,
    now: datetime,
) -> Outcome:
    """Queue for one person what is right now, to leave after the quiet hours; or why it is not queued."""
    person = people.by_id(conn, desk.vault, contact_id)
    if person is None or person.erasing:
        return "erased"
    session = sessions.load(orjson.loads(person.session)) if person.session else Session()
    if (why := barred(shelf.live, person.contact, session, now)) is not None:
        return why
    person = reached(conn, person, desk.capabilities, "automatic", now)
    capabilities = desk.capabilities.get(person.account.partition(":")[0])
    if capabilities is None:
        return "no channel"
    lines = _lines(shelf, wrong.entry, person, now)
    parts = _said(desk.library.live(conn), lines, person, capabilities)
    stem = f"corrected:{wrong.entry.id}:{wrong.version}:{contact_id}"
    first, leaves = people.take_seq(conn, contact_id, len(parts)), quiet.after(now)
    drafts = [
        Draft(f"{stem}:{at}" if at else stem, Lane.REMINDER, dump_part(part), not_before=leaves)
        for at, part in enumerate(parts)
    ]
    outbox.add(conn, person, drafts, first_seq=first, now=now)
    answers.corrected(conn, contact_id, wrong.entry.id, wrong.version, now)
    return "queued"


def _lines(shelf: Shelf, entry: Entry, person: Person, now: datetime) -> tuple[Line, ...]:
    """That the earlier answer was wrong, and what is right; to whom it must tell nothing, only to ask."""
    if person.contact.discreet:
        return (Line("faq.corrected-discreet"),)
    today = now.astimezone(PHNOM_PENH).date()
    begins = Line("faq.corrected", {"question": Line(entry.question)})
    return (begins, *answer(shelf, entry, today))


def _said(
    live: Release, lines: tuple[Line, ...], person: Person, capabilities: Capabilities
) -> tuple[Part, ...]:
    language = person.contact.language
    voice = Voice(live.words, live.words, live.book, language, {})
    words = Rendered("\n\n".join(text for line in lines if (text := voice.say(line))))
    heard = sounds([line.id for line in lines], live, live, language)
    return told(words, heard, voice, capabilities, first=person.contact.listens)
