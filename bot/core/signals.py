"""What follows from signals that the person did not send: of the agenda, of the platform, of staff elsewhere.

Never asks a menu again, nor anything where others may read it.
"""

from bot.core.effects import ChatPaused, ReachChanged, Turn
from bot.core.events import Event, Interrupted, LeftToUs, Reachable, WaitExpired, WrittenElsewhere
from bot.core.privacy import inside
from bot.core.walk import Walk
from bot.core.who import locked


def followed(event: Event, walk: Walk) -> Turn:
    """What the signal leads to, for a person who stands where `walk` begins."""
    session = walk.before
    match event.body:
        case Reachable(reachable):
            return Turn(session, (ReachChanged(reachable),))
        case WrittenElsewhere() | LeftToUs():
            return Turn(session, (ChatPaused(isinstance(event.body, WrittenElsewhere)),))
        case WaitExpired(turn) if turn == session.turn and session.frames and session.wake_at is not None:
            return _expired(walk)
        case Interrupted(turn) if turn == session.turn and session.frames and session.wake_at is not None:
            return _asked_again(walk)
        case _:
            return Turn(session)


def _expired(walk: Walk) -> Turn:
    """One gentle reminder; after the second silence the session rests and a person may look."""
    walk.settle()
    if not walk.nudged and walk.may_nudge():
        walk.nudge()
        return Turn(walk.finish(), tuple(walk.effects))
    walk.wake_at, walk.nudged = None, True
    walk.drop_private()
    for number in walk.unfinished():
        walk.open_case("unfinished", number)
    return Turn(walk.finish(), tuple(walk.effects))


def _asked_again(walk: Walk) -> Turn:
    """The question that waits, below what came unasked: with the same buttons, and waiting no longer."""
    before, who = walk.before, walk.contact
    if who.discreet or locked(before, who, walk.now) or inside(walk.shelf, before):
        return Turn(before)
    walk.settle()
    if not walk.frames or not walk.frame.asked or not walk.may_nudge() or walk.current[1].stays:
        return Turn(before)
    walk.ask(aloud=False)
    walk.wake_at, walk.nudged = before.wake_at, before.nudged
    return Turn(walk.finish(), tuple(walk.effects))
