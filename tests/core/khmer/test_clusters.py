"""Cutting text never breaks a letter. Never tests how a channel shows the pieces."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.khmer.clusters import clusters, cut, shorten

KHMER = st.text(
    st.one_of(
        st.characters(min_codepoint=0x1780, max_codepoint=0x17E9),
        st.sampled_from("កខ្្រាំ់ \n។\u200b🇰🇭👍🏽\u200d"),
    ),
    max_size=120,
)
ANY = st.one_of(KHMER, st.text(max_size=120))
BLANKS = re.compile("[\\s\u200b]+")


def is_inside(text: str, position: int) -> bool:
    """The rule of facts/khmer.md, written a second time."""
    after, before = text[position], text[position - 1]
    return "\u17b4" <= after <= "\u17d3" or after == "\u17dd" or before == "\u17d2"


def test_letters_as_the_eye_sees_them() -> None:
    assert clusters("ស្ត្រីខ្មែរ") == ["ស្ត្រី", "ខ្មែ", "រ"]
    assert clusters("👨‍👩‍👧🇰🇭🇹🇭👍🏽é\r\n") == ["👨‍👩‍👧", "🇰🇭", "🇹🇭", "👍🏽", "é", "\r\n"]


@given(ANY)
def test_clusters_lose_nothing_and_keep_marks(text: str) -> None:
    pieces = clusters(text)
    assert "".join(pieces) == text
    position = 0
    for piece in pieces[:-1]:
        position += len(piece)
        assert not is_inside(text, position)


@given(ANY, st.integers(1, 60))
def test_pieces_fit_and_lose_only_blanks(text: str, limit: int) -> None:
    pieces = cut(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert BLANKS.sub("", "".join(pieces)) == BLANKS.sub("", text)


@given(ANY, st.integers(8, 60))
def test_no_cut_inside_a_cluster(text: str, limit: int) -> None:
    whole = clusters(text)
    if max(map(len, whole), default=0) > limit:
        return
    edges, position = set(), 0
    for piece in whole:
        edges.add(position)
        position += len(piece)
    start = 0
    for piece in cut(text, limit):
        start = text.index(piece, start)
        assert start in edges
        start += len(piece)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("ក្រុមទីមួយ។ មាន\nពីរបន្ទាត់\n\nក្រុមទីពីរ មានមួយ", ["ក្រុមទីមួយ។ មាន\nពីរបន្ទាត់", "ក្រុមទីពីរ មានមួយ"]),
        ("បន្ទាត់ទីមួយនេះ។ ហើយ\nបន្ទាត់ទីពីរនេះ", ["បន្ទាត់ទីមួយនេះ។ ហើយ", "បន្ទាត់ទីពីរនេះ"]),
        ("ប្រយោគទីមួយ។ ប្រយោគ ទីពីរនេះវែង", ["ប្រយោគទីមួយ។", "ប្រយោគ ទីពីរនេះវែង"]),
        ("ការងារនៅជិតផ្ទះ\u200bរបស់ខ្ញុំនៅឯណា", ["ការងារនៅជិតផ្ទះ", "របស់ខ្ញុំនៅឯណា"]),
    ],
)
def test_the_kindest_cut_is_taken(text: str, pieces: list[str]) -> None:
    assert cut(text, 28) == pieces


def test_short_text_stays_as_it_is() -> None:
    assert cut(" សួស្តី ", 100) == [" សួស្តី "]
    assert cut("", 100) == cut(" \n\u200b", 100) == []


def test_a_cluster_longer_than_the_limit_is_broken_rather_than_lost() -> None:
    assert cut("ក" + "្រ" * 10, 4) == ["ក្រ្", "រ្រ្", "រ្រ្", "រ្រ្", "រ្រ្", "រ"]


@given(ANY, st.integers(1, 30))
def test_shortened_text_fits(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")
    assert text.startswith(short.removesuffix("…"))
