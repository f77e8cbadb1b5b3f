"""What shows on a locked screen: the first line of every message tells nothing to whoever holds the phone."""

import pytest

from bot.core.check_words import OWN_BUTTONS
from bot.core.contact import LANGUAGES, Language
from bot.core.dialog import CallNode, Dialog, EndNode, Node, RepeatNode, SayNode
from bot.core.outline import every_node
from bot.core.phrases import PHRASES
from tests.engine.shipped import release

TELLING: dict[Language, tuple[str, ...]] = {
    "km": (
        "បំណុល",
        "ជំពាក់",
        "ប្រាក់ខែ",
        "ប្រាក់ឈ្នួល",
        "ថៅកែ",
        "គ្រោះថ្នាក់",
        "ហិង្សា",
        "រំលោភ",
        "ធ្វើបាប",
        "វាយ",
        "សម្លាប់",
        "ជួញដូរ",
        "បង្ខាំង",
        "គ្រាប់មីន",
        "សំណុំរឿង",
        "បណ្តឹង",
        "តវ៉ា",
        "ប៉ូលីស",
        "ពិការ",
        "មានផ្ទៃពោះ",
    ),
    "en": (
        "debt",
        "owe",
        "wage",
        "salary",
        "employer",
        "danger",
        "violen",
        "rape",
        "abuse",
        "hurt",
        "kill",
        "suicide",
        "traffick",
        "locked in",
        "land mine",
        "case",
        "complain",
        "police",
        "pregnan",
    ),
}
# never the beginning of a message: labels, what stands inside another sentence or below it, and what a
# platform shows about the bot to everybody
INSIDE = (
    "bot.command.",
    "bot.purpose.",
    "bot.description",
    "bot.short-description",
    "bot.hotline",
    "bot.yes",
)


def shows_progress(dialog: Dialog, node: Node) -> bool:
    """A counted question begins with its number."""
    silent = isinstance(node.kind, SayNode | RepeatNode)
    return dialog.questions > 1 and node.counted and not silent


def beginnings() -> set[str]:
    """Ids of messages, or of notes before one."""
    found = {name for name in PHRASES if not name.startswith(INSIDE) and name not in OWN_BUTTONS}
    for dialog, node in every_node(release().book):
        found.update(extra for extra in (node.why, node.help, node.retry) if extra)
        if isinstance(node.kind, RepeatNode):
            found.add(f"{node.text}.again")
        elif not isinstance(node.kind, CallNode | EndNode) and not shows_progress(dialog, node):
            found.add(node.text)
    return found


def tells(line: str, word: str) -> bool:
    """Khmer has no blanks between words; in English a word begins so."""
    return f" {word}" in f" {line}" if word.isascii() else word in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_first_line_tells_what_it_is_about(language: Language) -> None:
    words = release().words
    lines = {name: words.say(name, language).partition("\n")[0] for name in sorted(beginnings())}
    telling = {
        name: line
        for name, line in lines.items()
        if any(tells(line.lower(), one) for one in TELLING[language])
    }
    assert telling == {}


def test_every_say_node_is_looked_at() -> None:
    said = {node.text for _, node in every_node(release().book) if isinstance(node.kind, SayNode)}
    assert said <= beginnings()
