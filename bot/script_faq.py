"""The answers of a Release for the core: entries with what their words name, and the index over them.

Never proves them (`core.check_faq` does) and never says a sentence.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from bot.core.book import Hotline
from bot.core.contact import LANGUAGES, Language
from bot.core.faq import NO_FAQ, Entry, Faq
from bot.core.faq_index import ELSEWHERE, Index, build
from bot.core.wording import placeholders
from bot.script_files import Parsed

Texts = Mapping[Language, Mapping[str, str]]
VERSION = 12  # hex digits


def faq(parsed: Parsed, texts: Texts) -> Faq:
    """Everything that can be answered by heart."""
    if not parsed.entries:
        return NO_FAQ
    entries = {one.id: _worded(one, parsed, texts) for one in parsed.entries}
    index = _index(
        tuple((one.id, (*one.phrasings, *_said(one.question, texts))) for one in entries.values()),
        tuple((one.id, _said(one.answer, texts)) for one in entries.values()),
        parsed.elsewhere,
    )
    return Faq(entries, parsed.facts, parsed.elsewhere, index)


def _worded(entry: Entry, parsed: Parsed, texts: Texts) -> Entry:
    facts = parsed.facts
    said = _said(entry.answer, texts)
    names = frozenset(name for text in said for name in placeholders(text))
    told = [f"{name}={facts[name].value}" for name in sorted(names) if name in facts]
    call = _numbers(parsed.hotlines.get(entry.hotline or ""))
    shown = "\n".join([*said, *_said(entry.sure, texts), *told, *call])
    return replace(entry, names=names, version=hashlib.sha256(shown.encode()).hexdigest()[:VERSION])


def _numbers(line: Hotline | None) -> tuple[str, ...]:
    """The numbers that the entry tells to call, with its answer or in its place."""
    return line.numbers if line else ()


def _said(message_id: str, texts: Texts) -> tuple[str, ...]:
    return tuple(texts[one][message_id] for one in LANGUAGES if message_id in texts.get(one, {}))


Rows = tuple[tuple[str, tuple[str, ...]], ...]


@lru_cache(maxsize=4)  # Releases share their answers: a session's older one, the next with an edited dialog
def _index(asked: Rows, answers: Rows, elsewhere: tuple[str, ...]) -> Index:
    return build({**dict(asked), ELSEWHERE: elsewhere} if elsewhere else dict(asked), dict(answers))
