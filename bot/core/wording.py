"""Placeholders of sentences: `{name}`, found and filled by plain replacement.

Never a template language: what an argument holds is never looked at (facts: security B1 1.3.7).
"""

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def placeholders(text: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(_PLACEHOLDER.findall(text))


def fill(text: str, args: Mapping[str, str]) -> str:
    """The text with its arguments; a placeholder that has none stays as it is.

    A line of placeholders that all came out empty is left out.
    """
    if not args or "{" not in text:
        return text
    lines = text.split("\n")
    said = [_PLACEHOLDER.sub(lambda found: args.get(found[1], found[0]), line) for line in lines]
    return "\n".join(after for before, after in zip(lines, said, strict=True) if after or not before)
