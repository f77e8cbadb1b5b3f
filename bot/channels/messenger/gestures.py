"""The small sign of a Page: that we are writing.

Never part of a conversation's guarantee: it is tried once, a failure is logged without words.
"""

from typing import Final, assert_never

import structlog

from bot.channels.channel import Gesture, TapGesture, TypingGesture
from bot.channels.messenger.graph import Graph, GraphTrouble

_log: Final = structlog.get_logger(__name__)


async def make_gesture(graph: Graph, page: str, gesture: Gesture) -> None:
    """Show it, best effort. A tap needs no answer here, and a message cannot be marked."""
    match gesture:
        case TapGesture():
            return
        case TypingGesture():
            if not gesture.address.isdigit():
                return
            sign = {"recipient": {"id": gesture.address}, "sender_action": "typing_on"}
            try:
                await graph.post(f"{page}/messages", sign)
            except GraphTrouble as error:
                _log.info("gesture.failed", account=f"messenger:{page}", error=type(error).__name__)
        case _:
            assert_never(gesture)
