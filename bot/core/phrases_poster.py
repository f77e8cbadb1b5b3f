"""Every sentence of the sheet that is printed and hung up: message id → its placeholders.

Never holds the words: `locales/<language>/LC_MESSAGES/poster.po` does, and `spean check` compares both.
"""

from collections.abc import Mapping

from bot.core.phrases import NOTHING

POSTER_PHRASES: Mapping[str, frozenset[str]] = {
    "poster.when": frozenset({"starts", "ends"}),
    "poster.where": frozenset({"place"}),
    "poster.bus": frozenset({"stop", "leaves"}),
    "poster.bring": frozenset({"what"}),
    "poster.near": frozenset({"place"}),
    "poster.scan": NOTHING,
    "poster.scan-near": NOTHING,
    "poster.free": NOTHING,
}
