"""Pictures and recordings of ours that go to many: kept once under the name of their bytes, nobody's secret.

Never holds anything that a person sent or that is about one, and never judges the bytes.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bot.core.channel import Document
from bot.core.enclosing import Enclosure
from storage.schema import enclosure
from storage.statement import Statement, given, inserting

_KEEP = inserting(
    enclosure,
    lambda insert: insert.values(
        given("content", "kind", "mime", "name", "bytes", "at")
    ).on_conflict_do_update(index_elements=["content"], set_={"at": insert.excluded.at}),
)
_GET = Statement(
    select(
        enclosure.c.content, enclosure.c.kind, enclosure.c.mime, enclosure.c.name, enclosure.c.bytes
    ).where(enclosure.c.content == bindparam("named"))
)

_NAMED = Statement(
    select(enclosure.c.name, enclosure.c.mime).where(enclosure.c.content == bindparam("named"))
)


def put(conn: Connection, one: Enclosure, now: datetime) -> None:
    """Keep it, once; what is given again is as new, so that no purge takes it from under an announcement."""
    cells = {"content": one.content, "kind": one.kind, "mime": one.mime, "name": one.name}
    _KEEP.run(conn, {**cells, "bytes": one.body, "at": now})


def get(conn: Connection, content: str) -> Enclosure | None:
    """Read one; None when nothing of that name is kept."""
    row = _GET.one(conn, {"named": content})
    return None if row is None else Enclosure(*row)


def document(conn: Connection, content: str) -> Document | None:
    """How a part names it, without its bytes; None when nothing of that name is kept."""
    row = _NAMED.one(conn, {"named": content})
    return None if row is None else Document(0, row[0], row[1], content=content)
