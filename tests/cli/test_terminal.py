"""How a part looks in a terminal."""

from bot.channels.terminal.show import last_buttons, write
from bot.core.channel import Document, Part, PartButton, PartCard

YES, NO = PartButton("បាទ/ចាស", "3:yes"), PartButton("ទេ", "3:no")


def test_buttons_are_numbered_below_the_words() -> None:
    assert write(Part("តើអ្នកយល់ព្រមទេ?", rows=((YES, NO),))) == "តើអ្នកយល់ព្រមទេ?\n  [1] បាទ/ចាស\n  [2] ទេ"


def test_a_document_is_named() -> None:
    assert (
        write(Part("នេះ", document=Document(7, "my-data.json", "application/json")))
        == "នេះ\n  <my-data.json>"
    )


def test_a_recording_is_named_by_its_message() -> None:
    path = "locales/km/voice/intake.age.ogg"
    assert (
        write(Part("", document=Document(0, "intake.age.ogg", "audio/ogg", "0" * 64, path)))
        == "  🔊 intake.age"
    )


def test_cards_are_read_one_below_the_other_and_their_buttons_numbered_first() -> None:
    cards = (PartCard("ពោធិ៍សាត់", "ម៉ោង ៨", (YES,)), PartCard("ព្រះវិហារ", ""))
    part = Part("", cards=cards, rows=((NO,),), quick=True)
    assert write(part) == "ពោធិ៍សាត់\nម៉ោង ៨\n\nព្រះវិហារ\n  [1] បាទ/ចាស\n  [2] ទេ"
    assert last_buttons([part]) == (YES, NO)


def test_the_last_message_with_buttons_is_the_one_to_tap() -> None:
    assert last_buttons([Part("a", rows=((YES,), (NO,))), Part("b")]) == (YES, NO)
    assert last_buttons([Part("b")]) == ()
