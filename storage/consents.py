"""Consents: one row per purpose each time the person says yes or no, with the text they saw.

Never changes or deletes a row: what counts now is the latest.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from storage.schema import consent, contact


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
    given = {"purpose": purpose, "granted": granted, "text": text, "release": release}
    shown = {"language": language, "channel": channel, "at": now}
    conn.execute(insert(consent).values(contact_id=contact_id, **given, **shown))
    granted_now = of(conn, contact_id) - {purpose} | ({purpose} if granted else set())
    kept = update(contact).where(contact.c.id == contact_id)
    conn.execute(kept.values(consents=" ".join(sorted(granted_now)), changed_at=now))


def of(conn: Connection, contact_id: int) -> frozenset[str]:
    """Read what is granted now."""
    granted = conn.scalar(select(contact.c.consents).where(contact.c.id == contact_id))
    return frozenset((granted or "").split())


def history(conn: Connection, contact_id: int) -> list[ConsentRow]:
    """Read every yes and no, the oldest first."""
    cells = (consent.c.purpose, consent.c.granted, consent.c.text, consent.c.release)
    shown = (consent.c.language, consent.c.channel, consent.c.at)
    said = select(*cells, *shown).where(consent.c.contact_id == contact_id).order_by(consent.c.id)
    return [ConsentRow(*row) for row in conn.execute(said)]
