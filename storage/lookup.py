"""Blind look-ups: people become findable by phone or name without the store knowing either.

Never stores a clear word, and never folds or guesses: callers give texts in their one normal form.
"""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, insert

from storage.schema import contact_lookup
from storage.seal import Vault
from storage.statement import Statement, given

Kind = Literal["phone", "phone6", "name"]  # E.164 · its last six digits · one folded word

_FORGET = Statement(
    delete(contact_lookup).where(
        contact_lookup.c.contact_id == bindparam("contact"), contact_lookup.c.kind == bindparam("of")
    )
)
_KEEP = Statement(insert(contact_lookup).values(given("contact_id", "kind", "blind")))


def index(conn: Connection, vault: Vault, contact_id: int, kind: Kind, texts: Iterable[str]) -> None:
    """Make a person findable by these texts of a kind, and by no others."""
    _FORGET.run(conn, {"contact": contact_id, "of": kind})
    blinds = {vault.blind(kind, text) for text in texts}
    rows = [{"contact_id": contact_id, "kind": kind, "blind": blind} for blind in blinds]
    if rows:
        _KEEP.many(conn, rows)
