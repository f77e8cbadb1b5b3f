"""How often something went wrong, by the constant that the log line begins with, or by the library.

Never keeps what a line says beyond that.
"""

from collections import Counter
from collections.abc import MutableMapping
from typing import Any

COUNTED: Counter[str] = Counter()  # of this process, since its start
GRAVE = frozenset({"error", "critical", "exception"})


def count(_logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - as structlog gives it
    """A structlog processor: passes each line on, and counts the grave ones."""
    if method in GRAVE:
        COUNTED[str(line.get("event", ""))] += 1
    return line


def count_foreign(_logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:  # noqa: ANN401 - as structlog gives it
    """The same of a library's lines, by the name of its logger: its message may quote anything."""
    if method in GRAVE:
        COUNTED[line["_record"].name] += 1
    return line
