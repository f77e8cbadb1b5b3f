"""What is said around announcements: to whoever gets one, and to staff about whom it is for.

Never holds the words: `locales/<language>/LC_MESSAGES/broadcast.po` does.
"""

from collections.abc import Mapping

from bot.core.segment import PARTS, VALUES

NOTHING: frozenset[str] = frozenset()
WHAT = frozenset({"what"})

BROADCAST_PHRASES: Mapping[str, frozenset[str]] = {
    # before and after the words of staff
    "broadcast.opening": NOTHING,
    "broadcast.closing": NOTHING,
    "broadcast.off": NOTHING,
    # who it is for
    "broadcast.everybody": NOTHING,
    "broadcast.who": frozenset({"clauses"}),
    "broadcast.place": frozenset({"place"}),
    **{f"broadcast.who.{part}": WHAT for part in PARTS},
    **{f"broadcast.{part}.{value}": NOTHING for part, values in VALUES.items() for value in values},
}
