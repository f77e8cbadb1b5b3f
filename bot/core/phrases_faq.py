"""Every sentence around an answer, beside the entries' own: message id → its placeholders.

Never holds the words: `locales/<language>/LC_MESSAGES/faq.po` does, and `spean check` compares both.
"""

from collections.abc import Mapping

from bot.core.phrases import NOTHING

FAQ_PHRASES: Mapping[str, frozenset[str]] = {
    "faq.of-topic": frozenset({"topic"}),
    "faq.suggest": NOTHING,
    "faq.unknown": NOTHING,
    "faq.later": NOTHING,
    "faq.sorry": NOTHING,
    "faq.thanks": NOTHING,
    # below an answer
    "faq.general": NOTHING,
    "faq.draft": NOTHING,
    "faq.changed": NOTHING,
    # an answer that was wrong, made good
    "faq.corrected": frozenset({"question"}),
    "faq.corrected-discreet": NOTHING,
    # money in an answer
    "faq.usd": frozenset({"amount"}),
    "faq.riel": frozenset({"amount"}),
    "faq.baht": frozenset({"amount"}),
}
