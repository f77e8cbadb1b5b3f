"""What may lie where, and the sentence that allows it. Whatever is not named here may lie nowhere.

Never searches (`hay` does) and never says what was planted (`planted` does).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from tests.leak.hay import Hay
from tests.leak.needles import Needle


@dataclass(frozen=True, slots=True)
class Allowed:
    """Needles and heaps as patterns, `|` between several; `within` begins the name of each heap.

    `must`: every one of the needles has to be there, or we do not look well.
    """

    needles: str
    heaps: str
    why: str
    must: bool = False
    within: str = ""

    def about(self, needle: str) -> bool:
        """Whether it says something of this needle."""
        return _fits(needle, self.needles)

    def covers(self, needle: str, heap: str) -> bool:
        """Whether it allows this needle there."""
        return self.about(needle) and _fits(
            heap, "|".join(self.within + one for one in self.heaps.split("|"))
        )


def must(needles: str, heaps: str, why: str) -> Allowed:
    """Allowed, and found in one of the heaps."""
    return Allowed(needles, heaps, why, must=True)


def _fits(name: str, patterns: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns.split("|"))


def faults(hay: Hay, needles: Sequence[Needle], allowed: Iterable[Allowed]) -> list[str]:
    """Every needle where it may not lie, and every one that is not where it must."""
    rules = list(allowed)
    found = {needle.name: hay.holding(needle) for needle in needles}
    wrong = [
        f"{name} lies in {heap}"
        for name, heaps in found.items()
        for heap in sorted(heaps)
        if not any(rule.covers(name, heap) for rule in rules) and not _is_remnant(name, heap, rules)
    ]
    missed = [
        f"{name} is not in {rule.heaps}, where it must be: {rule.why}"
        for rule in rules
        if rule.must
        for name, heaps in found.items()
        if rule.about(name) and not any(rule.covers(name, heap) for heap in heaps)
    ]
    return wrong + missed


def _is_remnant(name: str, heap: str, rules: Iterable[Allowed]) -> bool:
    """A cell that may be sealed in a row may lie sealed in the file: the same bytes without the row."""
    return heap.startswith("remnant:") and any(rule.about(name) and "opened:" in rule.heaps for rule in rules)
