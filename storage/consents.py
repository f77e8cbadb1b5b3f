"""Consents: one row per purpose each time the person says yes or no, with the text they saw.

Never changes or deletes a row: what counts now is the latest.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.schema import consent, contact
from storage.statement import Statement, given


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """`text`: the message id that was shown, in `release`."""

    purpose: str
    granted: bool
    text: str
    release: str
    language: str
    channel: str
    at: datetime


_RECORD = Statement(
    insert(consent).values(
        given("contact_id", "purpose", "granted", "text", "release", "version", "language", "channel", "at")
    )
)
_GRANTED = Statement(
    update(contact)
    .where(contact.c.id == bindparam("contact"))
    .values(given("consents", "declined", "changed_at"))
)
_OF = Statement(select(contact.c.consents, contact.c.declined).where(contact.c.id == bindparam("contact")))


def record(  # noqa: PLR0913, PLR0917 - one per column
    conn: Connection,
    contact_id: int,
    purpose: str,
    granted: bool,  # noqa: FBT001 - a column
    text: str,
    release: str,
    language: str,
    channel: str,
    now: datetime,
    *,
    version: str = "",
) -> None:
    """Write a yes or no down, and bring what is granted now up to date. `version`: of the words shown."""
    said = {"purpose": purpose, "granted": granted, "text": text, "release": release, "version": version}
    shown = {"language": language, "channel": channel, "at": now}
    _RECORD.run(conn, {"contact_id": contact_id, **said, **shown})
    yes, no = (one - {purpose} for one in _now(conn, contact_id))
    answered = ((yes | {purpose}), no) if granted else (yes, no | {purpose})
    consents, declined = (" ".join(sorted(one)) for one in answered)
    cells = {"contact": contact_id, "consents": consents, "declined": declined, "changed_at": now}
    _GRANTED.run(conn, cells)


def note(  # noqa: PLR0913, PLR0917 - one per column
    conn: Connection,
    contact_id: int,
    purpose: str,
    text: str,
    release: str,
    language: str,
    channel: str,
    now: datetime,
) -> None:
    """Write down a yes that holds for once: it is not granted from then on."""
    said = {"purpose": purpose, "granted": True, "text": text, "release": release, "version": ""}
    shown = {"language": language, "channel": channel, "at": now}
    _RECORD.run(conn, {"contact_id": contact_id, **said, **shown})


def of(conn: Connection, contact_id: int) -> frozenset[str]:
    """Read what is granted now."""
    return _now(conn, contact_id)[0]


def _now(conn: Connection, contact_id: int) -> tuple[frozenset[str], frozenset[str]]:
    """The purposes granted, and those declined."""
    row = _OF.one(conn, {"contact": contact_id})
    return (
        (frozenset(), frozenset()) if row is None else (frozenset(row[0].split()), frozenset(row[1].split()))
    )


def version(words: str) -> str:
    """Name the words of a text, so that a change shows."""
    return sha256(words.encode()).hexdigest()[:8]


def standing(conn: Connection) -> dict[tuple[str, str, str, str], int]:
    """Count the consents that stand, by purpose and the text, language and version that were shown."""
    last = select(func.max(consent.c.id)).group_by(consent.c.contact_id, consent.c.purpose)
    shown = (consent.c.purpose, consent.c.text, consent.c.language, consent.c.version)
    counted = select(*shown, func.count()).where(consent.c.id.in_(last), consent.c.granted).group_by(*shown)
    return {(row[0], row[1], row[2], row[3]): row[4] for row in conn.execute(counted)}


def history(conn: Connection, contact_id: int) -> list[ConsentRow]:
    """Read every yes and no, the oldest first."""
    cells = (consent.c.purpose, consent.c.granted, consent.c.text, consent.c.release)
    shown = (consent.c.language, consent.c.channel, consent.c.at)
    said = select(*cells, *shown).where(consent.c.contact_id == contact_id).order_by(consent.c.id)
    return [ConsentRow(*row) for row in conn.execute(said)]
