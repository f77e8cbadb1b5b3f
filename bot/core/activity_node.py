"""What the script says of the pages of activities: where they lead, and what else their buttons are called.

Never knows what a page shows.
"""

from collections.abc import Mapping

from bot.core.asking import Asked
from bot.core.dialog import ActivitiesNode


def leads(asked: Asked) -> Mapping[str, str]:
    """Where these pages lead besides → the dialog, of the live Release."""
    return _live(asked).leads


def phrases(asked: Asked) -> Mapping[str, tuple[str, ...]]:
    """A button → what else it is called, of the live Release."""
    return _live(asked).phrases


def _live(asked: Asked) -> ActivitiesNode:
    dialog = asked.live.dialogs.get(asked.live.activities)
    node = dialog.nodes.get(dialog.start, asked.node) if dialog else asked.node
    return node.kind if isinstance(node.kind, ActivitiesNode) else ActivitiesNode()
