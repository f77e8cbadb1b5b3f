"""Voice notes of a complaint: held under the one who speaks, then sealed anew under whom the complaint is of.

Never leaves a copy behind, and never looks inside.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from storage import media
from storage.media import PIECE, REF
from storage.people import Person
from storage.schema import media as files
from storage.schema import media_chunk


def hand_over(  # noqa: PLR0913, PLR0917 - whose becomes whose, as the answer to what
    conn: Connection,
    speaker: Person,
    holder: Person,
    ref: str,
    submission_no: int,
    field: str,
    index: int,
    at: datetime,
) -> None:
    """Move the held file of a platform's handle to the holder's answer."""
    held = select(files).where(
        files.c.contact_id == speaker.contact.id, files.c.state == "held", files.c.restricted
    )
    for row in conn.execute(held.order_by(files.c.id)).all():
        if speaker.key.open(REF, str(speaker.contact.id), row.ref).decode() == ref:
            number = media.want(
                conn,
                holder,
                ref=ref,
                kind=row.kind,
                mime=row.mime,
                size=row.size,
                now=at,
                submission_no=submission_no,
                field=field,
                index=index,
                restricted=True,
            )
            _move(conn, speaker, holder, row.id, number, at)


def _move(conn: Connection, speaker: Person, holder: Person, old: int, new: int, at: datetime) -> None:
    sealed = select(media_chunk.c.idx, media_chunk.c.sealed).where(media_chunk.c.media_id == old)
    pieces = [
        speaker.key.open(PIECE, f"{old}/{row.idx}", row.sealed)
        for row in conn.execute(sealed.order_by(media_chunk.c.idx)).all()
    ]
    conn.execute(delete(media_chunk).where(media_chunk.c.media_id == old))
    conn.execute(delete(files).where(files.c.id == old))
    if pieces:
        media.fill(conn, holder.key, new, b"".join(pieces), at)
