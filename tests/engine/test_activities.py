"""Looking for a fair, saying who comes along, changing one's mind: by taps and by typed words."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core import effects as fx
from bot.core.activity import Party
from bot.core.activity_effects import (
    ActivitiesTold,
    FileAsked,
    Introduce,
    OfferAnswered,
    Registered,
)
from bot.core.activity_near import Wishes, nearness
from bot.core.answers import Key, Keys
from bot.core.events import Tap
from tests.engine.fairs import (
    BAKAN,
    COURSE,
    FAIR,
    KRAKOR,
    board,
    coming,
    keys,
    lives,
    looking,
    registered,
    say,
    text,
    told,
)

# --- looking -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("home", "near"),
    [
        (BAKAN, "commune"),
        ("150101", "district"),
        (KRAKOR, "province"),
        ("15", "province"),
        ("2204", "elsewhere"),
        ("", "anywhere"),
    ],
)
def test_how_near_a_fair_is(home: str, near: str) -> None:
    assert nearness(BAKAN, home) == near


def test_the_list_begins_at_home_and_goes_further_only_when_asked() -> None:
    talk = lives(looking(), BAKAN).press("fairs")
    assert keys(talk)[:3] == ["a12", "a13", "far"]
    assert text(talk).index(say("activities.in-commune", list="")) < text(talk).index(
        say("activities.in-province", list="")
    )
    assert told(talk) == {12, 13}
    assert keys(talk.press("far"))[:3] == ["a12", "a13", "a14"]


def test_what_they_told_narrows_the_list_and_one_button_shows_all() -> None:
    talk = lives(looking(), BAKAN, want_sector=Key("garment")).press("fairs")
    assert keys(talk)[:2] == ["a12", "all"]
    assert say("activities.suited") in text(talk)
    assert keys(talk.press("all"))[:2] == ["a12", "a13"]
    assert keys(talk.press("sectors", "sector-construction"))[0] == "a13"


def test_a_wish_that_nothing_fits_hides_nothing() -> None:
    talk = lives(looking(), "220401", want_sector=Key("shop")).press("fairs")
    assert "a14" in keys(talk)


def test_who_wants_to_learn_sees_courses() -> None:
    assert Wishes(kinds=frozenset({"course"})).suit(COURSE)
    assert not Wishes(kinds=frozenset({"rpl-test"})).suit(COURSE)
    assert Wishes(kinds=frozenset({"rpl-test"})).suit(FAIR)
    talk = lives(looking(), BAKAN, want_sector=Key("garment"), training=Keys(("course",))).press("fairs")
    assert {"a12", "a13"} <= set(keys(talk))


def test_long_lists_have_pages_of_six() -> None:
    many = [replace(FAIR, id=20 + number) for number in range(14)]
    talk = lives(looking(), BAKAN)
    talk.board = board(*many)
    seen = set[int]()
    talk.press("fairs")
    for _ in range(2):
        assert len(told(talk)) == 6
        seen |= told(talk)
        talk.press("more")
    assert len(seen | told(talk)) == 16
    assert "more" not in keys(talk)


def test_a_place_that_is_written_is_looked_around() -> None:
    talk = lives(looking(), BAKAN).press("fairs").type("ឧត្តរមានជ័យ")
    assert keys(talk)[0] == "a14"
    assert "ឧត្តរមានជ័យ" in text(talk)
    talk.press("~back").type("សំរោង")
    assert keys(talk)[:2] == ["p-2204", "p-150407"]
    assert "a14" in keys(talk.type("1"))


def test_over_and_called_off_is_not_offered_but_told_to_who_comes() -> None:
    off = replace(FAIR, state="cancelled")
    over = replace(COURSE, sheet=replace(COURSE.sheet, ends_at=COURSE.sheet.starts_at - timedelta(days=40)))
    talk = looking()
    talk.board = board(off, over)
    assert keys(talk.press("fairs"))[0] == "a14"
    talk.board = board(off, mine=coming())
    assert "a12" in keys(talk.press("~menu", "fairs"))
    assert text(talk.press("a12")).startswith(say("activities.cancelled"))
    assert not {"come", "bus"} & set(keys(talk))


def test_only_checked_employers_are_named_and_pay_is() -> None:
    said = text(looking().press("fairs", "a12"))
    assert "រោងចក្រពណ៌ខៀវ" in said
    assert "២១០ ដល់ ២៥០" in said
    assert "ក្រុមហ៊ុនមិនស្គាល់" not in said
    assert said.index("ពិព័រណ៍ការងារបាកាន") == 0


def test_a_course_says_for_whom_it_is_and_what_is_paid_by_which_rule() -> None:
    said = text(looking().press("fairs", "a13"))
    assert "អាយុ ១៥ ឡើង" in said
    assert "V4" in said
    assert "ខែមីនា ឆ្នាំ២០២៤" in said


def test_what_is_moved_says_so_first() -> None:
    talk = looking()
    talk.board = board(replace(FAIR, state="moved", revision=2))
    assert text(talk.press("fairs", "a12")).startswith(say("activities.moved"))
    assert ActivitiesTold(((12, 2),)) in talk.effects


# --- who comes along ---------------------------------------------------------------------------


def test_a_family_with_bus_and_child_is_registered_by_taps() -> None:
    talk = looking().press("fairs", "a12", "bus", "n-2", "n-1", "s-1", "yes", "no", "yes")
    family = Party(adults=2, children=1, stop="pagoda", childcare=True)
    assert registered(talk) == Registered(12, "bus", family, remind=True)
    assert {"ticket", "calendar", "pin", "invite", "list"} <= set(keys(talk))


def test_the_same_is_written_in_numbers_and_words() -> None:
    talk = looking().press("fairs")
    for words in ("1", "2", "៥", "pi", "ផ្សារបាកាន", "ចាស", "ទេ", "no"):
        talk.type(words)
    family = Party(adults=5, children=2, stop="market", childcare=True)
    assert registered(talk) == Registered(12, "bus", family, remind=False)


def test_who_comes_alone_is_asked_no_more_than_is_needed() -> None:
    talk = looking().press("fairs", "a12", "come", "n-1", "n-0", "yes", "yes")
    assert registered(talk) == Registered(12, "come", Party(mobility=True), remind=True)


def test_one_stop_is_not_asked_for_and_a_bus_that_left_is_not_offered() -> None:
    talk = looking()
    one = replace(FAIR, sheet=replace(FAIR.sheet, stops=FAIR.sheet.stops[:1]))
    talk.board = board(one)
    talk.press("fairs", "a12", "bus", "n-1", "n-0", "no", "yes")
    assert registered(talk).party.stop == "market"
    talk.now = one.sheet.starts_at - timedelta(minutes=5)
    talk.session = replace(talk.session, seen_at=talk.now)
    assert "bus" not in keys(talk.happen(Tap("a:12", message="b")))


@pytest.mark.parametrize("words", ["0", "21", "999", "-1", "2.5", "ច្រើន"])
def test_a_number_that_nobody_can_bring_is_asked_again(words: str) -> None:
    talk = looking().press("fairs", "a12", "come").type(words)
    assert talk.session.frames[-1].draft[3] == "adults"
    assert not any(isinstance(one, Registered) for one in talk.effects)


def test_maybe_and_cannot_take_no_seat() -> None:
    talk = looking().press("fairs", "a12", "maybe", "yes")
    assert registered(talk) == Registered(12, "maybe", Party(), remind=True)
    talk = looking().press("fairs", "a12", "cannot")
    assert registered(talk) == Registered(12, "cannot", Party(), remind=False)
    assert "ticket" not in keys(talk)


def test_one_changes_ones_mind_and_whether_to_be_reminded() -> None:
    talk = looking(mine=coming()).press("fairs", "a12")
    assert [one.text for one in talk.buttons if one.text.startswith("✓")] == [f"✓ {say('activities.do-bus')}"]
    assert registered(talk.press("no-remind")) == Registered(12, "bus", coming()[12].party, remind=False)
    assert registered(talk.press("a12", "cannot")).coming == "cannot"


def test_nothing_that_only_sounds_like_it_registers_anybody() -> None:
    talk = looking().press("fairs", "a12").type("mok min pan")
    assert not any(isinstance(one, Registered) for one in talk.effects)


def test_an_offered_seat_is_taken_or_left() -> None:
    until = FAIR.sheet.starts_at - timedelta(days=2)
    talk = looking(mine=coming(seat="offered", offered_until=until)).press("fairs", "a12")
    assert keys(talk)[:2] == ["take", "leave"]
    assert OfferAnswered(12, taken=True) in talk.press("take").effects


def test_the_map_the_files_and_the_link_come_and_the_page_stays() -> None:
    talk = looking().press("fairs", "a12", "pin")
    (pin,) = [one.message.point for one in talk.effects if isinstance(one, fx.Send) and one.message.point]
    assert (pin.latitude, pin.longitude, pin.title) == (12.6, 103.8, "សាលាស្រុក")
    for key, what in (("calendar", "calendar"), ("invite", "link")):
        assert FileAsked(12, what) in talk.press(key).effects
        assert "list" in keys(talk)


def test_an_employer_hears_of_nobody_without_a_yes_and_of_no_child() -> None:
    talk = looking().press("fairs", "a12", "employers", "e-0")
    assert "រោងចក្រពណ៌ខៀវ" in text(talk)
    assert Introduce(12, "e1") not in talk.press("no").effects
    talk.press("a12", "employers", "e-0", "yes")
    assert Introduce(12, "e1") in talk.effects
    child = lives(looking(), BAKAN, age=Key("15-17"))
    assert "employers" not in keys(child.happen(Tap("a:12", message="b")))


@pytest.mark.parametrize("words", ["knhom chong rok karngea", "jong rok kangea", "orkun bong nas"])
def test_what_only_faintly_resembles_a_place_is_none(words: str) -> None:
    talk = looking().press("fairs").type(words)
    assert talk.session.frames[-1].draft == ()


def test_a_place_is_taken_again_where_several_are_offered() -> None:
    talk = looking().press("fairs").type("svay")
    assert talk.session.frames[-1].draft[0] == "places"
    talk.type("បាកាន")
    assert talk.session.frames[-1].draft == ("list", "near", "any", "1501", "0")
