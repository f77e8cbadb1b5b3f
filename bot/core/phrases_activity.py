"""Every sentence that follows an answer to an activity, and offers of a seat: message id → its placeholders.

Never holds the words: `locales/<language>/LC_MESSAGES/activity.po` does, and `spean check` compares both.
"""

from collections.abc import Mapping

from bot.core.phrases import NOTHING

_WHAT = frozenset({"title", "when"})

ACTIVITY_PHRASES: Mapping[str, frozenset[str]] = {
    # said behind an answer (core.registered), or in its place
    "activity.held": _WHAT | {"people"},
    "activity.waiting": _WHAT | {"people"},
    "activity.waiting-look": _WHAT | {"people"},
    "activity.room": frozenset({"title", "people", "room"}),
    "activity.too-many": frozenset({"title", "people", "most"}),
    "activity.maybe": _WHAT,
    "activity.cannot": frozenset({"title"}),
    "activity.closed": NOTHING,
    "activity.no-bus": NOTHING,
    "activity.bus": frozenset({"stop", "leaves"}),
    "activity.ticket": frozenset({"ticket"}),
    "activity.remind-app": NOTHING,
    "activity.remind-window": NOTHING,
    "activity.remind-call": NOTHING,
    "activity.remind-none": NOTHING,
    "activity.remind-off": NOTHING,
    "activity.remind-late": NOTHING,
    "activity.remind-discreet": NOTHING,
    "activity.remind-elsewhere": frozenset({"app"}),
    "activity.remind-stopped": NOTHING,
    "activity.remind-page": NOTHING,
    "activity.remind-phone": NOTHING,
    # files
    "activity.calendar": NOTHING,
    "activity.ticket-file": frozenset({"ticket"}),
    "activity.no-file": NOTHING,
    "activity.no-ticket": NOTHING,
    "activity.link": _WHAT | {"links"},
    "activity.no-link": NOTHING,
    # a seat became free
    "activity.offer": _WHAT | {"people", "until"},
    "activity.offer-discreet": frozenset({"until"}),
    "activity.offer-take": NOTHING,
    "activity.offer-leave": NOTHING,
    "activity.offer-show": NOTHING,
}
