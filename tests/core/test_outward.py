"""Buttons that open a page, and pins on the map. Never tests what a platform's own payload looks like."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messenger.capabilities import MESSENGER
from bot.channels.telegram.capabilities import TELEGRAM
from bot.channels.terminal.show import CAPABILITIES as TERMINAL
from bot.channels.terminal.show import last_buttons, write
from bot.channels.webchat.capabilities import WEBCHAT
from bot.core.channel import Capabilities, Label, Part, PartButton, Point, Rendered
from bot.core.fitting import fit
from bot.core.outward import label
from bot.core.refitting import fits, refit
from bot.runner.forms import dump_part, load_part

PAGE = "https://spean.test/f/7"
SITE = label(f"url:{PAGE}", "គេហទំព័រ")
COME = label("a:7:come", "ខ្ញុំមក")
HALL = Point(12.5388, 103.9192, "សាលាខេត្តពោធិ៍សាត់", "ផ្លូវជាតិលេខ ៥")
MAP = "https://www.google.com/maps/search/?api=1&query=12.538800,103.919200"
INLINE = (TELEGRAM, WEBCHAT, TERMINAL)


def test_a_letter_names_a_page_or_what_it_tells_us() -> None:
    assert Label("", "គេហទំព័រ", url=PAGE) == SITE
    assert Label("a:7:come", "ខ្ញុំមក") == COME


@pytest.mark.parametrize("capabilities", INLINE, ids=lambda one: one.channel)
def test_inline_buttons_open_pages_in_their_place(capabilities: Capabilities) -> None:
    (part,) = fit(Rendered("ពិព័រណ៍", (COME, SITE)), capabilities)
    assert part.text == "ពិព័រណ៍"
    assert part.buttons == (PartButton("ខ្ញុំមក", "a:7:come"), PartButton("គេហទំព័រ", "", PAGE))


def test_quick_replies_open_none_so_the_link_stays_and_the_answer_beside_it_too() -> None:
    (part,) = fit(Rendered("ពិព័រណ៍", (COME, SITE), sticky=True), MESSENGER)
    assert part.buttons == (PartButton("គេហទំព័រ", "", PAGE), PartButton("ខ្ញុំមក", "a:7:come"))
    assert (part.staying, part.quick, part.text) == (2, True, "ពិព័រណ៍")


def test_where_three_buttons_stay_a_link_takes_one_and_the_answers_vanish() -> None:
    answers = tuple(Label(f"7:{at}", f"ចម្លើយ {at}") for at in range(3))
    (part,) = fit(Rendered("ពិព័រណ៍", (*answers, SITE), sticky=True), MESSENGER)
    assert (part.staying, part.buttons[0].url, len(part.buttons)) == (1, PAGE, 4)


@pytest.mark.parametrize(
    "message",
    [
        Rendered("ក" * 641, (COME, SITE)),
        Rendered("ពិព័រណ៍", (COME, replace(SITE, text="ក" * 21))),
        Rendered("ពិព័រណ៍", (COME, *(label(f"url:{PAGE}/{at}", f"ទំព័រ {at}") for at in range(4)))),
    ],
    ids=["words too long", "label too long", "too many"],
)
def test_a_link_that_no_button_can_carry_is_spelled_out(message: Rendered) -> None:
    (part,) = fit(message, MESSENGER)
    told = [f"{one.text}: {one.url}" for one in message.buttons if one.url]
    assert part.text.splitlines()[-len(told) :] == told
    assert [one.payload for one in part.buttons] == ["a:7:come"]


def test_a_reply_keyboard_opens_no_page_either() -> None:
    asks = Rendered("លេខទូរស័ព្ទ?", (COME, SITE), request="contact", request_label="📱")
    (part,) = fit(asks, TELEGRAM)
    assert part.text == f"លេខទូរស័ព្ទ?\n\nគេហទំព័រ: {PAGE}"
    assert part.buttons == (PartButton("ខ្ញុំមក", "a:7:come"),)


def test_a_pin_goes_ahead_of_the_words_where_there_are_pins() -> None:
    pin, words = fit(Rendered("សូមមើល", (COME,), point=HALL), TELEGRAM)
    assert (pin, words.text) == (Part("", point=HALL), "សូមមើល")
    assert words.buttons == (PartButton("ខ្ញុំមក", "a:7:come"),)


@pytest.mark.parametrize("capabilities", [MESSENGER, WEBCHAT, TERMINAL], ids=lambda one: one.channel)
def test_elsewhere_a_pin_is_a_link_to_a_map(capabilities: Capabilities) -> None:
    pin, _ = fit(Rendered("សូមមើល", point=HALL), capabilities)
    assert pin == Part(f"{HALL.title}\n{HALL.address}\n{MAP}")


def test_what_was_made_for_one_channel_says_the_same_on_the_other() -> None:
    assert refit(Part("", point=HALL), MESSENGER) == (Part(f"{HALL.title}\n{HALL.address}\n{MAP}"),)
    linked = Part("ពិព័រណ៍", ((PartButton("គេហទំព័រ", "", PAGE), PartButton("ខ្ញុំមក", "a:7:come")),))
    assert fits(linked, TELEGRAM)
    assert not fits(replace(linked, quick=True), MESSENGER)
    (there,) = refit(linked, MESSENGER)
    assert (there.staying, there.buttons) == (2, linked.buttons)
    (back,) = refit(there, TELEGRAM)
    assert set(back.buttons) == set(linked.buttons)


def test_the_outbox_gives_back_what_it_was_given() -> None:
    part = Part("ក", ((PartButton("ខ", "", PAGE), PartButton("គ", "7:1")),))
    assert load_part(dump_part(part)) == part
    assert load_part(dump_part(Part("", point=HALL))) == Part("", point=HALL)


def test_a_terminal_shows_where_it_leads_and_presses_only_what_tells_us() -> None:
    (part,) = fit(Rendered("ពិព័រណ៍", (SITE, COME)), TERMINAL)
    assert write(part).splitlines() == ["ពិព័រណ៍", f"  ↗ គេហទំព័រ: {PAGE}", "  [1] ខ្ញុំមក"]
    assert last_buttons([part]) == (PartButton("ខ្ញុំមក", "a:7:come"),)
    assert write(Part("", point=HALL)).endswith(MAP)


WORDS = st.text(st.sampled_from("ក្រាខគ ។"), min_size=1, max_size=30)
LINKS = st.builds(lambda text, at: label(f"url:{PAGE}/{at}", text), WORDS, st.integers(0, 9))
ANSWERS = st.builds(lambda text, at: Label(f"7:{at}", text), WORDS, st.integers(0, 9))


@given(
    text=st.text(st.sampled_from("ក្រា ។"), min_size=1, max_size=800),
    shown=st.lists(st.one_of(LINKS, ANSWERS), max_size=8).map(tuple),
    sticky=st.booleans(),
    capabilities=st.sampled_from([TELEGRAM, MESSENGER, WEBCHAT, TERMINAL]),
)
def test_no_link_is_ever_lost_and_whatever_is_fitted_fits(
    *, text: str, shown: tuple[Label, ...], sticky: bool, capabilities: Capabilities
) -> None:
    parts = fit(Rendered(text, shown, sticky=sticky), capabilities)
    told = "".join(part.text for part in parts)
    opened = [one.url for part in parts for one in part.buttons if one.url]
    assert opened + re.findall(r"https://\S+", told) == [one.url for one in shown if one.url]
    assert all(fits(part, capabilities) for part in parts)
