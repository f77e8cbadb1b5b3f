"""What reminders say: how far off it is, and the last one how to be ready."""

import pytest

from bot.core.activity import Bilingual
from tests.runner.office import WHO, Office
from tests.runner.planned import START, TITLE, Planned


@pytest.fixture
async def planned(office: Office) -> Planned:
    return Planned(office)


async def test_each_reminder_says_how_far_off_it_is_behind_a_neutral_line(planned: Planned) -> None:
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("12-05 08:00")
    said = [one.part.text.split("\n") for one in await planned.said()]
    assert {lines[0] for lines in said} == {await planned.office.words("reminder.remind")}
    front = ["នៅសល់ ៧ ថ្ងៃ", "ថ្ងៃស្អែក", "ត្រៀមសម្រាប់ថ្ងៃស្អែក"]
    assert [lines[1] for lines in said] == [f"{soon}៖ {TITLE}" for soon in front]


async def test_two_of_one_evening_do_not_say_the_same(planned: Planned) -> None:
    """The last one says when to be where, with what, and that no other follows."""
    await planned.publish()
    await planned.change(bring=Bilingual("អត្តសញ្ញាណប័ណ្ណ", "ID card"))
    await planned.fair.answers("bus", 2, stop="bakan")
    await planned.until("12-05 08:00")
    _, before, last = [one.part.text for one in await planned.said()]
    for said in ("ផ្សារបាកាន", "អត្តសញ្ញាណប័ណ្ណ", "ម៉ោង ៨ ព្រឹក", await planned.office.words("reminder.last")):
        assert said in last
    assert await planned.office.words("reminder.last") not in before


async def test_the_last_one_names_the_day_for_whoever_reads_it_in_the_morning(planned: Planned) -> None:
    """It may be kept back until they write, or be read when "tomorrow" is today."""
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("12-05 08:00")
    when = (await planned.said())[-1].part.text.split("\n")[2]
    assert "ថ្ងៃសៅរ៍ ទី៥ ខែធ្នូ" in when
    assert "ម៉ោង ៨ ព្រឹក" in when


async def test_what_leaves_on_the_day_itself_says_today(planned: Planned) -> None:
    await planned.publish()
    noon = START.replace(hour=5)
    await planned.change(starts_at=noon, ends_at=noon.replace(hour=9), stops=())
    await planned.fair.answers("come")
    await planned.until("12-05 12:00")
    assert "ថ្ងៃនេះ" in (await planned.said())[-1].part.text.split("\n")[1]


async def test_two_of_one_evening_differ_also_where_others_see_them(planned: Planned) -> None:
    await planned.publish()
    await planned.fair.answers("come")
    await planned.flagged(WHO, "discreet")
    await planned.until("12-05 08:00")
    said = [one.part.text for one in await planned.said()]
    assert len(set(said[1:])) == 2
    assert not [one for one in said if TITLE in one]
