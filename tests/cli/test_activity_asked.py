"""What an import asks before it gives something away or takes words back, and how it tells what it did."""

from pathlib import Path

import pytest

from storage import activities
from tests.cli.command import Spean
from tests.cli.site import store
from tests.cli.test_activities import SAID, made
from tests.cli.test_activity_import import HEAD, ROW, brought, count, listed, plain, rows
from tests.cli.test_activity_twice import line, outcomes, sent, warned

OTHER = "oddar-meanchey"


def by(centre: str, *lines: str) -> str:
    """A file whose rows all name the centre."""
    return "\n".join([f"centre,key,{HEAD}", *(f"{centre},{one}" for one in lines)])


def whose() -> list[str]:
    with store() as found:
        return [one.activity.centre for one in found.read(activities.find)]


@pytest.mark.parametrize(
    "row",
    [line("ពិព័រណ៍", "Fair"), line("ពិព័រណ៍", "Fair", key="own"), line("ពិព័រណ៍", "Job fair")],
    ids=["the same", "with a key", "one title"],
)
@pytest.mark.parametrize("imported", [True, False])
def test_no_import_gives_an_activity_to_another_centre_without_a_word(
    spean: Spean, site: Path, row: str, *, imported: bool
) -> None:
    assert site.exists()
    if imported:
        brought(spean, by("pursat", line("ពិព័រណ៍", "Fair")))
    else:
        made(spean, "title_km=ពិព័រណ៍", "title_en=Fair")
    ran, _ = brought(spean, by(OTHER, row))
    assert (ran.status, whose()) == (1, ["pursat"]), "nobody is here to ask"
    assert "Give 1 to another centre?" in ran.err
    taken = f"it is taken for activity 1 'ពិព័រណ៍ / Fair' of pursat, which {OTHER} organises from now on"
    assert f"row 2: {taken}; write pursat as its centre" in ran.err
    ran, told = brought(spean, by(OTHER, row), "--yes")
    assert (ran.status, outcomes(told), taken in warned(told)[0]) == (0, ["changed"], True)
    assert (whose(), count()) == ([OTHER], 1)
    ran, told = brought(spean, by(OTHER, row))
    assert (ran.status, warned(told)) == (0, [""]), "it is theirs now"


def test_a_number_or_a_key_gives_nothing_away_without_a_word(spean: Spean, site: Path) -> None:
    assert site.exists()
    brought(spean, by("pursat", line("ពិព័រណ៍", "Fair", key="spring")))
    for named in (
        by(OTHER, line("ពិព័រណ៍", "Fair", key="spring")),
        by(OTHER, line("ពិព័រណ៍", "Fair")).replace("centre", "id,centre", 1).replace(OTHER, f"1,{OTHER}"),
    ):
        ran, _ = brought(spean, named)
        assert (ran.status, whose(), "of pursat" in ran.err) == (1, ["pursat"], True)


def test_a_row_with_the_titles_of_another_centre_s_is_refused_in_words(spean: Spean, site: Path) -> None:
    assert site.exists()
    assert spean("staff", "add", "sok", "--role", "admin", "--centre", "pursat").status == 0
    brought(spean, by(OTHER, line("ពិព័រណ៍", "Fair")))
    ran, told = brought(spean, sent(line("ពិព័រណ៍", "Fair")), "--as", "sok")
    there = f"key: activity 1 of {OTHER} has the same title there that day; give the row a key of its own"
    assert (ran.status, told["rows"][0]["errors"]) == (1, [there])
    ran, told = brought(spean, sent(line("ពិព័រណ៍", "Fair", key="ours")), "--as", "sok")
    assert (ran.status, outcomes(told), count()) == (0, ["new"], 2)


def test_an_older_file_takes_words_back_only_after_a_question_that_names_the_rows(
    spean: Spean, site: Path
) -> None:
    assert site.exists()
    many = rows(*(ROW.format(n=at) for at in range(2, 8)))
    brought(spean, many, "--publish")
    assert spean("fair", "edit", 2, "title_km=ពិព័រណ៍ថ្មី", "description_en=Come").status == 0
    ran, _ = brought(spean, many)
    assert (ran.status, "Change what people read in row 3 (title, description)?" in ran.err) == (1, True)
    assert "ពិព័រណ៍ថ្មី" in [one["title"] for one in listed(spean)]
    ran, _ = brought(spean, many.replace("ពិព័រណ៍ ", "ទិវា "))
    named = ", ".join(f"row {at} (title{', description' if at == 3 else ''})" for at in range(2, 7))
    assert f"Change what people read in {named} and 3 more?" in ran.err
    assert brought(spean, many, "--yes")[0].status == 0
    assert "ពិព័រណ៍ថ្មី" not in [one["title"] for one in listed(spean)]


def test_words_that_nobody_reads_yet_and_seats_are_changed_without_a_question(
    spean: Spean, site: Path
) -> None:
    assert site.exists()
    brought(spean, rows())
    assert brought(spean, rows().replace("សាលាឃុំ", "វត្ត"))[0].status == 0, "a draft"
    brought(spean, rows().replace("សាលាឃុំ", "វត្ត"), "--publish")
    assert brought(spean, rows().replace("សាលាឃុំ", "វត្ត").replace(",200,", ",300,"))[0].status == 0


def test_a_draft_that_is_shown_and_nothing_else_is_published_in_words(spean: Spean, site: Path) -> None:
    assert site.exists()
    Path("fairs.csv").write_text(rows())
    assert plain(spean)[0] == 0
    status, lines, summed = plain(spean, "--publish", "--dry-run")
    assert (status, [one.partition(";")[0] for one in lines]) == (0, ["published"] * 2)
    assert "0 new, 0 changed, 2 published, 0 unchanged" in summed
    assert outcomes(brought(spean, rows(), "--publish", "--dry-run")[1]) == ["changed"] * 2, "as it was"
    Path("fairs.csv").write_text(rows().replace(",200,", ",300,", 1))
    status, lines, summed = plain(spean, "--publish")
    assert (status, [one.partition(";")[0] for one in lines]) == (0, ["changed", "published"])
    assert summed == "0 new, 1 changed, 1 published, 0 unchanged"


def test_what_is_to_be_looked_at_is_not_told_as_a_fault(spean: Spean, site: Path) -> None:
    assert site.exists()
    Path("fairs.csv").write_text(rows("x,,999999,v,2027-03-06T08:00,2027-03-06T16:00,,ផ្សារ,30"))
    _, lines, _ = plain(spean)
    faults, _, more = lines[2].partition("; also look at ")
    assert "commune: '999999'" in faults
    assert "so everybody reads" not in faults
    assert "so everybody reads" in more


def test_a_column_that_is_not_typed_says_who_changes_it(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean)
    for typed, said in (
        (("edit", number, "key=foo"), "key · it belongs to an import"),
        (("edit", number, "--state", "done"), "spean activity publish, cancel or done changes it"),
        (("add", *SAID, "state=cancelled"), "spean activity publish, cancel or done changes it"),
        (("edit", number, "id=5"), "id · each has its number from the start"),
    ):
        ran = spean("fair", *typed)
        assert (ran.status, said in ran.err) == (2, True), ran.err
    wrong = spean("fair", "edit", number, "tittle=x").err
    assert "it is no column with a value · columns: kind, " in wrong
    assert ", state" not in wrong


def test_one_of_a_thing_is_not_many(spean: Spean, site: Path) -> None:
    assert site.exists()
    made(spean)
    assert spean("fair", "edit", 1, "starts_at=2026-13-41").err.startswith("1 fault · starts_at: there is no")
    assert spean("fair", "export", "out.csv").err == "1 activity: out.csv\n"
