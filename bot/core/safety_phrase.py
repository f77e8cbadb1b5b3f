"""The phrase language of the safety lists, read and compiled to what a text can be searched with.

Never searches (`safety` does) and never judges a list (`check_safety` does).

A phrase is words in their order. Words side by side follow each other directly; `+` between two lets a word
or two (NEAR letters) stand between, `…` a few more (FAR letters). Between two signs, `a/b c` is either of the
two; `<hit>` is any word of the group `hit`; `beat*` any word that begins so.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, product
from typing import Any, Literal, assert_never

from bot.core.safety_key import Key, heard, plain, spelled

Alarm = Literal["danger", "need", "death"]
Kind = Literal["danger", "need", "death", "innocent"]
Language = Literal["khmer", "thai", "romanised", "english"]

NEAR, FAR = 8, 32  # letters of the key; a Khmer or English word has four or five
_TOKEN = re.compile(r"<[a-z0-9-]+>|[^<>*]+\*?")
_GAPS = {"-": 0, "+": NEAR, "…": FAR, "...": FAR}

LONGEST_ENTRY = 80  # letters of the key
WHOLE = "whole"  # the word group of words that are nothing else: no shorter word is heard within one
Trie = dict[
    str, Any
]  # letter → Trie; at "": the elements of words that end here, and of those that may go on


@dataclass(frozen=True, slots=True)
class Words:
    """Words or phrases by language."""

    khmer: tuple[str, ...] = ()
    thai: tuple[str, ...] = ()
    romanised: tuple[str, ...] = ()
    english: tuple[str, ...] = ()

    def of(self, languages: Sequence[Language]) -> tuple[str, ...]:
        """Those of some languages."""
        return tuple(chain.from_iterable(self.in_(language) for language in languages))

    def in_(self, language: Language) -> tuple[str, ...]:
        """Those of one language."""
        match language:
            case "khmer":
                return self.khmer
            case "thai":
                return self.thai
            case "romanised":
                return self.romanised
            case "english":
                return self.english
            case _:
                assert_never(language)


@dataclass(frozen=True, slots=True)
class Theme:
    """Phrases of one kind about one thing. `all`: of word groups only, the same in every language.

    `at_least`: so many of its phrases must be there before they mean anything. `cause_of_death`: in a
    sentence that tells of a death they are no need.
    """

    kind: Kind
    name: str
    all: tuple[str, ...] = ()
    words: Words = field(default_factory=Words)
    at_least: int = 1
    cause_of_death: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase: elements in order, each at most `gaps` letters after the one before."""

    kind: Kind
    theme: str
    at_least: int  # phrases of its theme
    cause_of_death: bool
    text: str
    elements: tuple[int, ...]
    gaps: tuple[int, ...]

    def all_in(self, met: Mapping[int, object]) -> bool:
        """Whether every element is among those met, in whatever order."""
        for element in self.elements:  # noqa: SIM110 - it runs hundreds of times for every message
            if element not in met:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be read in a theme (or word group): a phrase, or the name of a group it asks for."""

    where: str
    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """One way to hear a plain text. `phrases`: by the element that fewest have; `whole`: that of WHOLE."""

    key: Callable[[str], Key]
    trie: Trie
    phrases: Mapping[int, tuple[Phrase, ...]]
    whole: int | None = None


def compile_lists(
    themes: Sequence[Theme], groups: Mapping[str, Words]
) -> tuple[tuple[Index, ...], tuple[Fault, ...]]:
    """What texts are searched with: by sound and by letters; and what could not be read."""
    by_sound = _Builder(heard, ("khmer", "thai", "romanised"), groups)
    by_letter = _Builder(spelled, ("english",), groups)
    for builder in (by_sound, by_letter):
        for theme in themes:
            builder.add(theme)
    faults = dict.fromkeys((*by_sound.faults, *by_letter.faults))
    return (by_sound.index(), by_letter.index()), tuple(faults)


class _Builder:
    """An Index in the making."""

    def __init__(
        self, key: Callable[[str], Key], languages: tuple[Language, ...], groups: Mapping[str, Words]
    ) -> None:
        self.faults: list[Fault] = []
        self._key = key
        self._languages = languages
        self._named = groups
        self._trie: Trie = {}
        self._elements: dict[tuple[str, ...], int] = {}
        self._phrases: list[Phrase] = []
        self._known: dict[str, str] = {}

    def add(self, theme: Theme) -> None:
        """Every phrase of the theme that is in this builder's languages."""
        for language in self._languages:
            for text in theme.words.in_(language):
                self._add(theme, text, (language,))
        for text in theme.all:
            self._add(theme, text, self._languages)

    def _add(self, theme: Theme, text: str, languages: Sequence[Language]) -> None:
        parts = _parse(text)
        unknown = next((name for _, ways in parts for name in _named(ways) if name not in self._named), "")
        if not parts or unknown:
            self.faults.append(Fault(theme.name, text, unknown))
            return
        elements = []
        for _, ways in parts:
            said = tuple(dict.fromkeys(word for way in ways for word in self._spelt_out(way, languages)))
            if not said and text in theme.all:
                return  # a group has no words in these languages
            number = self._element(said)
            if number is None:
                self.faults.append(Fault(theme.name, text))
                return
            elements.append(number)
        gaps = tuple(gap for gap, _ in parts)
        of_theme = (theme.kind, theme.name, theme.at_least, theme.cause_of_death)
        self._phrases.append(Phrase(*of_theme, text, tuple(elements), gaps))

    def _spelt_out(self, way: str, languages: Sequence[Language]) -> Iterator[str]:
        """Every wording of words that may name groups."""
        tokens = [
            self._named[token[1:-1]].of(languages) if token.startswith("<") else (token,)
            for token in way.split()
        ]
        return map(" ".join, product(*tokens))

    def _element(self, ways: tuple[str, ...]) -> int | None:
        """The number of any of these words; None when one of them says nothing in these languages."""
        number = self._elements.get(ways)
        if number is not None:
            return number
        keys = [(self._letters(way.removesuffix("*")), way.endswith("*")) for way in ways]
        if not keys or not all(0 < len(letters) <= LONGEST_ENTRY for letters, _ in keys):
            return None
        number = self._elements[ways] = len(self._elements)
        for letters, goes_on in dict.fromkeys(keys):
            node = self._trie
            for letter in letters:
                node = node.setdefault(letter, {})
            whole, begun = node.get("", ((), ()))
            node[""] = (whole, (*begun, number)) if goes_on else ((*whole, number), begun)
        return number

    def _letters(self, words: str) -> str:
        letters = self._known.get(words)
        if letters is None:
            letters = self._known[words] = self._key(plain(words)).letters.strip(".")
        return letters

    def index(self) -> Index:
        """The finished Index."""
        uses: dict[int, int] = {}
        for element in chain.from_iterable(phrase.elements for phrase in self._phrases):
            uses[element] = uses.get(element, 0) + 1
        phrases: dict[int, tuple[Phrase, ...]] = {}
        for phrase in self._phrases:
            rarest = min(phrase.elements, key=uses.__getitem__)
            phrases[rarest] = (*phrases.get(rarest, ()), phrase)
        whole = tuple(self._named[WHOLE].of(self._languages)) if WHOLE in self._named else ()
        return Index(self._key, self._trie, phrases, self._element(whole) if whole else None)


def _parse(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Its parts: the gap before, and the words of which any will do; none when it cannot be read."""
    runs: list[tuple[int, list[str]]] = [(0, [])]
    for token in text.split():
        if token in _GAPS:
            runs.append((_GAPS[token], []))
        else:
            runs[-1][1].append(token)
    parts: list[tuple[int, tuple[str, ...]]] = []
    for gap, tokens in runs:
        choices = [choice.strip() for choice in " ".join(tokens).split("/")]
        if not all(map(_is_sound, choices)):
            return []
        if len(choices) > 1:
            parts.append((gap, tuple(choices)))
            continue
        for together, some in groupby(tokens, _is_plain):
            for words in [" ".join(some)] if together else some:
                parts.append((gap, (words,)))
                gap = 0  # noqa: PLW2901 - what stands side by side follows directly
    return parts


def _is_sound(words: str) -> bool:
    """Whether every sign in the words is where it means something."""
    return bool(words) and all(_TOKEN.fullmatch(token) for token in words.split())


def _is_plain(token: str) -> bool:
    """Plain words side by side are looked for as one."""
    return not token.startswith("<") and not token.endswith("*")


def _named(ways: tuple[str, ...]) -> list[str]:
    return [token[1:-1] for way in ways for token in way.split() if token.startswith("<")]
