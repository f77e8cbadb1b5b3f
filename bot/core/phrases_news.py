"""Every sentence of what comes because somebody wants it, and of what became of it: id → placeholders.

Never holds the words: the catalogues `subscribe`, `match` and `after` do, and `spean check` compares both.
"""

from collections.abc import Mapping

from bot.core.activity import SECTORS
from bot.core.fits import SKILLED
from bot.core.phrases import NOTHING

_NEWS = frozenset({"title", "when", "place", "because"})
_WHY = frozenset({"where"})

NEWS_PHRASES: Mapping[str, frozenset[str]] = {
    # below every letter that is sent for a purpose
    "subscribe.off-training": NOTHING,
    "subscribe.off-jobs": NOTHING,
    "subscribe.off": NOTHING,
    # my data
    "subscribe.data-head": NOTHING,
    "subscribe.data-line": frozenset({"what", "where"}),
    "subscribe.data-sector": frozenset({"what", "where", "sector"}),
    "subscribe.data-hours": frozenset({"hours"}),
    "subscribe.data-come": NOTHING,
    "subscribe.data-registered": frozenset({"title", "when", "answer"}),
    **{f"subscribe.data-answer-{one}": NOTHING for one in ("come", "bus", "maybe", "cannot")},
    "subscribe.data-veiled": NOTHING,
    # what fits what somebody wrote
    "match.head": NOTHING,
    "match.discreet": NOTHING,
    "match.one": _NEWS,
    "match.nth": _NEWS | {"number"},
    "match.show": NOTHING,
    "match.show-nth": frozenset({"number"}),
    "match.because-want": _WHY | {"what"},
    "match.because-worked": _WHY | {"what"},
    "match.because-skill": _WHY | {"what"},
    "match.because-any": _WHY,
    "match.because-learn": _WHY,
    "match.because-certificate": _WHY,
    "match.live": frozenset({"place"}),
    "match.go": frozenset({"place"}),
    **{f"match.sector.{one}": NOTHING for one in SECTORS},
    **{f"match.skill.{one}": NOTHING for one in SKILLED},
    # what became of it
    "after.day1": frozenset({"title"}),
    "after.day14": frozenset({"title"}),
    "after.day60": frozenset({"title"}),
    "after.discreet": NOTHING,
    "after.work-yes": NOTHING,
    "after.work-offer": NOTHING,
    "after.work-no": NOTHING,
    "after.data-head": NOTHING,
    "after.data-line": frozenset({"title", "answer"}),
}
