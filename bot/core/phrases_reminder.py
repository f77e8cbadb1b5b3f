"""Every sentence about an activity that goes out unasked, and those for the call list: id → its placeholders.

Never holds the words: `locales/<language>/LC_MESSAGES/reminder.po` does, and `spean check` compares both.
"""

from collections.abc import Mapping

from bot.core.phrases import NOTHING

_FACTS = frozenset({"title", "when", "where"})

REMINDER_PHRASES: Mapping[str, frozenset[str]] = {
    "reminder.remind": _FACTS | {"soon"},
    "reminder.today": NOTHING,
    "reminder.tomorrow": NOTHING,
    "reminder.days": frozenset({"count"}),
    "reminder.remind-discreet": frozenset({"day"}),
    "reminder.eve": _FACTS,
    "reminder.eve-discreet": frozenset({"day"}),
    "reminder.last": NOTHING,
    "reminder.bus": frozenset({"stop"}),
    "reminder.bring": frozenset({"what"}),
    "reminder.new": _FACTS,
    "reminder.new-discreet": NOTHING,
    # what has changed
    "reminder.cancelled": frozenset({"title", "day"}),
    "reminder.changed": frozenset({"news", "title"}),
    "reminder.changed-discreet": NOTHING,
    "reminder.now-no-bus": NOTHING,
    "reminder.now-when": frozenset({"when"}),
    "reminder.now-where": frozenset({"where"}),
    "reminder.now-stops": frozenset({"stops"}),
    "reminder.now-no-stops": NOTHING,
    "reminder.now-cost": frozenset({"riel"}),
    "reminder.now-free": NOTHING,
    # what staff say when they call
    "reminder.at": frozenset({"venue", "place"}),
    "reminder.call": frozenset({"when", "where"}),
    "reminder.call-changed": frozenset({"when", "where"}),
    "reminder.call-cancelled": frozenset({"day"}),
    "reminder.call-seat": frozenset({"when", "where"}),
    "reminder.call-discreet": NOTHING,
    # buttons
    "reminder.show": NOTHING,
    "reminder.choose-bus": NOTHING,
    "reminder.cannot": NOTHING,
    "reminder.off": NOTHING,
}
