"""Questions answered by heart: whole, as a draft or only what is sure; what waits goes on waiting."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot import scripts
from bot.core import effects as fx
from bot.core import engine
from bot.core.answers import Words
from bot.core.book import Shelf
from bot.core.contact import Address
from bot.core.events import Event, Media, Start, Tap, Text
from bot.core.faq import Entry, Reviewer, changed, saying
from bot.core.khmer.questions import asks
from tests.engine.shipped import NOON, ROOT, Talk, agreed, release

FAQ = release().book.faq
OWED = FAQ.entries["q01-wages-owed"]
TODAY = NOON.date()
REVIEWED = Reviewer("Sok Dara", "legal aid", date(2026, 11, 20))


def say(message_id: str) -> str:
    return release().words.say(message_id, "km")


def at_menu() -> Talk:
    return agreed().press("~menu")


def asked(entry: Entry) -> str:
    """The first way in which people ask it."""
    return entry.phrasings[0]


@pytest.mark.parametrize(
    ("reviewed", "withdrawn", "sample", "day", "said"),
    [
        (None, False, True, TODAY, "draft"),
        (None, False, False, TODAY, "sure"),
        (REVIEWED, False, False, TODAY, "whole"),
        (REVIEWED, True, False, TODAY, "sure"),
        (REVIEWED, False, False, FAQ.until(OWED), "sure"),
        (REVIEWED, False, False, FAQ.until(OWED) - timedelta(days=1), "whole"),
    ],
)
def test_a_legal_answer_is_asserted_only_while_somebody_answers_for_it(
    *, reviewed: Reviewer | None, withdrawn: bool, sample: bool, day: date, said: str
) -> None:
    entry = replace(OWED, reviewed_by=reviewed)
    taken_back = frozenset({entry.id}) if withdrawn else frozenset()
    assert saying(FAQ, entry, day, taken_back, sample=sample) == said
    assert changed(FAQ, entry, day, taken_back) == (withdrawn or day == FAQ.until(OWED))


def test_what_is_practical_needs_no_reviewer() -> None:
    practical = next(one for one in FAQ.entries.values() if one.kind == "practical")
    assert saying(FAQ, practical, TODAY, frozenset(), sample=False) == "whole"


def test_a_fact_that_has_run_out_takes_its_answers_with_it() -> None:
    fact = next(name for name in OWED.names if name in FAQ.facts)
    facts = {**FAQ.facts, fact: replace(FAQ.facts[fact], expires=TODAY)}
    assert saying(replace(FAQ, facts=facts), OWED, TODAY, frozenset(), sample=True) == "sure"


def test_every_answer_can_be_said_in_both_languages_and_names_no_digit_of_its_own() -> None:
    for entry in FAQ.entries.values():
        for language in ("km", "en"):
            for message in (entry.question, entry.answer, entry.sure):
                assert release().words.say(message, language)
            assert len(release().words.say(entry.sure, language)) <= 300
            assert not any(one.isdigit() for one in release().words.say(entry.answer, language)), entry.id


def test_nothing_that_is_said_of_an_entry_is_said_unless_it_may_be() -> None:
    talk = at_menu()
    event = Event("q", Address("telegram:1", "5"), talk.now, Text(asked(OWED), message="q"))
    live = Shelf(release().book, {release().digest: release().book})
    turn = engine.advance(live, talk.contact, talk.session, event, talk.now)
    shown = [one for one in turn.effects if isinstance(one, fx.AnswerShown)]
    assert shown == [fx.AnswerShown(OWED.id, OWED.version, "sure")]
    said = [line.id for one in turn.effects if isinstance(one, fx.Send) for line in one.message.lines]
    assert OWED.sure in said
    assert OWED.answer not in said


def test_every_button_of_every_topic_leads_to_its_answer() -> None:
    for topic in {entry.topic for entry in FAQ.entries.values()}:
        for entry in FAQ.of(topic):
            talk = at_menu().press("ask", f"t-{topic}", entry.id)
            shown = next(one for one in talk.effects if isinstance(one, fx.AnswerShown))
            assert (shown.entry, shown.version) == (entry.id, entry.version)
            assert shown.saying == ("sure" if entry.kind == "legal" else "whole")
            talk.press("not-helped")
            assert fx.AnswerJudged(entry.id, helped=False) in talk.effects
            assert not any(isinstance(one, fx.AnswerShown) for one in talk.effects)
            assert talk.press("topics").said[-1].text == say("faq.ask")


@pytest.mark.parametrize("key", ["person", "claim", "intake"])
def test_an_answer_leads_on(key: str) -> None:
    entry = next(one for one in FAQ.entries.values() if key in one.follow_ups)
    talk = at_menu().press("ask", f"t-{entry.topic}", entry.id, f"lead-{key}")
    assert all(frame.dialog != "faq" for frame in talk.session.frames)


def test_a_question_in_the_middle_is_answered_once_and_the_waiting_question_is_the_same() -> None:
    talk = agreed()
    before, question = talk.session.frames, talk.said[-1]
    talk.type(asked(OWED))
    assert len(talk.said) == 2
    assert say(OWED.sure) in talk.said[0].text
    assert talk.said[1] == question
    assert talk.session.frames == before


def test_an_answer_written_on_a_page_of_suggestions_answers_the_question_below() -> None:
    talk = agreed().press("mine", "none")
    talk.type("តើ luy thaoke")
    assert talk.node == "faq.ask"
    talk.type("៣០")
    assert talk.node == "intake.home"


def test_what_nobody_knows_is_said_and_staff_learn_the_question() -> None:
    talk = at_menu().type("ព្រះច័ន្ទឆ្ងាយពីផែនដីប៉ុន្មានគីឡូម៉ែត្រ")
    assert fx.QuestionMissed("ព្រះច័ន្ទឆ្ងាយពីផែនដីប៉ុន្មានគីឡូម៉ែត្រ") in talk.effects
    assert say("faq.unknown") in talk.said[-1].text


def test_none_of_these_is_a_question_that_was_missed() -> None:
    for words, missed in (("luy thaoke ban te", True), ("luy thaoke", False)):
        talk = at_menu().type(words)
        assert say("faq.suggest") in talk.said[-1].text
        talk.press("none")
        assert (fx.QuestionMissed(words) in talk.effects) is missed


def test_words_of_a_private_dialog_are_no_question() -> None:
    talk = at_menu().type("តវ៉ា")
    for _ in range(3):
        talk.type(asked(OWED))
        assert not any(isinstance(one, fx.AnswerShown | fx.QuestionMissed) for one in talk.effects)


@pytest.mark.parametrize("words", ["សុខ", "ស្រីមុំ", "Chan Dara", "ខ្ញុំឈ្មោះវណ្ណា", "លី"])
def test_a_name_is_never_taken_for_a_question(words: str) -> None:
    talk = agreed()
    *below, frame = talk.session.frames
    there = replace(frame, dialog="about-you", node="name", asked=True)
    talk.session = replace(talk.session, frames=(*below, there))
    talk.type(words)
    assert not any(isinstance(one, fx.AnswerShown | fx.QuestionMissed) for one in talk.effects)


def standing_at(dialog: str, node: str) -> Talk:
    """Agreed, and asked this question."""
    talk = agreed()
    *below, frame = talk.session.frames
    there = replace(frame, dialog=dialog, node=node, asked=True, history=("phone-sharing",))
    talk.session = replace(talk.session, frames=(*below, there))
    return talk


def test_what_is_written_for_a_person_is_kept_and_what_is_known_is_said_besides() -> None:
    talk = standing_at("talk", "about").type(asked(OWED))
    kept = [one for one in talk.effects if isinstance(one, fx.SaveAnswer)]
    assert [one.value for one in kept] == [Words(asked(OWED))]
    assert say(OWED.sure) in "".join(one.text for one in talk.said)


def test_need_beside_a_question_is_heard() -> None:
    talk = standing_at("talk", "about").type("ខ្ញុំអត់មានបាយហូបទេ តើខ្ញុំទារលុយថៅកែនៅថៃបានទេ?")
    assert any(isinstance(one, fx.SaveAnswer) for one in talk.effects)
    assert any(isinstance(one, fx.CaseOpened) and one.urgent for one in talk.effects)


@pytest.mark.parametrize(
    "words", ["តើប្រាក់ឈ្នួល 20 បាត គ្រប់គ្រាន់ទេ?", "តើខ្ញុំត្រូវរង់ចាំ ៣០ ថ្ងៃឬទេ?", "តើ៥០ ដុល្លារបានទេ?"]
)
def test_a_number_within_a_question_is_no_age(words: str) -> None:
    talk = standing_at("intake", "age").type(words)
    assert not any(isinstance(one, fx.SaveAnswer) for one in talk.effects)


def test_a_question_in_place_of_a_place_is_not_stored() -> None:
    talk = standing_at("thailand", "other-province").type("តើលេខទូរសព្ទស្ថានទូតម៉ាឡេស៊ីគឺប៉ុន្មាន?")
    assert not any(isinstance(one, fx.SaveAnswer) for one in talk.effects)
    assert say("faq.later") in talk.said[-1].text
    assert say("bot.retry.text") not in talk.said[-1].text


def test_an_edited_question_corrects_no_answer() -> None:
    talk = standing_at("thailand", "sector").type(asked(OWED))
    talk.happen(Text("កែ សំណួរ", message="m9", edits=f"m{talk.count - 1}"))
    assert not any(isinstance(one, fx.SaveAnswer | fx.ForgetAnswer) for one in talk.effects)


@pytest.mark.parametrize("pressed", [(), ("none",), ("",), ("", "not-helped")])
def test_back_leads_from_a_page_to_the_question_below(pressed: tuple[str, ...]) -> None:
    talk = agreed().press("mine", "none").type("thaoke min berk luy te?")
    assert talk.node == "faq.ask"
    first = talk.buttons[0].payload.partition(":")[2]
    assert talk.press(*(key or first for key in pressed), "~back").node == "intake.age"


def test_the_menu_puts_no_page_of_answers_aside() -> None:
    talk = agreed().press("mine", "none").type("thaoke min berk luy te?").press("~menu", "continue")
    assert talk.node == "intake.age"


def test_a_page_is_that_of_the_live_release() -> None:
    talk = at_menu().press("ask")
    files = dict(scripts.read_files(ROOT))
    del files["dialogs/faq/debt.toml"]
    files["dialogs/faq.toml"] = files["dialogs/faq.toml"].replace(b'  "debt",\n', b"")
    for name in [one for one in files if one.endswith(".po")]:
        files[name] = files[name].replace(b'msgid "faq.topic.debt"', b'msgid "faq.topic.gone"')
    talk.live = scripts.reopen_release(files)
    talk.happen(Start())
    assert not any(one.payload.endswith(":t-debt") for one in talk.buttons)
    assert any(one.payload.endswith(":t-pay") for one in talk.buttons)


def test_every_time_an_answer_is_shown_is_remembered() -> None:
    talk = at_menu().press("ask", "t-pay", OWED.id).happen(Start())
    assert fx.AnswerShown(OWED.id, OWED.version, "sure") in talk.effects


def test_a_voice_note_on_a_page_is_for_a_person() -> None:
    talk = at_menu().press("ask").happen(Media("voice", "file", "audio/ogg", 900))
    assert any(isinstance(one, fx.KeepMedia) for one in talk.effects)
    assert all(frame.dialog != "faq" for frame in talk.session.frames[-1:])


def test_listening_on_a_page_speaks_the_answer() -> None:
    talk = at_menu().press("ask", "t-pay", OWED.id).happen(Tap("v:", message="b"))
    spoken = [one for one in talk.effects if isinstance(one, fx.Speak)]
    assert spoken
    assert OWED.sure in spoken[0].messages


def test_yes_and_no_are_understood_on_a_page() -> None:
    talk = at_menu().press("ask", "t-pay", OWED.id).type("អត់ទេ")
    assert fx.AnswerJudged(OWED.id, helped=False) in talk.effects
    assert talk.type("បាទ").session.frames[-1].dialog != "faq"


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("តើខ្ញុំទារលុយបានទេ", True),
        ("ទៅណា", True),
        ("ខ្ញុំឈ្មោះវណ្ណា", False),
        ("ធ្វើម៉េច", True),
        ("ban te", True),
        ("how do I get paid", True),
        ("ทำยังไง", True),
        ("ខ្ញុំមិនបានលុយទេ", False),
        ("ខ្ញុំនៅពោធិ៍សាត់", False),
        ("អត់មានទេ", False),
        ("I worked in Rayong", False),
        ("", False),
        ("???", False),
        ("ទេ", False),
        ("អត់ទេ", False),
    ],
)
def test_a_statement_is_told_from_a_question(*, words: str, question: bool) -> None:
    assert asks(words) is question
