"""When a recording goes out: with a sentence that is said anew, not with every repetition."""

from functools import cache

from bot import scripts
from bot.core import effects as fx
from bot.core.events import Command, Start
from tests.engine.shipped import ROOT, Talk

SPOKEN = {
    "intake": ("phone-sharing", "careful", "urgent"),
    "home-detail": ("commune",),
    "papers": ("papers",),
}


@cache
def spoken() -> scripts.Release:
    """The shipped script with some sentences recorded."""
    files = dict(scripts.read_files(ROOT))
    for dialog, nodes in SPOKEN.items():
        text = files[f"dialogs/{dialog}.toml"].decode()
        for node in nodes:
            assert text.count(f'id = "{node}"\nkind') == 1
            text = text.replace(f'id = "{node}"\nkind', f'id = "{node}"\nspeech = true\nkind')
        files[f"dialogs/{dialog}.toml"] = text.encode()
    return scripts.compile_release(files)


def recordings(talk: Talk) -> list[str | None]:
    """The recording of each message of the last step."""
    return [effect.message.speech for effect in talk.effects if isinstance(effect, fx.Send)]


def at_phone_sharing() -> Talk:
    talk = Talk(live=spoken()).happen(Start())
    assert recordings(talk) == [None]
    return talk.tap("ភាសាខ្មែរ").tap("ជំនួយសម្រាប់ខ្ញុំ").tap("យល់ព្រម")


def at_topics() -> Talk:
    talk = at_phone_sharing()
    while any(button.text == "រំលង" for button in talk.buttons):
        talk.tap("រំលង")
    talk.tap("ពោធិ៍សាត់")
    while any(button.text == "រំលង" for button in talk.buttons):
        talk.tap("រំលង")
    return talk.happen(Command("menu")).tap("ប្រាប់បន្ថែម")


def test_a_question_and_a_sentence_without_one_have_their_recordings() -> None:
    talk = at_phone_sharing()
    assert recordings(talk)[-1] == "intake.phone-sharing"
    assert recordings(talk.type("careful")) == ["intake.careful", "intake.urgent"]


def test_a_question_that_is_said_again_is_not_heard_again() -> None:
    talk = at_phone_sharing()
    assert recordings(talk.tap("ហេតុអ្វី")) == [None]
    assert recordings(talk.type("???")) == [None]


def test_going_back_asks_anew_and_another_language_says_it_anew() -> None:
    talk = at_phone_sharing().tap("រំលង").tap("ថយ")
    assert recordings(talk) == ["intake.phone-sharing"]
    assert recordings(talk.happen(Command("language", "en"))) == ["intake.phone-sharing"]


def test_ticks_do_not_speak() -> None:
    talk = at_topics().tap("ឯកសារ")
    assert recordings(talk) == ["papers.papers"]
    first = talk.buttons[0].text
    assert recordings(talk.tap(first)) == [None]


def test_a_place_speaks_once_however_deep_it_is_asked() -> None:
    talk = at_topics().tap("ផ្ទះ និងឃុំ")
    assert recordings(talk) == ["home-detail.commune"]
    assert recordings(talk.tap(talk.buttons[0].text)) == [None]
