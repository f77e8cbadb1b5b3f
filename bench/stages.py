"""Which stage of a message a sampled stack belongs to: HTTP, parse, engine, sealing, SQL, send.

Never guesses from the outermost call: the innermost frame that is known decides.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_ROOTS = r"(?:.*/site-packages/|.*/(?=(?:bot|storage|bench)/)|.*/python3\.\d+/)?"
_FRAME = re.compile(rf'^  File "{_ROOTS}([^"]*)", line \d+ in (.*)$')
_NEW = "Stack (most recent call first):"
# The longest matching beginning of `path: function` wins; frames that match nothing ask their caller.
_STAGES = {
    "aiohttp/web": "HTTP",
    "bot/web/": "HTTP",
    "bot/web/bodies.py: json_object": "parse",
    "aiohttp/client": "send",
    "aiohttp/connector": "send",
    "bot/channels/": "send",
    "telegram/_bot.py": "send",
    "telegram/request/": "send",
    "bot/runner/sender": "send",
    "bot/runner/limiter": "send",
    "bot/channels/telegram/read": "parse",
    "telegram/_update.py": "parse",
    "bot/core/": "engine",
    "bot/core/channel": "words",
    "bot/core/fitting": "words",
    "bot/i18n": "words",
    "bot/scripts": "words",
    "babel/": "words",
    "storage/seal": "sealing",
    "cryptography/": "sealing",
    "storage/": "SQL",
    "sqlalchemy/": "SQL",
    "sqlite3/": "SQL",
    "aiosqlite/": "SQL",
    "bot/runner/": "runner",
    "bot/runner/render": "words",
    "bot/app": "runner",
    "structlog/": "logs",
    "logging/": "logs",
}
_LOOP = "event loop"
_OURS = ("bot/", "storage/", "bench/peer/")
Frame = tuple[str, str]


def stacks(text: str) -> Iterator[list[Frame]]:
    """Every stack as (path, function), innermost first."""
    for block in text.split(_NEW)[1:]:
        found = [match.groups() for line in block.splitlines() if (match := _FRAME.match(line))]
        if found:
            yield [(path, function) for path, function in found]


def stage_of(stack: list[Frame]) -> str:
    """The stage that the innermost known frame belongs to."""
    for path, function in stack:
        frame = f"{path}: {function}"
        known = [start for start in _STAGES if frame.startswith(start)]
        if known:
            return _STAGES[max(known, key=len)]
    return _LOOP if any(path.startswith("asyncio/") for path, _ in stack) else "other"


def sizes(folder: Path) -> dict[str, int]:
    """How much each thread has written so far."""
    return {file.name: file.stat().st_size for file in folder.glob("*.stacks")}


@dataclass(frozen=True, slots=True)
class Caught:
    """Samples by stage, by innermost function, and by the innermost function of our own code."""

    stages: Counter[str] = field(default_factory=Counter)
    functions: Counter[tuple[str, str]] = field(default_factory=Counter)
    ours: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, stack: list[Frame]) -> None:
        """One more sample."""
        stage = stage_of(stack)
        self.stages[stage] += 1
        self.functions[stage, ": ".join(stack[0])] += 1
        own = next((frame for frame in stack if frame[0].startswith(_OURS)), ("(none of ours)", ""))
        self.ours[stage, ": ".join(own)] += 1


def caught(folder: Path, since: Mapping[str, int]) -> Caught:
    """Everything written after `since`."""
    found = Caught()
    for file in folder.glob("*.stacks"):
        text = file.read_bytes()[since.get(file.name, 0) :].decode(errors="replace")
        for stack in stacks(text):
            found.add(stack)
    return found
