"""Consents: one row per purpose each time the person says yes or no, with the text they saw.

Never changes or deletes a row: what counts now is the latest.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

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
        given("contact_id", "purpose", "granted", "text", "release", "language", "channel", "at")
    )
)
_GRANTED = Statement(
    update(contact).where(contact.c.id == bindparam("contact")).values(given("consents", "changed_at"))
)
_OF = Statement(select(contact.c.consents).where(contact.c.id == bindparam("contact")))


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
) -> None:
    """Write a yes or no down, and bring what is granted now up to date."""
    said = {"purpose": purpose, "granted": granted, "text": text, "release": release}
    shown = {"language": language, "channel": channel, "at": now}
    _RECORD.run(conn, {"contact_id": contact_id, **said, **shown})
    granted_now = of(conn, contact_id) - {purpose} | ({purpose} if granted else set())
    _GRANTED.run(conn, {"contact": contact_id, "consents": " ".join(sorted(granted_now)), "changed_at": now})


def of(conn: Connection, contact_id: int) -> frozenset[str]:
    """Read what is granted now."""
    row = _OF.one(conn, {"contact": contact_id})
    return frozenset(row[0].split()) if row is not None else frozenset()


def history(conn: Connection, contact_id: int) -> list[ConsentRow]:
    """Read every yes and no, the oldest first."""
    cells = (consent.c.purpose, consent.c.granted, consent.c.text, consent.c.release)
    shown = (consent.c.language, consent.c.channel, consent.c.at)
    said = select(*cells, *shown).where(consent.c.contact_id == contact_id).order_by(consent.c.id)
    return [ConsentRow(*row) for row in conn.execute(said)]
