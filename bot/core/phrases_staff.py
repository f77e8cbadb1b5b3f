"""What the bot says about cases that wait: to staff on duty, and to the person when nobody came in time.

Never holds the words: `locales/<language>/LC_MESSAGES/bot.po` does.
"""

from collections.abc import Mapping

NOTHING: frozenset[str] = frozenset()
CASE = frozenset({"centre", "kind", "number"})
MINE = frozenset({"number", "name"})
DUTY = frozenset({"centres", "until"})

STAFF_PHRASES: Mapping[str, frozenset[str]] = {
    # alerts: no more than this may be told
    "bot.alert": CASE,
    "bot.alert-take": NOTHING,
    "bot.alert-more": frozenset({"count"}),
    "bot.alert-nobody": CASE,
    "bot.alert-nobody-private": frozenset({"centre"}),
    "bot.account-stopped": frozenset({"account"}),
    "bot.answers-expire": frozenset({"entries"}),
    "bot.answer-expires": frozenset({"id", "until"}),
    "bot.kind.intake": NOTHING,
    "bot.kind.person": NOTHING,
    "bot.kind.need": NOTHING,
    "bot.kind.danger": NOTHING,
    "bot.kind.complaint": NOTHING,
    # duty by chat
    "bot.duty-joined": DUTY,
    "bot.duty-everywhere": NOTHING,
    "bot.duty-refused": NOTHING,
    "bot.duty-off": NOTHING,
    "bot.duty-renew": frozenset({"until"}),
    "bot.duty-taken": MINE,
    "bot.duty-gone": NOTHING,
    "bot.duty-closed": NOTHING,
    "bot.duty-unknown": NOTHING,
    "bot.duty-silent": MINE,
    "bot.duty-erased": frozenset({"number"}),
    # what staff wrote waits for the person, because the platform lets nobody write
    "bot.reply-held": frozenset({"number", "by"}),
    "bot.reply-went": frozenset({"number"}),
    "bot.call-due": frozenset({"number"}),
    # nobody came in time
    "bot.late": frozenset({"number"}),
    "bot.late-phone": frozenset({"phone"}),
    "bot.late-hours": frozenset({"centre", "hours"}),
    "bot.late-address": frozenset({"address"}),
}
