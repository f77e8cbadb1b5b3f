"""An import and the activities that stand there already: no second fair because of a mended title."""

from pathlib import Path
from typing import Any

import pytest

from storage import activities
from tests.cli.command import Spean
from tests.cli.site import store
from tests.cli.test_activities import SAID, guest, made
from tests.cli.test_activity_import import HEAD, brought, count, listed

WHEN = "2027-03-06T08:00,2027-03-06T16:00"


def line(km: str, en: str, *, key: str = "", place: str = "150101", when: str = WHEN) -> str:
    return f"{key},{km},{en},{place},,{when},,,"


def sent(*lines: str) -> str:
    return "\n".join([f"key,{HEAD}", *lines])


def outcomes(told: dict[str, Any]) -> list[str]:
    return [one["outcome"] for one in told["rows"]]


def warned(told: dict[str, Any]) -> list[str]:
    """Of each row, what is said of others; nothing of titles that are missing."""
    return [
        "; ".join(one for one in row["warnings"] if "activity" in one or "row" in one) for row in told["rows"]
    ]


def keys() -> list[str | None]:
    with store() as found:
        return [one.source for one in found.read(activities.find)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("ពិព័រណ៍", "Job fiar"), ("ពិព័រណ៍", "Job fair")),
        (("ពិព័ណ៍", "Job fair"), ("ពិព័រណ៍", "Job fair")),
        (("ពិព័រណ៍", ""), ("ពិព័រណ៍", "Job fair")),
    ],
)
def test_a_title_that_is_mended_makes_no_second_fair(
    spean: Spean, site: Path, before: tuple[str, str], after: tuple[str, str]
) -> None:
    assert site.exists()
    _, first = brought(spean, sent(line(*before)), "--publish")
    ran, told = brought(spean, sent(line(*after)), "--publish", "--yes")
    assert (ran.status, outcomes(told), count()) == (0, ["changed"], 1)
    assert told["rows"][0]["id"] == first["rows"][0]["id"]
    assert "it is taken for activity 1 '" in warned(told)[0]
    assert listed(spean)[0]["title"] == after[0]
    _, again = brought(spean, sent(line(*after)))
    assert (outcomes(again), warned(again)) == (["unchanged"], [""])
    assert outcomes(brought(spean, sent(line(*before)), "--yes")[1]) == ["changed"], (
        "also what it was called first"
    )
    assert count() == 1


def test_another_title_on_that_day_is_shown_to_people_only_after_a_question(spean: Spean, site: Path) -> None:
    assert site.exists()
    brought(spean, sent(line("ពិព័រណ៍", "Fair")), "--publish")
    other = sent(line("ទិវាការងារ", "Work day"))
    ran, _ = brought(spean, other, "--publish")
    assert (ran.status, count()) == (1, 1), "nobody is here to ask"
    assert "Show 1 that may be there already?" in ran.err
    assert "row 2: another activity stands on that day in that commune: 1 'ពិព័រណ៍ / Fair'" in ran.err
    ran, told = brought(spean, other)
    assert (ran.status, outcomes(told), count()) == (0, ["new"], 2), "nobody sees a draft"
    stands = "another activity stands on that day in that commune: 1 'ពិព័រណ៍ / Fair'"
    assert warned(told) == [f"{stands}; write its id or key to change it"]
    three = sent(line("ពិព័រណ៍", "Fair"), line("ទិវាការងារ", "Work day"), line("ថ្មី", "New"))
    ran, told = brought(spean, three, "--publish")
    assert (ran.status, outcomes(told)) == (0, ["unchanged", "changed", "new"]), (
        "the others are there beside it"
    )
    far = (line("ក", "A", place="150102"), line("ខ", "B", when=WHEN.replace("-06T", "-07T")))
    assert warned(brought(spean, sent(*far))[1]) == ["", ""]


def test_an_earlier_row_with_one_title_of_it_is_named(spean: Spean, site: Path) -> None:
    assert site.exists()
    twice = sent(line("ពិព័រណ៍", "Fair"), line("ទិវា", "Day"), line("ពិព័រណ៍", "Job fair"))
    ran, _ = brought(spean, twice, "--publish")
    assert (ran.status, count()) == (1, 0)
    assert "Show 1 that may be there already?" in ran.err, "two that share no word are two"
    ran, told = brought(spean, twice, "--publish", "--yes")
    assert (ran.status, outcomes(told)) == (0, ["new"] * 3)
    assert ["row 2 'ពិព័រណ៍ / Fair'" in one for one in warned(told)] == [False, True, True]
    _, again = brought(spean, twice.replace("Job fair", "Fair of jobs"), "--yes")
    assert outcomes(again) == ["unchanged", "unchanged", "changed"], "the others are themselves"


def test_it_is_not_guessed_which_of_two_is_meant(spean: Spean, site: Path) -> None:
    assert site.exists()
    brought(spean, sent(line("ពិព័រណ៍", "One"), line("ពិព័រណ៍", "Two")))
    _, told = brought(spean, sent(line("ពិព័រណ៍", "Three")))
    assert (outcomes(told), count()) == (["new"], 3)
    brought(spean, sent(line("ទិវា", "Day", place="150102")))
    both = sent(line("ទិវា", "First", place="150102"), line("ទិវា", "Second", place="150102"))
    assert (outcomes(brought(spean, both)[1]), count()) == (["new", "new"], 6)


def test_what_was_made_at_the_desk_is_found_by_its_titles(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean)
    assert spean("fair", "edit", number, "title_km=ពិព័រណ៍", "title_en=Fair").status == 0
    _, told = brought(spean, sent(line("ពិព័រណ៍", "Fair")))
    assert (told["rows"][0]["id"], warned(told), count()) == (number, [""], 1)


def test_a_key_that_is_added_later_is_kept_and_another_key_is_another_one(spean: Spean, site: Path) -> None:
    assert site.exists()
    brought(spean, sent(line("ពិព័រណ៍", "Fair")))
    ran, told = brought(spean, sent(line("ពិព័រណ៍", "Fair", key="spring")))
    assert (ran.status, outcomes(told), count(), keys()) == (0, ["changed"], 1, ["spring"])
    later = line("ទិវា", "Day", key="spring", when=WHEN.replace("-06T", "-09T"))
    assert (outcomes(brought(spean, sent(later))[1]), count()) == (["changed"], 1)
    _, told = brought(spean, sent(line("ទិវា", "Day", key="autumn", when=WHEN.replace("-06T", "-09T"))))
    assert (outcomes(told), count()) == (["new"], 2)
    assert "activity 1 " not in warned(told)[0]
    assert ": 1 'ទិវា / Day'" in warned(told)[0]


def test_a_number_may_be_given_a_key_that_no_other_one_has(spean: Spean, site: Path) -> None:
    assert site.exists()
    brought(spean, sent(line("ក", "A", key="a"), line("ខ", "B", place="150102")))
    head, *rows = sent(line("ខ", "B", key="b", place="150102")).splitlines()
    named = f"id,{head}\n2,{rows[0]}"
    ran, told = brought(spean, named.replace("\n2,b,", "\n2,a,"))
    assert (ran.status, told["rows"][0]["errors"]) == (1, ["key: it is that of activity 1"])
    assert brought(spean, named)[0].status == 0
    assert keys() == ["a", "b"]


def test_what_was_called_off_is_not_taken_for_a_new_one(spean: Spean, site: Path) -> None:
    assert site.exists()
    brought(spean, sent(line("ពិព័រណ៍", "Fair")), "--publish")
    assert spean("fair", "cancel", 1, "--yes").status == 0
    ran, told = brought(spean, sent(line("ពិព័រណ៍", "Fair again")), "--publish")
    assert (ran.status, outcomes(told)) == (0, ["new"])
    assert warned(told)[0].endswith("1 'ពិព័រណ៍ / Fair', which is cancelled")


def test_another_centre_keeps_its_own(spean: Spean, site: Path) -> None:
    """Oddar Meanchey organises something in Pursat; Pursat's staff neither change nor see the draft."""
    assert site.exists()
    assert spean("staff", "add", "sok", "--role", "admin", "--centre", "pursat").status == 0
    made(spean, "centre=oddar-meanchey", "title_km=ពិព័រណ៍")
    ran, told = brought(spean, sent(line("ពិព័រណ៍", "Fair")), "--as", "sok")
    assert (ran.status, outcomes(told), warned(told), count()) == (0, ["new"], [""], 2)


def test_the_desk_is_warned_too(spean: Spean, site: Path) -> None:
    assert site.exists()
    made(spean)
    ran = spean("fair", "add", *SAID, "title_en=Fair of jobs")
    assert (ran.status, "another activity stands on that day" in ran.err) == (0, True)


def test_an_import_that_takes_something_away_asks_first_as_an_edit_does(spean: Spean, site: Path) -> None:
    assert site.exists()
    full = sent(line("ពិព័រណ៍", "Fair").removesuffix(",,,") + ",200,,")
    brought(spean, full, "--publish")
    guest(1, "1", adults=3)
    fewer = full.replace(",200,,", ",1,,")
    for more, status in (((), 1), (("--dry-run",), 0), (("--yes",), 0)):
        ran, told = brought(spean, fewer, *more)
        assert ran.status == status
        assert "row 2: 2 people more hold a seat than there would be; call them" in ran.err
        assert all("2 people more" in row["warnings"][0] for row in told.get("rows", ()))
        with store() as found:
            capacity = found.read(activities.find)[0].activity.sheet.capacity
        assert capacity == (1 if more == ("--yes",) else 200)
