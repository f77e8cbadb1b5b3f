"""An import that is disturbed while it writes: every row tells how it went, and the next run mends it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.cli import activity_sheets
from bot.runner import planning
from storage import activities
from storage.faults import StoreDown
from tests.cli.command import Spean
from tests.cli.site import audited, store
from tests.cli.test_activity_import import ROW, brought, listed, rows

publish = planning.publish


def undone(told: dict[str, Any]) -> dict[int, str]:
    return {one["row"]: one["why"] for one in told["rows"] if not one["done"]}


def states(spean: Spean) -> list[str]:
    return [one["state"] for one in listed(spean)]


def test_a_row_that_is_refused_keeps_no_other_one_back(
    spean: Spean, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody thinks about the question, a colleague calls one of the fairs off."""
    assert site.exists()
    brought(spean, rows(ROW.format(n=2)), "--publish")
    ids = [one["id"] for one in listed(spean)]

    def colleague(question: str, *, yes: bool) -> bool:
        assert question
        assert not yes
        with store() as found:
            later = found.now + timedelta(seconds=1)
            found.run(lambda conn: activities.change(conn, ids[1], later, state="cancelled"))
        return True

    monkeypatch.setattr(activity_sheets, "agreed", colleague)
    new = rows(ROW.format(n=2), ROW.format(n=3)).replace("សាលាឃុំ", "វត្ត")
    ran, told = brought(spean, new)
    assert (ran.status, told["imported"]) == (1, 3)
    assert undone(told) == {3: "it can not be done to an activity in this state"}
    assert "the same command again" in ran.err
    assert [one["id"] for one in told["rows"]][:3] == ids
    assert states(spean) == ["published", "cancelled", "published", "draft"]
    assert audited("activity.import")[-1][2] == "1 new, 2 changed, 1 not done"


def test_what_breaks_on_the_way_leaves_a_report_and_the_next_run_mends_it(
    spean: Spean, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site.exists()
    shown: list[int] = []

    def breaks(conn: Connection, desk: Any, scope: Any, number: int, now: Any) -> Any:  # noqa: ANN401 - as publish
        if shown:
            raise StoreDown("the disk is full")
        shown.append(number)
        return publish(conn, desk, scope, number, now)

    with monkeypatch.context() as broken:
        broken.setattr(planning, "publish", breaks)
        ran, told = brought(spean, rows(ROW.format(n=2)), "--publish")
    assert ran.status != 0
    assert "the disk is full" in ran.err
    assert told["imported"] == 1
    assert undone(told) == dict.fromkeys((3, 4), "it stopped before this row")
    assert states(spean) == ["published", "draft", "draft"], "all are kept before the first is shown"

    ran, told = brought(spean, rows(ROW.format(n=2)), "--publish")
    assert (ran.status, told["imported"], undone(told)) == (0, 3, {})
    assert [one["outcome"] for one in told["rows"]] == ["unchanged", "changed", "changed"]
    assert states(spean) == ["published"] * 3


def test_without_json_it_is_one_line_for_every_row(
    spean: Spean, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert site.exists()
    refuse = planning.Refused.OVER
    monkeypatch.setattr(planning, "publish", lambda *_: refuse)
    Path("fairs.csv").write_text(rows())
    ran = spean("fair", "import", "fairs.csv", "--publish")
    assert ran.status == 1
    assert [line.partition(": ")[2][:31] for line in ran.lines] == ["not done (it is over already): "] * 2
    told = json.loads(spean("fair", "import", "fairs.csv", "--dry-run", "--json").out)
    assert all("done" not in one for one in told["rows"]), "nothing was to be written"
