"""A script change: what becomes live at start, what stays, and who goes on with the words they began with."""

from pathlib import Path

import pytest

from bot import scripts
from bot.runner.publishing import import_files, publish
from storage import people, releases
from storage.database import Database
from storage.seal import Vault
from tests.runner.office import NOON, Office
from tests.started import LIBRARY, shipped

CATALOGUE = "locales/km/LC_MESSAGES/intake.po"
ANSWERS, THANKS = "locales/en/LC_MESSAGES/faq-pay.po", "Thank you for asking us."
OLD, NEW = "តើឥឡូវនេះ មានរឿងបន្ទាន់ទេ?", "តើមានរឿងបន្ទាន់អ្វីទេ?"  # the question after the first


def edited(words: str = NEW) -> dict[str, bytes]:
    """The shipped script with another sentence in it."""
    files = dict(shipped())
    assert OLD.encode() in files[CATALOGUE]
    files[CATALOGUE] = files[CATALOGUE].replace(OLD.encode(), words.encode())
    return files


def broken() -> dict[str, bytes]:
    return {**shipped(), "dialogs/menu.toml": b"[dialog"}


def legal(words: str = "Thank you for your question.") -> dict[str, bytes]:
    """The shipped script with another legal answer."""
    files = dict(shipped())
    assert THANKS.encode() in files[ANSWERS]
    files[ANSWERS] = files[ANSWERS].replace(THANKS.encode(), words.encode(), 1)
    return files


SHIPPED, EDITED, OTHER = (scripts.digest(files) for files in (shipped(), edited(), edited("អ្វី?")))


@pytest.fixture
def database(sqlite_url: str) -> Database:
    return Database.open(sqlite_url, serve=True)


def start(database: Database, files: scripts.Files, *, sample: bool = False) -> tuple[str, str, str | None]:
    """Starting with these files: what came of it, and what is live."""
    imported = import_files(database, files, NOON, sample=sample)
    return imported.outcome, imported.digest, database.read_now(releases.live)


def test_what_becomes_live_at_start(database: Database) -> None:
    with pytest.raises(scripts.BrokenScript):
        import_files(database, broken(), NOON, sample=False)
    assert database.read_now(releases.live) is None
    assert start(database, shipped()) == ("fresh", SHIPPED, SHIPPED)
    assert start(database, shipped()) == ("kept", SHIPPED, SHIPPED)
    assert start(database, edited()) == ("fresh", EDITED, EDITED)
    assert start(database, broken()) == ("broken", EDITED, EDITED)
    assert import_files(database, broken(), NOON, sample=False).broken is not None
    assert start(database, shipped()) == ("fresh", SHIPPED, SHIPPED)
    database.close_now()


def test_a_publish_in_the_store_outlives_a_start_with_unchanged_files(database: Database) -> None:
    start(database, shipped())
    database.run_now(lambda conn: publish(conn, EDITED, edited(), NOON))
    assert start(database, shipped()) == ("kept", EDITED, EDITED)
    database.run_now(lambda conn: releases.set_live(conn, SHIPPED, NOON))  # rolled back
    assert start(database, shipped()) == ("kept", SHIPPED, SHIPPED)
    database.close_now()


def test_where_both_were_changed_the_stores_stays_until_somebody_decides(database: Database) -> None:
    start(database, shipped())
    database.run_now(lambda conn: publish(conn, EDITED, edited(), NOON))
    changed = edited("អ្វី?")
    assert start(database, changed) == ("both-changed", EDITED, EDITED)
    assert start(database, changed) == ("both-changed", EDITED, EDITED)
    database.run_now(lambda conn: publish(conn, OTHER, changed, NOON))  # spean script import
    assert start(database, changed)[1:] == (OTHER, OTHER)
    assert start(database, changed) == ("kept", OTHER, OTHER)
    database.close_now()


def test_that_what_stays_cannot_be_read_by_this_version_is_told_also_where_both_were_changed(
    database: Database,
) -> None:
    """An older version published it: its weights say nothing now, and only the lists hear danger."""
    start(database, shipped())
    old = {**edited(), "dialogs/safety.weights": b"an older form"}
    database.run_now(lambda conn: publish(conn, scripts.digest(old), old, NOON))
    found = import_files(database, edited("អ្វី?"), NOON, sample=False)
    assert (found.outcome, found.digest) == ("both-changed", scripts.digest(old))
    assert found.broken is not None
    assert "check.safety-weights" in {one.problem for one in found.broken.findings}
    database.close_now()


def test_legal_answers_do_not_become_live_by_a_start_where_people_are_reached(database: Database) -> None:
    """Two members of staff sign for them; until then the store's stay, at every start."""
    start(database, shipped())
    changed, name = legal(), scripts.digest(legal())
    for _ in range(2):
        assert start(database, changed) == ("unsigned", SHIPPED, SHIPPED)
    assert import_files(database, changed, NOON, sample=False).legal == ("q01-wages-owed",)
    assert start(database, edited()) == ("fresh", EDITED, EDITED), "other words need nobody"
    database.run_now(lambda conn: publish(conn, name, changed, NOON))  # spean script import --by --with
    assert start(database, changed)[1:] == (name, name)
    assert start(database, changed) == ("kept", name, name)
    database.close_now()


def test_on_a_sample_site_a_start_takes_them(database: Database) -> None:
    start(database, shipped(), sample=True)
    name = scripts.digest(legal())
    assert start(database, legal(), sample=True) == ("fresh", name, name)
    database.close_now()


async def test_who_is_inside_goes_on_with_the_words_they_began_with(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    await database.run(lambda conn: publish(conn, SHIPPED, shipped(), NOON))
    office = Office(database, vault, tmp_path)
    await office.agree()
    await database.run(lambda conn: publish(conn, EDITED, edited(), NOON))
    await database.run(releases.purge_unused)
    await office.happen("Start", who="new")
    for label in ("ភាសាខ្មែរ", "📖", "យល់ព្រម", "ជំនួយសម្រាប់ខ្ញុំ", "ប្រើតែម្នាក់ឯង"):
        await office.tap(label, who="new")
    assert NEW in (await office.outbox("new"))[-1].part.text
    LIBRARY._compiled.clear()  # noqa: SLF001 - a restart: compiled again from what the store kept
    await office.tap("ប្រើតែម្នាក់ឯង")
    assert OLD in (await office.outbox())[-1].part.text
    await office.close()
    await database.close()


async def test_a_release_that_nobody_refers_to_goes(database: Database, vault: Vault, tmp_path: Path) -> None:
    await database.run(lambda conn: publish(conn, SHIPPED, shipped(), NOON))
    office = Office(database, vault, tmp_path)
    await office.happen("Start")
    someone = await office.contact()
    await database.run(lambda conn: publish(conn, EDITED, edited(), NOON))
    await database.run(lambda conn: publish(conn, OTHER, edited("អ្វី?"), NOON))
    assert await database.run(releases.purge_unused) == 1
    kept = await database.read(lambda conn: {digest for digest, _ in releases.list_(conn)})
    assert kept == {SHIPPED, OTHER}
    assert await database.read(lambda conn: people.by_id(conn, vault, someone or 0, lock=False)) is not None
    await office.close()
    await database.close()
