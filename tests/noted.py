"""Somebody of Pursat who answered the sample script by voice notes, straight in a store."""

from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from sqlalchemy import Connection, insert

from bot import scripts
from bot.core import answers
from bot.core import session as sessions
from bot.core.answers import Heard
from bot.core.contact import Address
from bot.core.session import Session, Submission
from bot.runner.publishing import publish
from storage import media, people, submissions
from storage.people import Person
from storage.schema import casefile
from storage.seal import Vault
from tests.scripts import sample
from tests.sound import opus

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
ASKED = {"age": "S0", "home": "S1", "years": "S1", "needs": "S2"}  # fields of the sample's intake


@dataclass(frozen=True, slots=True)
class Noted:
    """`notes`: media ids by field, `""` for one that answered nothing."""

    contact: int
    notes: dict[str, int]


def somebody(conn: Connection, vault: Vault, *, restricted: bool = False, external: str = "5") -> Noted:
    """Every field of ASKED answered by a voice note, and one note more."""
    files = sample.files_of(sample.SCRIPTS)
    digest = scripts.digest(files)
    publish(conn, digest, files, NOON)
    person = people.greet(conn, vault, Address("telegram:7001", external), "km", NOON)
    submissions.open_(conn, person, 1, "intake", digest, NOON)
    given = {(field, 0): Heard(f"note-{field}") for field in ASKED}
    session = Session(submissions=(Submission(1, "intake", opened=True, answers=given),), turn=5)
    people.save(conn, person, orjson.dumps(sessions.dump(session)), 0, None, now=NOON)
    notes = {field: _note(conn, person, field, restricted=restricted) for field in ("", *ASKED)}
    cells = {"contact_id": person.contact.id, "kind": "person", "centre": "pursat", "state": "open"}
    conn.execute(insert(casefile).values(**cells, opened_at=NOON, restricted=restricted))
    return Noted(person.contact.id, notes)


def _note(conn: Connection, person: Person, field: str, *, restricted: bool) -> int:
    if field:
        value = orjson.dumps(answers.dump(Heard(f"note-{field}")))
        submissions.save_answer(
            conn,
            person,
            1,
            field,
            0,
            value,
            sensitivity=ASKED[field],
            coarse=None,
            node=f"intake.{field}",
            now=NOON,
            how="heard",
        )
    number = media.want(
        conn,
        person,
        ref=f"note-{field}",
        kind="voice",
        mime="audio/ogg",
        size=3000,
        now=NOON,
        submission_no=1 if field else None,
        field=field or None,
        restricted=restricted,
    )
    media.fill(conn, person.key, number, opus(4), NOON)
    return number
