"""Our name on a message (`metadata`), which its echo shows us again.

Never holds anything of a person: the name is an internal number.

Another app or the staff's inbox may write as the same Page. What we sent is known by the sign before the
name; a message that goes ahead of the one with the words (a file before its text) is ours, but settles
nothing.
"""

import re
from typing import Final

from bot.channels.messenger.capabilities import METADATA_MAX

_SIGN: Final = "spean"
_OURS: Final = re.compile(r"spean(?:([:+])([!-~]*))?")


def metadata(name: str, *, last: bool = True) -> str:
    """What goes into `metadata`. `name`: ASCII without spaces, "" for none. `last`: it carries the words."""
    return f"{_SIGN}{':' if last else '+'}{name}"[:METADATA_MAX]


def name_of(given: object) -> str | None:
    """The name of an echo: "" when it is ours but settles nothing, None when somebody else wrote it."""
    match = _OURS.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        return None
    return (match[2] or "") if match[1] == ":" else ""
