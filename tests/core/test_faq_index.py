"""Finding the answer that a question asks for."""

import string
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.faq_index import ELSEWHERE, NO_INDEX, Hit, Index, build, decide, pieces, search

PAY = (
    "ថៅកែថៃមិនបើកប្រាក់ខែឲ្យខ្ញុំទេ ទារបានទេ",
    "លុយឈ្នួលនៅថៃ ថៅកែជំពាក់",
    "thaoke thai ot berk luy oy khnhom",
    "My Thai boss owes me wages",
)
BANK = (
    "លុយខ្ញុំនៅធនាគារថៃ ដកម៉េច",
    "ដកលុយពីធនាគារនៅថៃ",
    "luy nov thoneakea thai dok mech",
    "My money is in a Thai bank",
)
SCHOOL = (
    "ដាក់កូនចូលរៀននៅសាលា",
    "ចុះឈ្មោះកូនចូលរៀន ត្រូវការអី",
    "oy kon choul rean",
    "How do I enrol my child in school?",
)
NOT_OURS = ("ថ្ងៃស្អែកភ្លៀងទេ", "បាល់ទាត់យប់នេះ ក្រុមណាឈ្នះ", "sa-ek plieng te", "Who won the football match?")
TEXTS = {"q01-pay": PAY, "q19-bank": BANK, "q50-school": SCHOOL, ELSEWHERE: NOT_OURS}
ANSWERS = {"q50-school": ("សូមយកសំបុត្រកំណើតទៅសាលា", "Bring the birth certificate.")}
LETTERS = "កខគចតបមយរលសអាិីុូេែោំះ្ " + string.ascii_lowercase + " 0១?។"


@pytest.fixture(scope="module")
def index() -> Index:
    return build(TEXTS, ANSWERS)


def test_every_phrasing_finds_its_own_entry_first(index: Index) -> None:
    for entry, phrasings in TEXTS.items():
        for phrasing in phrasings if entry != ELSEWHERE else ():
            assert search(index, phrasing)[0].entry == entry


def test_a_question_in_other_words_finds_the_entry_too(index: Index) -> None:
    assert search(index, "ថៅកែនៅថៃគាត់ជំពាក់លុយខ្ញុំពីរខែ")[0].entry == "q01-pay"
    assert search(index, "ចង់ឲ្យកូនខ្ញុំចូលរៀន")[0].entry == "q50-school"


def test_marks_typed_in_another_order_and_spaces_change_nothing(index: Index) -> None:
    assert search(index, "បា្រក់ខែ ថៅកែ ថៃ") == search(index, "ប្រាក់ខែថៅកែថៃ")
    assert search(index, "ដក\u200bលុយ\u200bពីធនាគារ!!") == search(index, "ដកលុយពីធនាគារ")


def test_of_a_long_story_the_end_is_read(index: Index) -> None:
    assert search(index, "ក" * 5000 + "។ " + BANK[0])[0].entry == "q19-bank"


def test_the_likeliest_comes_first_and_never_more_than_asked_for(index: Index) -> None:
    hits = search(index, "លុយនៅថៃ", most=2)
    assert len(hits) == 2
    assert hits[0].confidence >= hits[1].confidence
    assert len(search(index, "លុយនៅថៃ")) == 3


def test_what_we_do_not_answer_is_never_a_hit_and_makes_the_others_unlikely(index: Index) -> None:
    without = build({entry: said for entry, said in TEXTS.items() if entry != ELSEWHERE}, ANSWERS)
    for phrasing in NOT_OURS:
        hits = search(index, phrasing)
        assert ELSEWHERE not in {hit.entry for hit in hits}
        assert decide(hits, phrasing) == "abstain"
        unlikely = hits[0].confidence if hits else 0.0
        assert unlikely <= max((hit.confidence for hit in search(without, phrasing)), default=0.0)


def test_an_answer_counts_but_less_than_a_phrasing() -> None:
    texts = {"a": ("ការងារ", "សំបុត្រ"), "b": ("ការងារ", "ផ្ទះ")}
    told = build(texts, {"b": ("សំបុត្រ",)})
    assert search(told, "សំបុត្រ")[0].entry == "a"
    of_b = {hit.entry: hit.confidence for hit in search(told, "សំបុត្រ")}["b"]
    assert of_b > {hit.entry: hit.confidence for hit in search(build(texts, {}), "សំបុត្រ")}["b"]


def test_words_given_to_another_entry_make_the_first_less_sure(index: Index) -> None:
    shared = build({**TEXTS, "q99-more": ("ដកលុយពីធនាគារនៅថៃវិញ", "ដកលុយធនាគារ")}, ANSWERS)
    asked = "ដកលុយពីធនាគារ"
    assert _sure(shared, asked, "q19-bank") < _sure(index, asked, "q19-bank")


def test_words_of_no_entry_find_nothing(index: Index) -> None:
    assert search(index, "") == ()
    assert search(index, "😀😀😀") == ()
    assert search(NO_INDEX, PAY[0]) == ()
    assert decide((), "") == "abstain"


def test_khmer_in_latin_letters_is_asked_about_and_never_answered(index: Index) -> None:
    asked = "thaoke thai ot berk luy oy khnhom te"
    hits = search(index, asked)
    assert hits[0].entry == "q01-pay"
    assert decide((Hit("q01-pay", 1.0),), asked) == "suggest"
    assert decide((Hit("q01-pay", 1.0),), PAY[0]) == "answer"
    assert decide((Hit("q01-pay", 0.0),), asked) == "abstain"


def test_the_index_is_the_same_whatever_the_order_of_the_entries(index: Index) -> None:
    other = build(dict(reversed(TEXTS.items())), ANSWERS)
    assert other == index
    assert search(other, "លុយនៅថៃ") == search(index, "លុយនៅថៃ")


def test_one_entry_alone_and_an_entry_without_phrasings_do_no_harm() -> None:
    alone = build({"a": ("សួស្តី",)}, {})
    assert search(alone, "សួស្តី")[0].entry == "a"
    assert search(build({"a": (), "b": ("សួស្តី",)}, {"a": ("សួស្តី",)}), "សួស្តី")[0].entry == "b"


@given(st.text())
def test_any_unicode_finds_something_or_nothing(text: str) -> None:
    hits = search(_SMALL, text)
    assert all(0 <= hit.confidence <= 1 for hit in hits)
    assert decide(hits, text) in ("answer", "suggest", "abstain")


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from("abcdef"), st.lists(st.text(LETTERS, max_size=20), max_size=4), max_size=5
    )
)
def test_any_texts_can_be_searched(texts: dict[str, list[str]]) -> None:
    built = build(texts, texts)
    for phrasings in texts.values():
        for phrasing in phrasings:
            found = search(built, phrasing)
            assert bool(found) == bool(pieces(phrasing))
            assert {hit.entry for hit in found} <= texts.keys()


def test_what_we_do_not_answer_stands_once_and_is_no_phrasing_of_ours() -> None:
    folder = Path(__file__).parents[2] / "dialogs" / "faq"
    strange = tomllib.loads((folder / "elsewhere.toml").read_text("utf-8"))["phrasings"]
    assert len(strange) == len(set(strange)) >= 150
    ours = {
        phrasing
        for file in folder.glob("*.toml")
        for entry in tomllib.loads(file.read_text("utf-8")).get("entry", ())
        for language in ("khmer", "romanised", "english")
        for phrasing in entry.get(language, ())
    }
    assert not ours & set(strange)


_SMALL = build(TEXTS, ANSWERS)


def _sure(index: Index, text: str, entry: str) -> float:
    return {hit.entry: hit.confidence for hit in search(index, text)}[entry]
