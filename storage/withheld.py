"""Whether a part may go to its address now, or waits until we know that the person is there.

Never sends, and never asks whether a platform's window is open.
"""

from sqlalchemy import Connection, and_, bindparam, exists, or_, select, update

from storage.parts import ABSENT
from storage.schema import contact, contact_address, outbox
from storage.statement import Statement, fixed

_link, _whose = contact_address.alias("its_link"), contact.alias("its_person")
_here = (_link.c.contact_id == outbox.c.contact_id, _link.c.address_id == outbox.c.address_id)

THEIRS = exists().where(*_here, _link.c.current)
"""The address of a part is the person's now."""

WITHHELD = ~exists().where(
    *_here,
    _link.c.current,
    _whose.c.id == _link.c.contact_id,
    or_(outbox.c.lane == fixed(0), and_(~_link.c.shut, ~_whose.c.hidden)),
)
"""A part that must wait: its address is somebody else's, or it is no reply to what was said, and the person
hid the chat or nobody knows who is writing there."""

_PART = Statement(select(outbox.c.id).where(outbox.c.id == bindparam("part"), WITHHELD))
_HOLD = Statement(
    update(outbox)
    .where(outbox.c.contact_id == bindparam("contact"), outbox.c.state == fixed("queued"), WITHHELD)
    .values(state=fixed("held"), reason=fixed(ABSENT))
)


def part(conn: Connection, part_id: int) -> bool:
    """Tell of one part; their session must be locked, so that no gate shuts meanwhile."""
    return _PART.one(conn, {"part": part_id}) is not None


def hold(conn: Connection, contact_id: int) -> None:
    """Keep back what waits for a person and must, wherever it goes."""
    _HOLD.run(conn, {"contact": contact_id})
