"""A part made for one channel, shown by another. Never tests what a platform's own payload looks like."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messenger.capabilities import MESSENGER
from bot.channels.telegram.capabilities import TELEGRAM
from bot.channels.webchat.capabilities import WEBCHAT
from bot.core.channel import Capabilities, Card, Document, Label, Part, PartButton, Rendered, Template
from bot.core.fitting import fit
from bot.core.refitting import abroad, fits, refit

FILE = Document(7, "answers.txt", "text/plain")
WORDS = st.text(alphabet="កខគឃង្ា្រ៌ិ abc.។\n\u200b🙏", min_size=1, max_size=9)
LABELS = st.text(alphabet="កខគ abc៌", min_size=1, max_size=64).filter(str.strip)


def buttons(*texts: str) -> tuple[tuple[PartButton, ...], ...]:
    return tuple((PartButton(text, f"7:{number}"),) for number, text in enumerate(texts))


def bare(text: str) -> str:
    """Without what a cut may drop."""
    return re.sub(r"[\s\u200b]", "", text)


def labels(part: Part) -> list[str]:
    return [one.label for one in part.buttons]


def test_a_long_text_is_two_parts_in_order_and_both_are_typed() -> None:
    text = ("ខ្ញុំនឹងទូរស័ព្ទទៅ " * 300)[:3500].strip()
    made = refit(Part(text, typed=True), MESSENGER)
    assert len(made) == 2
    assert " ".join(one.text for one in made) == text
    assert all(one.typed for one in made)


def test_the_same_text_the_other_way_round_is_left_alone() -> None:
    part = Part("សួស្តី " * 250, typed=True)
    assert refit(part, TELEGRAM) == (part,)


def test_fifteen_options_are_a_numbered_list_with_thirteen_numbers() -> None:
    asked = Part("អ្នកនៅស្រុកណា?", buttons(*(f"ស្រុក {number}" for number in range(15))))
    (made,) = refit(asked, MESSENGER)
    assert made.quick
    assert [one.payload for one in made.buttons] == [f"7:{number}" for number in range(13)]
    assert labels(made)[0] == "១"
    assert made.text.startswith("អ្នកនៅស្រុកណា?\n\n១. ស្រុក 0\n")
    assert made.text.endswith("១៥. ស្រុក 14")


def test_quick_replies_become_buttons_below_the_words() -> None:
    (asked,) = fit(Rendered("តើ?", (Label("7:y", "បាទ"), Label("7:n", "ទេ"))), MESSENGER)
    (made,) = refit(asked, TELEGRAM)
    assert (made.text, labels(made), made.quick) == ("តើ?", ["បាទ", "ទេ"], False)


def test_few_buttons_stay_for_more_may_follow() -> None:
    (made,) = refit(Part("តើ?", buttons("បាទ", "ទេ")), MESSENGER)
    assert made.staying == 2


def test_cards_are_a_list_where_there_are_none() -> None:
    cards = tuple(Card(f"ពិព័រណ៍ {number}", "បាត់ដំបង", (Label(f"7:{number}", "ទៅ"),)) for number in "12")
    *_, shown = fit(Rendered("ជ្រើស", cards=cards), MESSENGER)
    (made,) = refit(shown, TELEGRAM)
    assert made.text == "១. ពិព័រណ៍ 1\nបាត់ដំបង\n\n២. ពិព័រណ៍ 2\nបាត់ដំបង"
    assert [one.payload for one in made.buttons] == ["7:1", "7:2"]


def test_a_request_that_the_channel_cannot_make_is_left_out() -> None:
    asked = Part("ទីតាំង?", request="location", request_label="ផ្ញើ")
    assert refit(asked, MESSENGER) == (Part("ទីតាំង?"),)
    asked = replace(asked, request="contact")
    assert refit(asked, MESSENGER) == (asked,)


def test_a_file_goes_with_the_first_words_and_nowhere_without_any() -> None:
    made = refit(Part("ក " * 1500, document=FILE, hides="chat"), MESSENGER)
    assert [one.document for one in made] == [FILE, None]
    assert [one.hides for one in made] == ["chat", ""]
    assert refit(Part("", buttons("ក" * 30), document=FILE), MESSENGER)[0].document == FILE
    assert refit(Part("", document=FILE), MESSENGER) == (Part("", document=FILE),)
    assert refit(Part("អាន", document=FILE), replace(MESSENGER, documents=False)) == ()


def test_what_was_approved_says_the_whole_so_a_piece_of_it_is_not_that() -> None:
    template = Template("fair", "km")
    assert all(one.template is None for one in refit(Part("ក " * 1500, template=template), MESSENGER))
    assert refit(Part("ក", buttons("ក" * 30), template=template), MESSENGER)[0].template == template


def test_in_another_chat_nothing_is_replaced_or_hidden() -> None:
    assert abroad(Part("ក", replaces="7", hides="1 2")) == Part("ក")


@pytest.mark.parametrize("capabilities", [TELEGRAM, MESSENGER, WEBCHAT], ids=lambda one: one.channel)
@given(
    words=st.lists(WORDS, max_size=900).map(" ".join),
    options=st.lists(LABELS, max_size=30),
    controls=st.lists(LABELS, max_size=3),
)
def test_what_was_fitted_fits(
    words: str, options: list[str], controls: list[str], capabilities: Capabilities
) -> None:
    asked = Rendered(
        words,
        tuple(Label(f"7:{at}", one) for at, one in enumerate(options)),
        tuple(Label(f"7:c{at}", one) for at, one in enumerate(controls)),
    )
    assert all(fits(one, capabilities) for one in fit(asked, capabilities))


@given(
    text=st.lists(WORDS, min_size=1, max_size=900).map(" ".join).filter(lambda one: 0 < len(one) <= 4000),
    options=st.lists(LABELS, max_size=100),
    typed=st.booleans(),
    document=st.sampled_from([None, FILE]),
)
def test_whatever_fits_telegram_becomes_parts_that_fit_messenger_and_say_the_same(
    *, text: str, options: list[str], typed: bool, document: Document | None
) -> None:
    part = Part(text, buttons(*options), typed=typed, document=document)
    assert fits(part, TELEGRAM)
    made = refit(part, MESSENGER)
    assert all(fits(one, MESSENGER) for one in made)
    assert all(one.typed == typed for one in made)
    said = bare("".join(one.text for one in made))
    assert said.startswith(bare(text))
    shown = [one.label for one in made[-1].buttons] if made else []
    for option in options:
        assert option in shown or bare(option) in said[len(bare(text)) :]
    pressed = [one.payload for one in made[-1].buttons] if made else []
    assert pressed == [f"7:{at}" for at in range(min(len(options), 13))]
    assert [one.document for one in made] == ([document] + [None] * (len(made) - 1) if made else [])
    again = [back for one in made for back in refit(one, TELEGRAM)]
    assert [one.text for one in again] == [one.text for one in made], "the other way round no word changes"
