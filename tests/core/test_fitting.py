"""One message on two kinds of channel. Never tests what a platform's own payload looks like."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messenger.capabilities import MESSENGER
from bot.channels.telegram.capabilities import TELEGRAM
from bot.core.channel import Capabilities, Card, Label, Pager, Part, PartButton, Rendered
from bot.core.fitting import fit
from bot.core.khmer.clusters import clusters

LONG = "ចុះឈ្មោះពិព័រណ៍ការងារ"  # 21 code points


def labels(*texts: str, short: str | None = None) -> tuple[Label, ...]:
    return tuple(Label(f"7:{number}", text, short) for number, text in enumerate(texts))


def shown(part: Part) -> list[list[str]]:
    return [[button.label for button in row] for row in part.rows]


def test_narrow_buttons_stand_three_abreast_and_controls_below() -> None:
    (part,) = fit(Rendered("អាយុ?", labels("១៥", "២០", "២៥", "៣០"), labels("ថយក្រោយ", "រំលង")), TELEGRAM)
    assert shown(part) == [["១៥", "២០", "២៥"], ["៣០"], ["ថយក្រោយ", "រំលង"]]
    assert not part.quick


def test_one_wide_button_gives_each_its_row() -> None:
    (part,) = fit(Rendered("តើ?", labels("បាទ", LONG)), TELEGRAM)
    assert shown(part) == [["បាទ"], [LONG]]


def test_what_asks_to_hear_stands_below_all_and_takes_no_control_its_place() -> None:
    hear = Label("v:a.b", "🔊 ស្តាប់ (១២ KB)")
    (part,) = fit(Rendered("តើ?", labels("បាទ", "ទេ"), labels("ថយ", "រំលង"), hear), TELEGRAM)
    assert shown(part) == [["បាទ", "ទេ"], ["ថយ", "រំលង"], ["🔊 ស្តាប់ (១២ KB)"]]
    options = labels(*(f"ខ {number}" for number in range(20)))
    (part,) = fit(Rendered("មួយណា?", options, labels("ថយ"), hear), MESSENGER)
    assert sum(map(len, shown(part))) == 13
    assert shown(part)[-2:] == [["ថយ"], ["🔊 ស្តាប់ (១២ KB)"]]


def test_quick_replies_take_the_short_label() -> None:
    (part,) = fit(Rendered("តើ?", labels(LONG, short="ពិព័រណ៍"), labels("ថយ")), MESSENGER)
    assert shown(part) == [["ពិព័រណ៍"], ["ថយ"]]
    assert part.quick


def test_a_label_that_stays_too_long_makes_numbers() -> None:
    (part,) = fit(Rendered("តើ?", labels("បាទ", LONG), labels("ថយ")), MESSENGER)
    assert part.text == f"តើ?\n\n១. បាទ\n២. {LONG}"
    assert shown(part) == [["១", "២"], ["ថយ"]]
    assert [button.payload for button in part.rows[0]] == ["7:0", "7:1"]


def test_labels_of_twenty_code_points_are_buttons_and_of_twenty_one_numbers() -> None:
    (part,) = fit(Rendered("តើ?", labels("បាទ", "ក" * 20)), MESSENGER)
    assert shown(part) == [["បាទ", "ក" * 20]]
    (part,) = fit(Rendered("តើ?", labels("បាទ", "ក" * 21)), MESSENGER)
    assert shown(part) == [["១", "២"]]


def test_few_sticky_buttons_stay_below_640_code_points_and_vanish_below_641() -> None:
    card = Rendered("ក" * 640, labels("ហៅ", "បន្ត", "លាក់"), sticky=True)
    (part,) = fit(card, MESSENGER)
    assert (part.staying, part.quick) == (3, True)
    (part,) = fit(replace(card, text="ក" * 641), MESSENGER)
    assert part.staying == 0
    (part,) = fit(replace(card, buttons=labels("ហៅ", "បន្ត", "លាក់", "ម៉ឺនុយ")), MESSENGER)
    assert part.staying == 0
    (part,) = fit(card, TELEGRAM)
    assert (part.staying, part.quick) == (0, False)


def test_beside_buttons_that_stay_the_one_to_hear_and_the_controls_are_quick_replies() -> None:
    hear = Label("v:a.b", "🔊 ស្តាប់ (១២ KB)")
    (part,) = fit(Rendered("ហៅ ១១៧", labels("ហៅ", "លាក់"), labels("ថយ"), hear, sticky=True), MESSENGER)
    assert [one.label for one in part.buttons[: part.staying]] == ["ហៅ", "លាក់"]
    assert [one.label for one in part.buttons[part.staying :]] == ["ថយ", "🔊 ស្តាប់ (១២ KB)"]


def test_what_lets_hear_stays_below_a_message_that_may_not_be_the_last() -> None:
    hear = Label("v:a.b", "🔊 ស្តាប់ (១២ KB)")
    (part,) = fit(Rendered("សូមអាន", listen=hear), MESSENGER)
    assert (part.staying, shown(part)) == (1, [["🔊 ស្តាប់ (១២ KB)"]])


def test_long_texts_are_cut_for_each_channel_and_lose_nothing() -> None:
    for length in (1900, 1901, 1999, 2000, 4000, 4001, 4096, 4097):
        text = ("ស្ត្រី " * 800)[:length].strip()
        for capabilities, longest in ((MESSENGER, 1900), (TELEGRAM, 4000)):
            parts = fit(Rendered(text, labels("បាទ")), capabilities)
            assert (len(parts) == 1) == (len(text) <= longest)
            assert all(len(part.text) <= longest for part in parts)
            assert " ".join(part.text for part in parts) == text
            assert [bool(part.rows) for part in parts] == [*([False] * (len(parts) - 1)), True]


def test_a_word_without_spaces_is_cut_between_clusters() -> None:
    text = "ស្ត្រី" * 700
    parts = fit(Rendered(text), MESSENGER)
    assert [one for part in parts for one in clusters(part.text)] == clusters(text)


def test_numbers_are_latin_where_the_words_are() -> None:
    (part,) = fit(Rendered("Which?", labels("yes", "a label of more than twenty")), MESSENGER)
    assert shown(part) == [["1", "2"]]


def test_more_options_than_buttons_are_all_listed() -> None:
    options = labels(*(f"ខ {number}" for number in range(20)))
    (part,) = fit(Rendered("មួយណា?", options, labels("ថយ")), MESSENGER)
    assert part.text.count("\n") == 21
    assert sum(map(len, shown(part))) == 13
    assert shown(part)[-1] == ["ថយ"]


def test_a_channel_without_buttons_lists_the_options() -> None:
    (part,) = fit(Rendered("តើ?", labels("បាទ", "ទេ")), replace(MESSENGER, quick_replies=0))
    assert (part.text, part.rows, part.quick) == ("តើ?\n\n១. បាទ\n២. ទេ", (), False)


def test_buttons_and_request_stand_on_the_last_part() -> None:
    message = Rendered(
        "ក។\n\n" * 1500,
        labels("បាទ"),
        request="contact",
        request_label="លេខ",
        replaces="m1",
        controls=labels("ថយ"),
    )
    *first, last = fit(message, TELEGRAM)
    assert first
    assert all(part == Part(part.text) for part in first)
    assert (last.request, last.request_label, last.replaces) == ("contact", "លេខ", "")
    assert shown(last) == [["បាទ"], ["ថយ"]]


def test_only_one_part_on_a_channel_that_edits_replaces_another() -> None:
    message = Rendered("បាទ", replaces="m1", request="contact", request_label="លេខ")
    assert fit(message, TELEGRAM) == (Part("បាទ", request="contact", request_label="លេខ", replaces="m1"),)
    assert fit(message, MESSENGER) == (Part("បាទ", request="contact", request_label="លេខ"),)
    assert fit(message, replace(MESSENGER, ask_contact=False)) == (Part("បាទ"),)


def test_nothing_makes_no_part_and_buttons_alone_make_one() -> None:
    assert fit(Rendered(""), TELEGRAM) == fit(Rendered(" \n"), MESSENGER) == ()
    assert fit(Rendered("", labels("បាទ")), TELEGRAM) == (Part("", ((PartButton("បាទ", "7:0"),),)),)


TEXT = st.text(st.one_of(st.characters(), st.sampled_from("ក្រា \n។")), max_size=60)
LABELS = st.lists(
    st.builds(Label, st.sampled_from(["1:a", "1:b"]), TEXT, st.one_of(st.none(), TEXT), st.booleans()),
    max_size=30,
).map(tuple)
CARDS = st.lists(st.builds(Card, TEXT, TEXT, LABELS.map(lambda given: given[:3])), max_size=12).map(tuple)
PAGERS = st.builds(Pager, st.integers(0, 99), st.just("1:~page"), *(st.just(word) for word in "➡⬅…"))
MESSAGES = st.builds(
    Rendered,
    st.builds(lambda text, times: text * times, TEXT, st.integers(0, 120)),
    LABELS,
    LABELS.map(lambda given: given[:4]),
    st.one_of(st.none(), st.builds(Label, st.just("v:a.b"), st.just("🔊 ស្តាប់ (១ KB)"))),
    st.sampled_from([None, "contact", "location"]),
    TEXT,
    st.sampled_from(["", "m1"]),
    st.booleans(),
    st.one_of(st.just(()), CARDS),
    st.one_of(st.none(), PAGERS),
)


@given(MESSAGES, st.sampled_from([TELEGRAM, MESSENGER, replace(MESSENGER, quick_replies=0)]))
def test_any_message_fits(message: Rendered, capabilities: Capabilities) -> None:
    parts = fit(message, capabilities)
    blank = re.compile("[\\s\u200b]+")
    said = blank.sub("", "".join(part.text for part in parts))
    assert said.startswith(blank.sub("", message.text))
    for part in parts:
        assert len(part.text) <= (capabilities.template_text if part.staying else capabilities.text_max)
        assert not (part.cards and part.text)
        assert len(part.cards) <= capabilities.cards
        assert part.staying <= capabilities.template_buttons
        buttons = [button for row in part.rows for button in row]
        own = bool(part.request) and not capabilities.inline_buttons
        assert len(buttons) + own <= (capabilities.inline_buttons or capabilities.quick_replies or own)
        assert all(part.rows)
        assert part.quick or all(len(row) <= capabilities.buttons_per_row for row in part.rows)
        assert all(len(button.label) <= capabilities.label_hard for button in buttons)
    assert all(not part.rows and not part.replaces and not part.request for part in parts[:-1])
