"""Every sentence the bot itself can say, beside the dialogs': message id → its placeholders.

Never holds the words: `locales/<language>/LC_MESSAGES/bot.po` does, and `spean check` compares both.
"""

from collections.abc import Mapping

NOTHING: frozenset[str] = frozenset()

# labels of our own buttons: people also type them
BUTTONS = (
    "bot.skip",
    "bot.back",
    "bot.why",
    "bot.help",
    "bot.person",
    "bot.menu",
    "bot.done",
    "bot.agree",
    "bot.repeat-yes",
    "bot.repeat-no",
)

PHRASES: Mapping[str, frozenset[str]] = {
    # buttons below every question
    "bot.skip": NOTHING,
    "bot.back": NOTHING,
    "bot.why": NOTHING,
    "bot.help": NOTHING,
    "bot.person": NOTHING,
    "bot.menu": NOTHING,
    # shared labels
    "bot.yes": NOTHING,
    "bot.no": NOTHING,
    "bot.done": NOTHING,
    "bot.agree": NOTHING,
    "bot.change": frozenset({"what"}),
    "bot.go-on": NOTHING,
    "bot.repeat-yes": NOTHING,
    "bot.repeat-no": NOTHING,
    "bot.share-phone": NOTHING,
    # around a question
    "bot.progress": frozenset({"step", "steps"}),
    "bot.chosen": frozenset({"choice"}),
    "bot.places-many": NOTHING,
    "bot.place-within": frozenset({"place"}),
    "bot.review-line": frozenset({"number", "question", "answer"}),
    "bot.heard-value": NOTHING,
    "bot.answered": NOTHING,
    "bot.hotline": frozenset({"name", "numbers"}),
    "bot.skipped-value": NOTHING,
    # not understood
    "bot.retry.choice": NOTHING,
    "bot.retry.multi-choice": NOTHING,
    "bot.retry.yes-no": NOTHING,
    "bot.retry.text": NOTHING,
    "bot.retry.name": NOTHING,
    "bot.retry.number": frozenset({"least", "most"}),
    "bot.retry.date": NOTHING,
    "bot.retry.month": NOTHING,
    "bot.retry.phone": NOTHING,
    "bot.retry.place": NOTHING,
    "bot.retry.media": NOTHING,
    "bot.offer-help": NOTHING,
    "bot.offer-person": NOTHING,
    # around the dialog
    "bot.stale": NOTHING,
    "bot.please-wait": NOTHING,
    "bot.welcome-back": NOTHING,
    "bot.nudge": NOTHING,
    "bot.number-later": NOTHING,
    "bot.heard": NOTHING,
    "bot.media-unasked": NOTHING,
    "bot.not-your-number": NOTHING,
    "bot.location-declined": NOTHING,
    "bot.need-yes-no-tap": NOTHING,
    "bot.sorry-broken": NOTHING,
    "bot.staff-joined": NOTHING,
    "bot.staff-left": NOTHING,
    # my data
    "bot.data-none": NOTHING,
    "bot.data-head": NOTHING,
    "bot.data-file": NOTHING,
    "bot.erased": NOTHING,
    "centres.any.name": NOTHING,
    # what platforms show about us
    "bot.command.menu": NOTHING,
    "bot.command.stop": NOTHING,
    "bot.command.person": NOTHING,
    "bot.command.language": NOTHING,
    "bot.command.mydata": NOTHING,
    "bot.command.help": NOTHING,
    "bot.description": NOTHING,
    "bot.short-description": NOTHING,
}
