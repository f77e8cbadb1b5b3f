"""Who reads about activities: whoever may do anything at the centre that organises one, and nobody else."""

import json
from pathlib import Path

from tests.cli.command import Spean
from tests.cli.site import audited
from tests.cli.test_activities import SAID, guest, listed, made


def test_staff_read_only_what_their_own_centre_organises(spean: Spean, site: Path) -> None:
    assert site.exists()
    for name, centre in (("sok", "pursat"), ("neary", "preah-vihear")):
        assert spean("staff", "add", name, "--role", "broadcaster", "--centre", centre).status == 0
    number = made(spean, "--publish")
    for command in (("show", number), ("outcomes", number), ("registered", number)):
        assert spean("fair", *command, "--as", "sok").status == 0, command
        assert spean("fair", *command, "--as", "neary").status == 1, command
        assert spean("fair", *command, "--as", "vanna").status == 1, "a viewer reads no fair"
        assert spean("fair", *command, "--as", "nobody").status == 1, command
    assert [one["id"] for one in listed(spean, "--as", "sok")] == [number]
    assert listed(spean, "--as", "neary") == []
    assert spean("fair", "list", "--as", "neary", "--centre", "pursat").status == 1
    assert spean("fair", "list", "--as", "vanna").status == 1

    assert spean("fair", "export", "mine.csv", "--as", "sok").status == 0
    assert spean("fair", "export", "theirs.csv", "--as", "neary").status == 0
    lines = [len(Path(name).read_text().splitlines()) for name in ("mine.csv", "theirs.csv")]
    assert lines == [2, 1], "a head, and what is theirs"
    assert spean("fair", "export", "none.csv", "--as", "vanna").status == 1
    assert not Path("none.csv").exists()


def test_fairs_are_the_activities_of_the_kind_fair(spean: Spean, site: Path) -> None:
    assert site.exists()
    assert spean("activity", "add", "kind=course", *SAID, "title_en=Welding").status == 0
    made(spean)
    assert len(listed(spean)) == 2
    assert spean("activity", "list", "--kind", "fair", "--json").out == spean("fair", "list", "--json").out
    assert spean("fair", "list", "--kind", "course").status == 2
    for family, more in (("fair", ()), ("activity", ("--kind", "fair"))):
        assert spean(family, "export", f"{family}.csv", *more).status == 0
    assert Path("fair.csv").read_bytes() == Path("activity.csv").read_bytes()
    assert "--kind fair" in spean("fair", "--help").out


def test_staff_list_who_is_registered_and_note_by_number_who_came(spean: Spean, site: Path) -> None:
    assert site.exists()
    number = made(spean, "bus_stop=ផ្សារ / Market", "bus_at=06:30", "bus_seats=30", "--publish")
    empty = spean("fair", "registered", number, "--as", "dara")
    assert (empty.status, "nobody" in empty.err) == (0, True)
    family = guest(number, "1", adults=3)
    rows = [json.loads(one) for one in spean("fair", "registered", number, "--as", "dara", "--json").lines]
    assert rows == [
        {
            "contact": family,
            "name": "",
            "answer": "come",
            "seat": "held",
            "adults": 3,
            "children": 0,
            "stop": "",
            "needs": "",
            "came": None,
        }
    ]
    assert spean("fair", "came", number, "--contact", rows[0]["contact"], "--as", "dara", "--yes").status == 0
    (row,) = spean("fair", "registered", number, "--as", "dara", "--json").lines
    assert json.loads(row)["came"] == 3
    read = [what for _, action, what in audited("activity.") if action == "activity.names"]
    assert read == [f"activity {number} registered {count}" for count in (0, 1, 1)]
    assert spean("activity", "registered", number + 1).status == 1
