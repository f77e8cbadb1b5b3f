"""Whatever the spacing, the case and the repeated letters: a danger is heard; and no text takes long."""

from time import perf_counter

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.khmer.clusters import clusters
from bot.core.safety import alarm
from tests.safety.lists import listed, shipped

shipped()  # compiled once, not within the time of the first example
KNOWN = [sentence for _, _, sentence in listed("known.tsv")]
KHMER = [sentence for _, language, sentence in listed("known.tsv") if language == "km"]
LATIN = [sentence for sentence in KNOWN if sentence.isascii()]


@settings(deadline=None)  # how long a text may take is tested below
@given(st.sampled_from(KHMER), st.data())
def test_blanks_between_khmer_clusters_change_nothing(sentence: str, data: st.DataObject) -> None:
    pieces = clusters(sentence)
    blanks = data.draw(
        st.lists(st.sampled_from(["", "\u200b", " "]), min_size=len(pieces), max_size=len(pieces))
    )
    khmer = ["\u1780" <= piece[0] <= "\u17ff" for piece in pieces]
    spaced = "".join(
        piece + (blank if here and after else "")
        for piece, blank, here, after in zip(pieces, blanks, khmer, [*khmer[1:], False], strict=True)
    )
    assert alarm(shipped(), spaced) == alarm(shipped(), sentence)


@settings(deadline=None)  # how long a text may take is tested below
@given(st.sampled_from(LATIN), st.data())
def test_case_and_repeated_letters_change_nothing(sentence: str, data: st.DataObject) -> None:
    times = data.draw(st.lists(st.integers(1, 3), min_size=len(sentence), max_size=len(sentence)))
    written = "".join(
        letter * (count if letter.isalpha() else 1) for letter, count in zip(sentence, times, strict=True)
    )
    assert alarm(shipped(), written.upper()) == alarm(shipped(), sentence)


@settings(deadline=None)  # how long a text may take is tested below
@given(st.sampled_from(KHMER), st.data())
def test_a_drawn_out_letter_changes_nothing(sentence: str, data: st.DataObject) -> None:
    pieces = clusters(sentence)
    bare = [at for at, piece in enumerate(pieces) if len(piece) == 1 and "ក" <= piece <= "អ"]
    if bare:
        at = data.draw(st.sampled_from(bare))
        pieces[at] *= data.draw(st.integers(2, 5))
    assert alarm(shipped(), "".join(pieces)) == alarm(shipped(), sentence)


@settings(deadline=None)  # how long a text may take is tested below
@given(
    st.sampled_from(KNOWN),
    st.sampled_from(
        ["https://t.me/spean", "HTTP://x.kh/kill-him?he=beats_me", "www.x.kh", "x.kh/help-me-die"]
    ),
)
def test_a_web_address_changes_nothing(sentence: str, address: str) -> None:
    assert alarm(shipped(), f"{sentence} {address}") == alarm(shipped(), sentence)
    assert alarm(shipped(), f"{address} {sentence}") == alarm(shipped(), sentence)
    assert alarm(shipped(), address) is None


def test_what_stands_beside_a_web_address_is_read() -> None:
    for text in (
        "https://x.kh/aគេវាយខ្ញុំ",
        "គេវាយខ្ញុំhttps://x.kh/a",
        "www.x.kh,he hits me",
        "(x.kh/a)he hits me",
    ):
        assert alarm(shipped(), text) == "danger"


@settings(deadline=None)  # how long a text may take is tested below
@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    assert alarm(shipped(), text) in ("danger", "need", "death", None)


def test_the_longest_message_is_no_burden() -> None:
    """Five thousand letters made of words that begin many phrases; 20 ms each when nobody else is at work."""
    for word in ("គេវាយ", "ខ្ញុំ", "hit me ", "ke nhom ", "phone died ", "x"):
        began = perf_counter()
        alarm(shipped(), (word * 5000)[:5000])
        assert perf_counter() - began < 1
    syllables = [consonant + vowel for consonant in "កខគឃងចឆជឈញដតថទធន" for vowel in "ាិីឹុូួើៀេ"]
    clauses = [syllables[at:] + syllables[:at] for at in range(0, 160, 20)]
    began = perf_counter()
    alarm(shipped(), "។".join("".join(clause) for clause in clauses))  # each of them would be weighed alone
    assert perf_counter() - began < 1
    assert alarm(shipped(), "ok " * 3000 + "គេវាយខ្ញុំ") is None  # only what one message can hold is looked at
