"""Things shown side by side, or as a list. Never tests what a platform's own payload looks like."""

from bot.channels.messenger.capabilities import MESSENGER
from bot.channels.telegram.capabilities import TELEGRAM
from bot.core.channel import Card, Label, Part, PartButton, PartCard, Rendered
from bot.core.fitting import fit

PHONE = "012 345 678"


def fairs(count: int) -> tuple[Card, ...]:
    return tuple(
        Card(f"ពិព័រណ៍ {number}", "ពោធិ៍សាត់", (Label(f"7:fair{number}", "ចុះឈ្មោះ"),)) for number in range(count)
    )


def test_a_carousel_follows_the_words_and_has_the_other_buttons_below() -> None:
    message = Rendered("ពិព័រណ៍ជិតអ្នក៖", controls=(Label("7:~menu", "ម៉ឺនុយ"),), cards=fairs(2))
    words, cards = fit(message, MESSENGER)
    assert words == Part("ពិព័រណ៍ជិតអ្នក៖")
    assert cards.cards[1] == PartCard("ពិព័រណ៍ 1", "ពោធិ៍សាត់", (PartButton("ចុះឈ្មោះ", "7:fair1"),))
    assert (cards.text, cards.rows, cards.quick) == ("", ((PartButton("ម៉ឺនុយ", "7:~menu"),),), True)
    assert [one.payload for one in cards.buttons] == ["7:fair0", "7:fair1", "7:~menu"]


def test_ten_cards_are_one_carousel_and_eleven_are_two() -> None:
    assert [len(part.cards) for part in fit(Rendered("", cards=fairs(10)), MESSENGER)] == [10]
    assert [len(part.cards) for part in fit(Rendered("", cards=fairs(11)), MESSENGER)] == [10, 1]


def test_a_channel_without_carousels_has_the_same_as_a_list_with_buttons() -> None:
    (part,) = fit(Rendered("ពិព័រណ៍ជិតអ្នក៖", cards=fairs(2)), TELEGRAM)
    assert part.text == "ពិព័រណ៍ជិតអ្នក៖\n\n១. ពិព័រណ៍ 0\nពោធិ៍សាត់\n\n២. ពិព័រណ៍ 1\nពោធិ៍សាត់"
    assert part.rows == ((PartButton("១. ចុះឈ្មោះ", "7:fair0"), PartButton("២. ចុះឈ្មោះ", "7:fair1")),)


def test_eighty_code_points_are_a_card_and_eighty_one_are_a_list_that_loses_nothing() -> None:
    buttons = (Label("7:call", PHONE),)
    (cards,) = fit(Rendered("", cards=(Card("ក" * 80, "ខ" * 80, buttons),)), MESSENGER)
    assert cards.cards == (PartCard("ក" * 80, "ខ" * 80, (PartButton(PHONE, "7:call"),)),)
    (listed,) = fit(Rendered("", cards=(Card("ក" * 80, "ខ" * 81, buttons),)), MESSENGER)
    assert (listed.cards, listed.text) == ((), f"១. {'ក' * 80}\n{'ខ' * 81}")


def test_a_card_of_more_buttons_than_the_channel_has_is_a_list() -> None:
    four = tuple(Label(f"7:{number}", "ចុច") for number in range(4))
    (listed,) = fit(Rendered("", cards=(Card("ក", "ខ", four),)), MESSENGER)
    assert len(listed.buttons) == 4


def test_what_needs_words_below_the_cards_has_a_part_of_its_own() -> None:
    long = Label("7:long", "ជម្រើសដែលវែងជាងម្ភៃតួអក្សរ")
    cards, below = fit(Rendered("", (long,), cards=fairs(1)), MESSENGER)
    assert cards.cards
    assert below.text == "១. ជម្រើសដែលវែងជាងម្ភៃតួអក្សរ"
