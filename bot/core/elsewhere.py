"""A person who writes from several addresses: what is known of one place alone goes with it.

Never lets one phone open what another has shut.
"""

from dataclasses import replace
from datetime import datetime

from bot.core.book import Book
from bot.core.session import Elsewhere, Frame, Session


def came_to(live: Book, session: Session, address: int) -> Session:
    """The session as it stands at an address: whether nobody knows who writes there, and since when.

    A gate that was shut elsewhere stays behind, with all above it; what was said at it is forgotten.
    """
    if session.address in {0, address}:
        return session if session.address == address else replace(session, address=address)
    known = {one.address: one for one in session.elsewhere}
    there = known.pop(address, None) or Elsewhere(address)
    known[session.address] = Elsewhere(session.address, session.seen_at, session.locked, session.unkept)
    return replace(
        session,
        frames=_below_gate(live, session.frames),
        address=address,
        elsewhere=tuple(known.values()),
        seen_at=there.seen_at,
        locked=there.locked,
        unkept=there.unkept,
        held=None,
        held_at=None,
        answered_by="",  # platform ids: each chat counts its own
        album="",
    )


def unkept_at(session: Session, address: int) -> tuple[tuple[str, datetime], ...]:
    """What `Session.unkept` says of an address."""
    if address == session.address or not session.address:
        return session.unkept
    return next((one.unkept for one in session.elsewhere if one.address == address), ())


def _below_gate(live: Book, frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
    at = next((depth for depth, frame in enumerate(frames) if frame.dialog == live.who), None)
    if at is None:
        return frames
    below = frames[:at]
    return (*below[:-1], replace(below[-1], asked=False)) if below else ()
