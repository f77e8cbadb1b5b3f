"""Whatever is typed: nothing raises, and scrambled marks come back. Never tests a meaning."""

import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer import dates, digits
from bot.core.khmer.clusters import clusters, cut, shorten
from bot.core.khmer.fold import fold
from bot.core.khmer.language import written_in
from bot.core.khmer.names import name
from bot.core.khmer.normalise import BASES, normalise
from bot.core.khmer.romanised import candidates, latin_key
from bot.core.khmer.sound import sound
from bot.core.khmer.yesno import yes_or_no
from bot.core.phone import phone
from bot.core.places import load

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 22)
PLACES = load((ROOT / "dialogs" / "places.toml").read_bytes())
EVERY_CODE_POINT = st.characters(
    codec=None, categories=None
)  # lone surrogates too, as broken JSON brings them
ANY = st.one_of(
    st.text(EVERY_CODE_POINT, max_size=60),
    st.text(st.characters(min_codepoint=0x1780, max_codepoint=0x17FF), max_size=60),
    st.text(st.sampled_from("កខ្រាំ់ុី។ ១២3/-.,:+@'\u200b\n👍🏽\u200dabkmទេអត់"), max_size=60),
)
READERS: dict[str, Callable[[str], object]] = {
    "normalise": normalise,
    "fold": fold,
    "clusters": clusters,
    "cut": lambda text: cut(text, 7),
    "shorten": lambda text: shorten(text, 7),
    "digits": digits.to_khmer_digits,
    "number": digits.number,
    "day": lambda text: dates.day(text, TODAY),
    "month": lambda text: dates.month(text, TODAY),
    "phone": phone,
    "name": name,
    "yes or no": yes_or_no,
    "language": written_in,
    "place": PLACES.match,
    "place inside": lambda text: PLACES.match(text, "15"),
    "romanised": lambda text: (candidates(text, ("ធ្វើការ", text)), latin_key(text)),
    "sound": sound,
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
@given(text=ANY)
def test_nothing_raises(read: Callable[[str], object], text: str) -> None:
    read(text)


@given(ANY)
def test_one_spelling_is_found_once_and_folding_knows_it(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert fold(once) == fold(text)


# --- scrambled marks ------------------------------------------------------------------------------

_SENTENCE = re.compile('^msgstr "(.*)"$', re.MULTILINE)
_CLUSTER = re.compile(f"([{BASES}])((?:\u17d2[{BASES}]|[\u17b6-\u17d1\u17dd])*)|.", re.DOTALL)
_ELEMENT = re.compile(f"\u17d2[{BASES}]|[\u17b6-\u17d1\u17dd]")
CATALOGUES = sorted((ROOT / "locales" / "km" / "LC_MESSAGES").glob("*.po"))
WORDS = sorted(
    {
        normalise(word)
        for file in CATALOGUES
        for sentence in _SENTENCE.findall(file.read_text(encoding="utf-8"))
        for word in sentence.split()
        if any("ក" <= letter <= "ឳ" for letter in word)
    }
)


@given(st.sampled_from(WORDS), st.randoms(use_true_random=False))
def test_marks_typed_in_any_order_come_back(word: str, order: random.Random) -> None:
    """Subscripts keep their order among themselves, unless one is RO: that one always comes last."""

    def scrambled(cluster: re.Match[str]) -> str:
        elements = _ELEMENT.findall(cluster[2] or "")
        if sum(element[0] == "\u17d2" and element[1] != "រ" for element in elements) > 1:
            return cluster[0]
        order.shuffle(elements)
        return (cluster[1] or cluster[0]) + "".join(elements)

    assert normalise(_CLUSTER.sub(scrambled, word)) == word


@given(st.sampled_from(WORDS), st.integers(2, 30))
def test_no_word_of_ours_is_cut_inside_a_letter(word: str, limit: int) -> None:
    whole = clusters(word)
    if max(map(len, whole)) > limit:
        return
    assert [one for piece in cut(word, limit) for one in clusters(piece)] == whole
