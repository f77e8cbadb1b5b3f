"""Every Khmer sentence that people read in a chat as one table, for a native reviewer to sign.

Never judges a sentence and never loses what a reviewer signed, as long as the Khmer is the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot import catalogues
from bot.catalogues import Entries
from bot.core.khmer.level import EASY, FAIR, level
from bot.script_files import parse_files
from bot.scripts import Files

LEFT_OUT = frozenset({"check"})  # read by script authors, not in a chat
UNREAD = "not yet read"
COLUMNS = ("id", "Khmer", "English", "reading", "tone, and what was changed", "native reviewer")
_KHMER = re.compile("[\u1780-\u17b3]")

HEAD = f"""# The Khmer sentences, one by one

Every Khmer sentence that returnees or staff read in a chat or on its page. A native reviewer goes through it
and writes into the last column: *ok*, or *change: …*, with name and date. What is to be changed is then
changed in `locales/km/LC_MESSAGES/`; the reason goes into the comment above the sentence there.

This file is written by `spean words review --into docs/khmer-review.md`, which keeps the last column wherever
the Khmer is still the same; a sentence that was changed must be signed again. (`spean words review` prints
it, unsigned.)

- **reading**: written syllables of the longest sentence. *easy*: at most {EASY}; *fair*: at most {FAIR};
  *long*: more. Then words of offices, books or phones that many do not know.
- **tone**: what was thought or changed when the sentence was read, from its comment in the catalogue.
  *{UNREAD}*: nobody has.
- How it should sound: a kind counsellor in Pursat to a worried person who reads slowly. Short spoken
  sentences, one thought each; polite; អ្នក for the reader, យើង for us; no officialese; nothing promised that
  nobody keeps. The first line of every message is neutral, for it shows on a locked screen. `{{name}}` stays
  as it is.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence. `reading` and `tone` as the table shows them; `signed`: what the reviewer wrote."""

    id: str
    khmer: str
    english: str
    reading: str
    tone: str
    signed: str = ""


def rows(files: Files, signed: Mapping[str, tuple[str, str]]) -> tuple[Row, ...]:
    """Every sentence by catalogue and id. `signed`: id → the Khmer that was signed, and what was written."""
    given = parse_files(files).catalogues
    khmer = {name: entries for name, entries in given.items() if catalogues.language_of(name) == "km"}
    return tuple(
        row
        for name in sorted(khmer)
        if (domain := catalogues.domain_of(name)) not in LEFT_OUT
        for row in _rows(khmer[name], given.get(catalogues.file_of(domain, "en"), {}), signed)
    )


def _rows(khmer: Entries, english: Entries, signed: Mapping[str, tuple[str, str]]) -> Iterator[Row]:
    for message_id, entry in sorted(khmer.items()):
        if not _KHMER.search(entry.text):
            continue
        found = level(entry.text)
        reading = f"{found.name} {found.longest}" + "".join(f" · {word}" for word in found.hard)
        words, written = signed.get(message_id, ("", ""))
        there = english.get(message_id)
        yield Row(
            message_id,
            _cell(entry.text),
            _cell(there.text) if there else "",
            reading,
            _cell(entry.note) or UNREAD,
            written if words == _cell(entry.text) else "",
        )


def _cell(text: str) -> str:
    return text.strip().replace("\\", "\\\\").replace("|", "\\|").replace("\n", "<br>")


def document(found: tuple[Row, ...]) -> str:
    """The Markdown file."""
    parts = [HEAD]
    domain = ""
    for row in found:
        if row.id.partition(".")[0] != domain:
            domain = row.id.partition(".")[0]
            parts.append(f"\n## {domain}\n\n{_line(COLUMNS)}\n{_line(('---',) * len(COLUMNS))}\n")
        parts.append(f"{_line((row.id, row.khmer, row.english, row.reading, row.tone, row.signed))}\n")
    return "".join(parts)


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def signatures(text: str) -> dict[str, tuple[str, str]]:
    """Id → the Khmer and what the reviewer wrote beside it, read back from the Markdown file."""
    found: dict[str, tuple[str, str]] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == len(COLUMNS) and cells[-1] not in {"", "---", COLUMNS[-1]}:
            found[cells[0]] = (cells[1], cells[-1])
    return found
