"""What is planted is found only where the issue allows it, and nowhere once the person has erased it."""

from pathlib import Path

from tests.leak import planted, story
from tests.leak.hay import Hay
from tests.leak.needles import Needle
from tests.leak.planted import COMPLAINED, DANGEROUS, EVERYTHING, HERS, HIS, SECRETS, THEIRS
from tests.leak.rules import LIVING, SEALED, of_backup
from tests.leak.story import Story
from tests.leak.table import Allowed, faults

STAYS = (*COMPLAINED, *THEIRS)  # the complaint is nobody's; the person at the page has not erased
LATER = tuple(Allowed(one.needles, one.heaps, one.why) for one in LIVING)  # before everything has happened
PRESENT = tuple(one for one in SEALED if any(one.about(needle.name) for needle in STAYS))


async def test_what_people_say_lies_only_where_it_may_and_nowhere_after_erasure(tmp_path: Path) -> None:
    async with story.told(tmp_path) as told:
        for act in (
            story.they_tell,
            story.staff_comes,
            story.danger_comes,
            story.she_protects_herself,
            story.staff_works,
            story.he_complains,
            story.it_breaks,
            story.operators_work,
        ):
            await act(told)
        living = told.look("living")
        assert_we_listen(living)
        assert not faults(living, (*EVERYTHING, *keys_of(told)), LIVING)
        assert not faults(told.looks["killed"], EVERYTHING, LATER)
        assert_nobody_complained(told)

        await story.she_erases_herself(told)
        await story.he_is_erased(told)
        told.turn_the_page()
        assert_erased(told, told.look("erased"))

        await story.a_backup_comes_back(told)
        assert not faults(told.looks["backup"], EVERYTHING, of_backup())
        assert_erased(told, told.look("restored"))

        await story.time_passes(told)
        told.turn_the_page()
        words = Allowed("*", "never", "issue 5: closed cases 12 months, then counts only")
        assert not faults(told.look("purged"), STAYS, (words,))


def assert_we_listen(hay: Hay) -> None:
    """The logs hold what only DEBUG tells, from each library."""
    for words in (b"COMMIT", b"Running job", b"SQL parameters hidden", b'"level": "debug"', b"step failed"):
        assert words in hay.heaps["log:server"]
    assert b"SELECT" in hay.heaps["log:commands"]
    assert b"# TYPE" in hay.heaps["http:internal"]
    assert b"web.error" in hay.heaps["http:refusal"]


def keys_of(told: Story) -> tuple[Needle, ...]:
    """The master key, as it was and as it is, and every person's key, in clear."""
    clear = told.house.unlocked().clear
    return tuple(Needle(f"key-{at}", secret=key) for at, key in enumerate(clear))


def assert_nobody_complained(told: Story) -> None:
    """No cell under the writer's key holds the complaint, and no row ties the two."""
    house, needles = told.house, COMPLAINED
    his = Hay({"his cells": house.unlocked().opened_under(told.heads[str(planted.HIS_ID)])})
    assert not faults(his, needles, ())
    assert not faults(his, HIS[:1], (Allowed("*", "his cells", "they are his"),))
    tables = house.tables()
    (case,) = (row for row in tables["casefile"] if row["kind"] == "complaint")
    contact, opened_at = case["contact_id"], case["opened_at"]
    assert opened_at.endswith("17:00:00.000000"), "midnight in Phnom Penh, not the hour of the complaint"
    told_at = {row["at"] for row in tables["answer"] if row["submission_id"] == case["submission_id"]}
    assert told_at == {opened_at}
    for table in ("contact_address", "inbox", "outbox", "consent", "contact_lookup"):
        assert contact not in {row["contact_id"] for row in tables[table]}, table
    places = [row["body"] for row in tables["session"] if row["contact_id"] == contact]
    assert not any(places), "nobody stands anywhere in the script"
    nodes = {row[at] for row in tables["inbox"] for at in ("node_before", "node_after")}
    assert not any(node.startswith("complain.") for node in nodes)


def assert_erased(told: Story, hay: Hay) -> None:
    """Neither in clear nor sealed, nor the keys that would open it; whoever stayed is there."""
    gone = [told.heads[str(one)] for one in (planted.HER_ID, planted.HIS_ID)]
    sealed = frozenset().union(*(told.house.keys.slices[head] for head in gone))
    assert len(sealed) > 100
    assert not faults(hay, (*HERS, *HIS, *DANGEROUS, *SECRETS), everybodys())
    assert not faults(hay, [Needle("their cells", sealed=sealed | frozenset(gone))], ())
    assert not faults(hay, STAYS, PRESENT)
    for name, content in hay.heaps.items():
        if name.startswith("file:"):
            assert not set(gone) & told.house.keys.find(content), f"a key lies in {name}"


def everybodys() -> tuple[Allowed, ...]:
    """What stays of what they tapped: the script's words, and that somebody else was asked the same."""
    heaps = (
        "cell:release_file.content|file:spean.db*|opened:outbox.body|opened:answer.value|opened:session.body"
    )
    same = Allowed("her-flower|her-flower-said", heaps, "the person at the page has the same")
    return (same, Allowed("her-id|his-id", "sent:rest", "the erasure is told to whom it was"))
