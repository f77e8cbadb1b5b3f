"""Why an announcement can not go out as it is, in words for whoever writes it from a phone.

Never judges it.
"""

from collections.abc import Iterable

from bot.core.announcement import Fault
from bot.core.message import Line
from bot.runner.broadcasting import OPEN
from bot.runner.previewing import Preview


def told(faults: Iterable[Fault]) -> tuple[Line, ...]:
    """One line for each kind of fault."""
    lines = {
        one.kind: Line(f"phone.an-fault.{one.kind.replace(' ', '-')}", {"what": one.what}) for one in faults
    }
    return tuple(lines.values())


def standing(found: Preview) -> tuple[Fault, ...]:
    """What is in the way of one that may still go out; nothing once it is approved."""
    return found.faults if found.broadcast.state in OPEN else ()
