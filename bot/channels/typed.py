"""What somebody typed: words, or a command where the platform itself knows of none.

Never knows which commands there are: what leads nowhere leads to the menu, as it does everywhere.
"""

import re

from bot.core.events import Body, Command, Start, Text

_COMMAND = re.compile(r"/([A-Za-z][A-Za-z0-9_]{0,31})(?:\s+(.*))?", re.DOTALL)
_START = "start"
_LINK = re.compile(r"[A-Za-z0-9_-]{0,64}")  # what a link can carry; anything else is no part of one


def typed(text: str, message: str) -> Body:
    """`/fairs`, `/stop fairs` and `/start` as platforms with commands tell of them; else words."""
    found = _COMMAND.fullmatch(text.strip())
    if found is None:
        return Text(text, message)
    name, argument = found[1].lower(), (found[2] or "").strip()
    if name == _START:
        return Start(argument if _LINK.fullmatch(argument) else "", message=message)
    return Command(name, argument, message)
