"""What a process does of all there is to do; on PostgreSQL any number of processes do each.

Never decides how.
"""

from enum import StrEnum


class Role(StrEnum):
    """INGEST: webhooks, web chat, polling. DISPATCH: sending. TICK: everything that happens later."""

    INGEST = "ingest"
    DISPATCH = "dispatch"
    TICK = "tick"


Roles = frozenset[Role]
ALL: Roles = frozenset(Role)
EVERYTHING = "all"


def read(written: str) -> Roles | None:
    """Read `all`, or names with commas between them; None when a name is unknown."""
    names = frozenset(name.strip() for name in written.split(","))
    if names == {EVERYTHING}:
        return ALL
    known = {role.value for role in Role}
    return frozenset(Role(name) for name in names) if names <= known else None
