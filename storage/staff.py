"""Staff, their roles per centre, and the one question of what each may do.

Never reads a case or a conversation: those ask `may` with the Scope made here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast, get_args

from sqlalchemy import Connection, insert, select, update

from storage.schema import staff, staff_centre

Role = Literal["viewer", "caseworker", "safeguarding", "broadcaster", "approver", "editor", "admin"]
Action = Literal[
    "case.read",
    "case.write",
    "conversation.read",
    "conversation.reply",
    "contact.export",
    "contact.erase",
    "broadcast.draft",
    "broadcast.approve",
    "activity.attend",  # who comes to a fair, by name
    "script.edit",
    "staff.manage",
    "audit.read",
]
EVERYWHERE = "*"

_CASES: frozenset[Action] = frozenset(
    {"case.read", "case.write", "conversation.read", "conversation.reply", "contact.export"}
)
OF_PEOPLE: frozenset[Action] = _CASES | {"contact.erase"}  # the rest is of the installation
ALLOWED: dict[Role, frozenset[Action]] = {
    "viewer": frozenset({"case.read"}),  # states and numbers, never words
    "caseworker": _CASES | {"activity.attend"},
    "safeguarding": _CASES | {"activity.attend"},  # and nobody else: what is restricted
    "broadcaster": frozenset({"broadcast.draft", "activity.attend"}),
    "approver": frozenset({"broadcast.draft", "broadcast.approve", "activity.attend"}),
    "editor": frozenset({"script.edit"}),
    "admin": frozenset(get_args(Action)),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a centre, or everywhere."""

    role: Role
    centre: str = EVERYWHERE

    def allows(self, action: Action, *, restricted: bool) -> bool:
        """Tell whether the role may do this at its centre."""
        return action in ALLOWED[self.role] and (not restricted or self.role == "safeguarding")


@dataclass(frozen=True, slots=True)
class Scope:
    """What one member of staff may see and do."""

    staff_id: int
    name: str
    grants: frozenset[Grant]


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff."""

    id: int
    name: str
    disabled: bool
    grants: frozenset[Grant]


def may(scope: Scope, action: Action, centre: str | None, *, restricted: bool = False) -> bool:
    """Tell whether they may do this to a thing of this centre.

    `centre` None: a case or person without centre yet is everybody's; else it means the whole installation.
    """
    within = reach(scope, action, restricted=restricted)
    if within is None:
        return True
    return centre in within if centre is not None else bool(within) and action in OF_PEOPLE


def reach(scope: Scope, action: Action, *, restricted: bool) -> frozenset[str] | None:
    """List the centres where they may do this; None means everywhere."""
    within = {grant.centre for grant in scope.grants if grant.allows(action, restricted=restricted)}
    return None if EVERYWHERE in within else frozenset(within)


def add(conn: Connection, name: str, grants: Iterable[Grant], now: datetime) -> int | None:
    """Add a member of staff; None when the name is taken."""
    if conn.scalar(select(staff.c.id).where(staff.c.name == name)) is not None:
        return None
    made = insert(staff).values(name=name, created_at=now).returning(staff.c.id)
    staff_id = cast("int", conn.scalar(made))
    for one in grants:
        _give(conn, staff_id, one)
    return staff_id


def grant(conn: Connection, name: str, given: Grant) -> bool:
    """Give somebody one more role at a centre; False when there is no such name."""
    staff_id = conn.scalar(select(staff.c.id).where(staff.c.name == name))
    if staff_id is not None:
        _give(conn, staff_id, given)
    return staff_id is not None


def list_(conn: Connection) -> list[StaffRow]:
    """List everybody by name."""
    everybody = conn.execute(select(staff.c.id, staff.c.name, staff.c.disabled).order_by(staff.c.name)).all()
    return [StaffRow(row.id, row.name, row.disabled, grants_of(conn, row.id)) for row in everybody]


def names(conn: Connection) -> list[str]:
    """List the short names of everybody, also of those who left."""
    return list(conn.scalars(select(staff.c.name).order_by(staff.c.name)))


def name_of(conn: Connection, staff_id: int) -> str:
    """Tell what somebody is called; empty for nobody."""
    return conn.scalar(select(staff.c.name).where(staff.c.id == staff_id)) or ""


def disable(conn: Connection, name: str) -> int | None:
    """Shut somebody out, of their duty too; their id, None when there is no such name.

    Their cases are theirs still: `desk.dismiss` gives them back.
    """
    staff_id = conn.scalar(select(staff.c.id).where(staff.c.name == name))
    if staff_id is None:
        return None
    gone = update(staff).where(staff.c.id == staff_id)
    conn.execute(gone.values(disabled=True, code=None, code_until=None))
    return cast("int", staff_id)


def scope(conn: Connection, name: str) -> Scope | None:
    """Read what somebody may see; None for an unknown or disabled name."""
    known = select(staff.c.id).where(staff.c.name == name, staff.c.disabled.is_(False))
    staff_id = conn.scalar(known)
    return None if staff_id is None else Scope(staff_id, name, grants_of(conn, staff_id))


def grants_of(conn: Connection, staff_id: int) -> frozenset[Grant]:
    """Read the roles of a member of staff."""
    theirs = select(staff_centre.c.role, staff_centre.c.centre).where(staff_centre.c.staff_id == staff_id)
    return frozenset(Grant(cast("Role", row.role), row.centre) for row in conn.execute(theirs))


def _give(conn: Connection, staff_id: int, given: Grant) -> None:
    if given not in grants_of(conn, staff_id):
        conn.execute(insert(staff_centre).values(staff_id=staff_id, centre=given.centre, role=given.role))
