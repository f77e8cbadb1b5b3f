"""A voice note written out by staff: kept sealed, and the field that it answered filled with what it says.

Never changes what the person answered themselves since.
"""

from datetime import datetime

import orjson
from sqlalchemy import Connection

from bot.core import session as sessions
from bot.core.session import Session
from bot.core.transcript import Filled, Note, Superseded, Unread, transcribe
from bot.runner import answers
from bot.runner.library import Library
from storage import audit, listening, media, people, submissions
from storage.listening import NoteRow
from storage.people import Person
from storage.seal import Vault
from storage.staff import Scope


def write_out(  # noqa: PLR0913, PLR0917 - what a member of staff's deed takes
    conn: Connection,
    vault: Vault,
    library: Library,
    scope: Scope,
    note: NoteRow,
    words: str,
    now: datetime,
    *,
    fill: bool,
) -> Filled | Unread | Superseded | None:
    """Keep the words of a note; `fill`: the answer too, unless the words are none (then nothing is kept).

    None: only the words were kept.
    """
    person = people.by_id(conn, vault, note.contact_id)
    if person is None or person.erasing:
        return Superseded()
    filled = _filled(conn, vault, library, person, note, words, now) if fill else None
    if isinstance(filled, Unread | Superseded):
        return filled
    listening.put_words(conn, person, note.id, words)
    listening.mark(conn, note.id, scope.staff_id or None, now)
    audit.record(conn, scope.staff_id or None, "media.transcribe", f"media {note.id}", now)
    return filled


def _filled(  # noqa: PLR0913, PLR0917 - as above
    conn: Connection,
    vault: Vault,
    library: Library,
    person: Person,
    note: NoteRow,
    words: str,
    now: datetime,
) -> Filled | Unread | Superseded:
    asked = _asked(conn, vault, person, note)
    if asked is None or person.damaged:
        return Superseded()
    session = sessions.load(orjson.loads(person.session)) if person.session else Session()
    live = library.live(conn)
    shelf = library.shelf(conn, live, {*sessions.releases(session), note.release})
    filled = transcribe(shelf, person.contact, session, asked, words, now)
    if isinstance(filled, Filled):
        answers.keep(conn, vault, person, filled.saved, now, how="transcribed")
        body = orjson.dumps(sessions.dump(filled.session))
        walked = sessions.releases(filled.session)
        people.save(conn, person, body, person.seq, session.wake_at, releases=walked, now=now)
    return filled


def _asked(conn: Connection, vault: Vault, person: Person, note: NoteRow) -> Note | None:
    """The question that the note answered, as its row remembers it."""
    row = next((one for one in media.of_person(conn, vault, note.contact_id) if one.id == note.id), None)
    answer = next(
        (
            one
            for one in submissions.answers_of(conn, person.key, person.contact.id)
            if (one.no, one.field, one.index) == (note.submission, note.field, note.index)
        ),
        None,
    )
    if row is None or answer is None:
        return None
    return Note(row.ref, note.release, answer.node, answer.no, answer.field, answer.index)
