"""What shows on a locked screen, and what the danger message holds: nothing that tells of a trouble."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.contact import LANGUAGES, Language
from bot.core.outline import every_node
from bot.core.phrases import BUTTONS, PHRASES
from bot.scripts import Release, compile_release, read_files

ROOT = Path(__file__).parents[2]

# debt, money, wages · danger and what it may be · offices and cases
TELLING = {
    "km": (
        *("បំណុល", "ជំពាក់", "ប្រាក់", "លុយ", "ឈ្នួល"),
        *("គ្រោះថ្នាក់", "សុវត្ថិភាព", "ហិង្សា", "ជួញដូរ", "បង្ខំ", "វាយ", "រំលោភ", "អត្តឃាត", "មិនចង់រស់", "ស្លាប់"),
        *("មីន", "គ្រាប់", "របួស", "ឈឺ"),
        *("ក្រសួង", "ILO", "សំណុំរឿង", "បណ្តឹង", "ប៉ូលិស"),
    ),
    "en": (
        *("debt", "owed?\\b", "wage", "salary", "money", "pay"),
        *(
            "danger",
            "safe\\b",
            "violen",
            "traffick",
            "forced",
            "beat",
            "rape",
            "suicid",
            "kill",
            "die",
            "death",
        ),
        *("mines?\\b", "bomb", "hurt", "ill\\b"),
        *("ministry", "ilo\\b", "case", "police"),
    ),
}
LABELS = frozenset(BUTTONS) | {one for one in PHRASES if one.startswith(("bot.command.", "bot.kind."))}
OFFICE = ("police", "ប៉ូលិស")  # whom to call, not what happened
ABOUT_US = frozenset({"bot.description", "bot.short-description"})  # a profile, not a message


@pytest.fixture(scope="module")
def shipped() -> Release:
    return compile_release(read_files(ROOT))


def messages(release: Release) -> Iterator[str]:
    """Ids of what may begin a message: not labels, nor questions that "question 2 of 6" stands above."""
    for dialog, node in every_node(release.book):
        headed = node.counted and dialog.questions > 1 and node.field is not None
        if not headed:
            yield node.text
        yield from (one for one in (node.why, node.help, node.retry) if one)
    yield from (one for one in PHRASES if one not in LABELS | ABOUT_US)


def telling(release: Release, message: str, language: Language, *, first_line: bool) -> list[str]:
    """The words in a message that tell."""
    said = release.words.say(message, language, {}) if release.words.has(message, language) else ""
    said = said.partition("\n")[0] if first_line else said
    begin = r"\b" if language == "en" else ""
    return [word for word in TELLING[language] if re.search(begin + word, said, re.IGNORECASE)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_first_line_tells_anything(shipped: Release, language: Language) -> None:
    found = {one: telling(shipped, one, language, first_line=True) for one in messages(shipped)}
    assert {one: words for one, words in found.items() if words} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_danger_says_has_a_word_for_what_happened(shipped: Release, language: Language) -> None:
    nodes = shipped.book.dialogs["danger"].nodes.values()
    sources = {source for node in nodes for source in node.args.values() if source.startswith("hotlines.")}
    said = [*(node.text for node in nodes), *(f"{source}.name" for source in sources)]
    found = {
        one: [word for word in telling(shipped, one, language, first_line=False) if word not in OFFICE]
        for one in said
    }
    assert len(sources) == 6
    assert {one: words for one, words in found.items() if words} == {}
