"""Blind look-ups: people become findable by phone or name without the store knowing either.

Never stores a clear word, and never folds or guesses: callers give texts in their one normal form.
"""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import Connection, delete, insert

from storage.schema import contact_lookup
from storage.seal import Vault

Kind = Literal["phone", "phone6", "name"]  # E.164 · its last six digits · one folded word


def index(conn: Connection, vault: Vault, contact_id: int, kind: Kind, texts: Iterable[str]) -> None:
    """Make a person findable by these texts of a kind, and by no others."""
    mine = (contact_lookup.c.contact_id == contact_id, contact_lookup.c.kind == kind)
    conn.execute(delete(contact_lookup).where(*mine))
    blinds = {vault.blind(kind, text) for text in texts}
    rows = [{"contact_id": contact_id, "kind": kind, "blind": blind} for blind in blinds]
    if rows:
        conn.execute(insert(contact_lookup), rows)
