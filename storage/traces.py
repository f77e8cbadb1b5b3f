"""What a platform still shows of a person: its own ids of our messages and of theirs.

Never reads a word of them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage.faults import DamagedCell
from storage.inbox import MESSAGE as CAME
from storage.parts import MESSAGE as WENT
from storage.schema import account, contact, inbox, outbox
from storage.seal import DataKey, Vault


def messages(
    conn: Connection, vault: Vault, contact_id: int, account_name: str, *, before: int, since: datetime
) -> list[str]:
    """List the platform's ids of a person's messages in one account since then, both sides'.

    `before`: only parts whose number is lower. A cell that does not open is left out.
    """
    wrapped = conn.scalar(select(contact.c.data_key).where(contact.c.id == contact_id))
    if wrapped is None:
        return []
    key = vault.unwrap(wrapped)
    there = select(account.c.id).where(account.c.name == account_name).scalar_subquery()
    came = select(inbox.c.key, inbox.c.message).where(
        inbox.c.contact_id == contact_id, inbox.c.account_id == there, inbox.c.now >= since
    )
    went = select(outbox.c.cause, outbox.c.message).where(
        outbox.c.contact_id == contact_id,
        outbox.c.account_id == there,
        outbox.c.seq < before,
        outbox.c.sent_at >= since,
    )
    theirs = [_opened(key, CAME, row.key.hex(), row) for row in conn.execute(came.order_by(inbox.c.id))]
    ours = [_opened(key, WENT, row.cause, row) for row in conn.execute(went.order_by(outbox.c.seq))]
    return [message for told in (*theirs, *ours) for message in told]


def _opened(key: DataKey, where: str, natural: str, row: Any) -> list[str]:  # noqa: ANN401 - a row with a message
    """The ids that a cell holds: a part may have taken several messages."""
    if not row.message:
        return []
    try:
        return key.open(where, natural, row.message).decode().split()
    except DamagedCell:
        return []
