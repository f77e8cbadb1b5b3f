"""A wrong answer made good: whoever was told it is sent once what is right when the quiet hours are over.

Never writes to somebody who wants to hear nothing by then, and never says twice what was said.
"""

from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from bot.core.book import Shelf
from bot.core.channel import Part, Rendered
from bot.core.faq import Entry, changed, saying
from bot.core.faq_page import answer
from bot.core.message import Line
from bot.core.schedule import PHNOM_PENH
from bot.core.unasked import Bar, barred, discreet
from bot.core.window import way
from bot.runner.forms import dump_part
from bot.runner.notice import Desk
from bot.runner.reach import reached
from bot.runner.render import Voice
from bot.runner.voices import sounds, told
from storage import answers, corrected, grants, outbox, people, standing
from storage.agenda import AgendaRow
from storage.corrected import Wrong
from storage.outbox import Draft, Lane
from storage.people import Person

Outcome = (
    Literal[
        "queued",
        "queued until they write",
        "told already",
        "queued already",
        "said today",
        "erased",
        "no channel",
    ]
    | Bar
)


def correct(conn: Connection, desk: Desk, wrong: Wrong, contact_id: int, now: datetime) -> Outcome:
    """Let one person be told after the quiet hours what is right then; or why not."""
    person = people.by_id(conn, desk.vault, contact_id)
    if person is None or person.erasing:
        return "erased"
    if (known := corrected.states(conn, wrong, contact_id).get(contact_id)) is not None:
        return "told already" if known == "told" else "queued already"
    shelf = _shelf(conn, desk)
    if _right(shelf, wrong, now) is None:
        return "said today"
    if (why := barred(person.contact)) is not None:
        return why
    person, due = reached(conn, person, desk.capabilities, "automatic", now), desk.quiet_hours.after(now)
    if _channel(person) not in desk.capabilities:
        return "no channel"
    corrected.wait(conn, wrong, contact_id, due, now)
    return "queued until they write" if _shut(conn, desk, person, due) else "queued"


def correct_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Say it, as it is today; who wants to hear nothing by now is left, to be told another time."""
    person = None if row.contact_id is None else people.by_id(conn, desk.vault, row.contact_id)
    if person is None or person.erasing:
        return
    wrong = corrected.of(row)
    if not _was_told(conn, wrong, person):
        return  # somebody new has the phone since, and nothing is left of who was
    if desk.quiet_hours.cover(now):
        corrected.wait(conn, wrong, person.contact.id, desk.quiet_hours.after(now), now)
        return
    shelf = _shelf(conn, desk)
    entry = _right(shelf, wrong, now)
    if entry is None or barred(person.contact) is not None:
        return
    person = reached(conn, person, desk.capabilities, "automatic", now)
    if _channel(person) in desk.capabilities:
        _say(conn, desk, shelf, entry, person, f"{corrected.CAUSE}{row.key}", now)


def still_said(shelf: Shelf, entry: Entry, version: str, now: datetime) -> bool:
    """Whether that version is what is asserted today."""
    return version == entry.version and not changed(shelf.live.faq, entry, _today(now), shelf.withdrawn)


def _say(  # noqa: PLR0913, PLR0917 - what, to whom, why and when
    conn: Connection, desk: Desk, shelf: Shelf, entry: Entry, person: Person, cause: str, now: datetime
) -> None:
    """Queue it; whoever is shown the words of today can be corrected again."""
    number, today = person.contact.id, _today(now)
    parts = _parts(conn, desk, _lines(shelf, entry, person, today), person)
    first = people.take_seq(conn, number, len(parts))
    drafts = [
        Draft(f"{cause}:{at}" if at else cause, Lane.REMINDER, dump_part(part))
        for at, part in enumerate(parts)
    ]
    outbox.add(conn, person, drafts, first_seq=first, now=now)
    if not discreet(person.contact):
        how = saying(shelf.live.faq, entry, today, shelf.withdrawn, sample=shelf.sample)
        answers.record(conn, number, entry.id, entry.version, how, now)


def _lines(shelf: Shelf, entry: Entry, person: Person, today: date) -> tuple[Line, ...]:
    """That the earlier answer was wrong, and what is right; to whom it must tell nothing, only to ask."""
    if discreet(person.contact):
        return (Line("faq.corrected-discreet"),)
    begins = Line("faq.corrected", {"question": Line(entry.question)})
    return (begins, *answer(shelf, entry, today))


def _parts(conn: Connection, desk: Desk, lines: tuple[Line, ...], person: Person) -> tuple[Part, ...]:
    live, language = desk.library.live(conn), person.contact.language
    voice = Voice(live.words, live.words, live.book, language, {})
    words = Rendered("\n\n".join(text for line in lines if (text := voice.say(line))))
    heard = sounds([line.id for line in lines], live, live, language)
    return told(words, heard, voice, desk.capabilities[_channel(person)], first=person.contact.listens)


def _shelf(conn: Connection, desk: Desk) -> Shelf:
    return desk.library.shelf(conn, desk.library.live(conn), (), sample=desk.sample)


def _right(shelf: Shelf, wrong: Wrong, now: datetime) -> Entry | None:
    """The entry, of which something else is said now; None when nothing else is."""
    entry = shelf.live.faq.entries.get(wrong.entry)
    return None if entry is None or still_said(shelf, entry, wrong.version, now) else entry


def _was_told(conn: Connection, wrong: Wrong, person: Person) -> bool:
    shown = answers.of_person(conn, person.contact.id)
    return any((one.entry, one.version) == (wrong.entry, wrong.version) for one in shown)


def _shut(conn: Connection, desk: Desk, person: Person, due: datetime) -> bool:
    """Whether the platform will let us say nothing then, as far as we know now: it waits until they write."""
    window = desk.capabilities[_channel(person)].window
    if window is None:
        return False
    stands, may = standing.of(conn, person.address_id), grants.of(conn, person.account)
    return way("automatic", "", stands, window, may, due) == "held"


def _channel(person: Person) -> str:
    return person.account.partition(":")[0]


def _today(now: datetime) -> date:
    return now.astimezone(PHNOM_PENH).date()
