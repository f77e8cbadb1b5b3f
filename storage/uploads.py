"""What a platform keeps of our own recordings, so that each is uploaded once for an account.

Never holds anything that a person sent or that is about one.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from storage.parts import Result
from storage.schema import uploaded
from storage.statement import Statement, given, inserting

_THIS = (uploaded.c.account == bindparam("whose"), uploaded.c.content == bindparam("named"))
_KNOWN = Statement(select(uploaded.c.ref).where(*_THIS))
_FORGET = Statement(delete(uploaded).where(*_THIS))
_REMEMBER = inserting(
    uploaded,
    lambda insert: insert.values(given("account", "content", "ref", "at")).on_conflict_do_update(
        index_elements=["account", "content"], set_={"ref": insert.excluded.ref, "at": insert.excluded.at}
    ),
)


def known(conn: Connection, account: str, content: str) -> str | None:
    """Tell what the account's platform calls these bytes; None when it has not seen them."""
    row = _KNOWN.one(conn, {"whose": account, "named": content})
    return None if row is None else str(row[0])


def note(conn: Connection, results: Iterable[Result], now: datetime) -> None:
    """Remember what was uploaded, and forget what a platform holds no longer."""
    for result in results:
        if (upload := result.upload) is None:
            continue
        account = result.row.account
        if upload.ref:
            cells = {"account": account, "content": upload.content, "ref": upload.ref, "at": now}
            _REMEMBER.run(conn, cells)
        else:
            _FORGET.run(conn, {"whose": account, "named": upload.content})
