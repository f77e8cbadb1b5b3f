"""The phrase language: what a phrase of the safety lists finds, and what it does not."""

import pytest

from bot.core.safety import Examples, alarm, phrases, read_lists
from bot.core.safety_phrase import Fault, Theme, Words
from tests.safety.lists import small


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("គេវាយ", "គេវាយ"),
        ("គេវាយ", "គេ វាយ!"),
        ("គេវាយ", "គេ\u200bវាយយយយ"),
        ("សម្លាប់", "សំលាប់"),
        ("អោយស្លាប់", "ឲ្យ\u200bសា្លប់"),
        ("គេ + វាយ", "គេចង់វាយ"),
        ("គេ … វាយ", "គេមកដល់ផ្ទះហើយវាយ"),
        ("វាយ <me>", "វាយញុំ"),
        ("វាយ/ទះ <me>", "ទះខ្ញុំ"),
        ("វាយ - អក្សរ/លេខ", "វាយលេខ"),
        ("hit <me>", "HIT US"),
        ("hit <me>", "he hiiit meee"),
        ("want to die", "i dont want to live i want to die"),
        ("want to die", "iwanttodiesoon"),
        ("kidnap*", "kidnapped"),
        ("dont let", "don't let"),
    ],
)
def test_a_phrase_is_found(phrase: str, text: str) -> None:
    assert alarm(small(danger=(phrase,)), text) == "danger"


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("គេវាយ", "គេកំពុងវាយ"),
        ("គេ + វាយ", "គេនិយាយថានឹងទៅវាយ"),
        ("គេ + វាយ", "វាយគេ"),
        ("ទះ", "ផ្ទះ"),
        ("hit <me>", "hit the message"),
        ("hit", "white"),
        ("want to die", "want to diet"),
        ("វាយ - អក្សរ", "វាយមួយអក្សរ"),
    ],
)
def test_another_text_is_not(phrase: str, text: str) -> None:
    assert alarm(small(danger=(phrase,)), text) is None


def test_romanised_khmer_is_known_in_other_spellings() -> None:
    lists = read_lists([Theme("danger", "d", words=Words(romanised=("jong slab", "bongkhom khnhom")))], {})
    for text in ("chong slap", "Jong Slarb", "jongslab", "bong khom knyom", "bangkhum"):
        assert (alarm(lists, text) == "danger") == (text != "bangkhum"), text


def test_plain_english_is_not_heard_as_romanised_khmer() -> None:
    lists = read_lists([Theme("danger", "d", words=Words(romanised=("pay nas",)))], {})
    assert alarm(lists, "phay nas bong") == "danger"
    assert alarm(lists, "they did not pay nass the money") is None


def test_the_innocent_is_struck_out_first() -> None:
    lists = small(danger=("វាយ", "died"), innocent=("វាយ - អក្សរ", "phone + died"))
    assert alarm(lists, "រៀនវាយអក្សរ") is None
    assert alarm(lists, "រៀនវាយអក្សរ គេវាយ") == "danger"
    assert alarm(lists, "my phone just died") is None
    assert alarm(lists, "he died, then my phone died") == "danger"


def test_a_word_that_reaches_out_of_the_innocent_stays() -> None:
    lists = small(danger=("ផឹកថ្នាំសម្លាប់ស្មៅ",), innocent=("ថ្នាំសម្លាប់ស្មៅ",))
    assert alarm(lists, "ទិញថ្នាំសម្លាប់ស្មៅ") is None
    assert alarm(lists, "ផឹកថ្នាំសម្លាប់ស្មៅ") == "danger"


def test_danger_comes_before_need_and_need_before_death() -> None:
    lists = small(danger=("វាយ",), need=("ឃ្លាន",), death=("ស្លាប់",))
    assert alarm(lists, "ស្លាប់ ឃ្លាន វាយ") == "danger"
    assert alarm(lists, "ស្លាប់ ឃ្លាន") == "need"
    assert alarm(lists, "ស្លាប់") == "death"
    assert [one.kind for one in phrases(lists, "ស្លាប់ ឃ្លាន វាយ")] == ["danger", "need", "death"]
    assert alarm(lists, "") is None


def test_what_somebody_died_of_is_no_need_but_hunger_beside_a_death_is() -> None:
    fever = Theme("need", "ill", words=Words(english=("fever",)), cause_of_death=True)
    hunger = Theme("need", "hungry", words=Words(english=("no rice",)))
    lists = read_lists([fever, hunger, Theme("death", "died", words=Words(english=("died",)))], {})
    assert alarm(lists, "he has fever") == "need"
    assert alarm(lists, "he died of fever") == "death"
    assert alarm(lists, "he died, of fever") == "death"
    assert alarm(lists, "he died of fever and we have no rice") == "need"
    assert alarm(lists, "he died. now my son has fever") == "need"


def test_small_signs_count_only_together() -> None:
    signs = Theme("danger", "signs", words=Words(english=("night", "door", "knife/gun")), at_least=2)
    lists = read_lists([signs], {})
    assert alarm(lists, "night night") is None
    assert alarm(lists, "knife or gun") is None
    assert alarm(lists, "at night, a gun") == "danger"


def test_a_group_has_the_words_of_the_list_that_asks_for_it() -> None:
    groups = {"hit": Words(khmer=("វាយ",), english=("hit",)), "me": Words(khmer=("ខ្ញុំ",), english=("me",))}
    lists = read_lists([Theme("danger", "d", all=("<hit> <me>",))], groups)
    assert alarm(lists, "hit me") == alarm(lists, "វាយខ្ញុំ") == "danger"


@pytest.mark.parametrize(
    "text", ["+ វាយ", "វាយ …", "a + + b", "វាយ//ទះ", "<me", "!!!", "abc def " * 20, "a*b"]
)
def test_what_cannot_be_read_is_reported(text: str) -> None:
    lists = read_lists([Theme("need", "hungry", words=Words(english=(text,)))], {"me": Words()})
    assert [(fault.where, fault.text) for fault in lists.faults] == [("hungry", text)]


def test_an_unknown_group_is_reported_by_name() -> None:
    lists = read_lists([Theme("need", "hungry", words=Words(khmer=("<who> វាយ",)))], {})
    assert lists.faults == (Fault("hungry", "<who> វាយ", "who"),)
    assert lists.examples == Examples()
