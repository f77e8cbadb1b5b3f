"""Which choices bind whoever makes them, and so are made by a tap or the exact words alone.

Never reads what was typed (`reading` does).
"""

from bot.core.actions import Consent, Ease, MyData, Stop, Subscribe
from bot.core.dialog import Choice, Node


def binding(choice: Choice) -> bool:
    """Whether it consents, follows, stops, erases or ends an alarm: never taken by a slip or a voice note."""
    return any(isinstance(action, Consent | Ease | MyData | Stop | Subscribe) for action in choice.do)


def guarded(node: Node, choices: tuple[Choice, ...]) -> frozenset[str]:
    """What no slip takes: what is sensitive or binds, and beside following also its no."""
    follows = any(isinstance(action, Subscribe) for choice in choices for action in choice.do)
    careful = node.sensitivity == "S2" or follows
    return frozenset(choice.key for choice in choices if careful or binding(choice))
