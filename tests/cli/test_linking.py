"""`spean contact link` and `unlink` as a member of staff types them."""

import json
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.clock import SystemClock
from bot.core.contact import Address
from bot.runner import links
from storage import link, people, sharing
from storage.database import Database
from storage.seal import Vault
from tests.cli.command import THAT_DAY, Spean

SOPHEA, PAGE = Address("telegram:7001", "42"), Address("messenger:900", "5550001")


@pytest.fixture
def store(spean: Spean, house: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Database, Vault]:
    """A store with Sophea, of an installation that has both apps."""
    for key, value in {
        "TELEGRAM__ENABLED": "true",
        "TELEGRAM__TOKEN": "7001:abcdefghijklmnopqrstuvwxyz",
        "MESSENGER__ENABLED": "true",
        "MESSENGER__PAGE_ID": "900",
        "MESSENGER__PAGE_TOKEN": "page-token",
        "MESSENGER__APP_SECRET": "app-secret",
        "MESSENGER__VERIFY_TOKEN": "verify-token",
    }.items():
        monkeypatch.setenv(f"SPEAN_{key}", value)
    added = spean("staff", "add", "dara", "--role", "admin")
    assert added.status == 0, added.err
    vault, database = Vault.open(house / "var/master.key"), Database.open(f"sqlite:///{house}/var/spean.db")
    database.run_now(lambda conn: people.greet(conn, vault, SOPHEA, "km", THAT_DAY))
    database.run_now(lambda conn: links.known_as(conn, SOPHEA.account, "spean_bot"))
    return database, vault


def joined(store: tuple[Database, Vault], token: str) -> None:
    database, vault = store

    def work(conn: Connection) -> None:
        newcomer = people.greet(conn, vault, PAGE, "km", THAT_DAY)
        owner = people.find(conn, vault, SOPHEA, "x")
        found = link.opened(conn, link.blind_of(vault, token), newcomer, SystemClock().now())
        assert owner is not None
        assert found is not None
        link.use(conn, found, owner, newcomer, THAT_DAY)
        sharing.hand_over(conn, vault, newcomer, owner.contact.id, "km", THAT_DAY)

    database.run_now(work)


def test_a_link_is_made_for_the_other_app_used_and_taken_apart(
    spean: Spean, store: tuple[Database, Vault]
) -> None:
    made = spean("contact", "link", "1", "--as", "dara", "--json")
    leads = json.loads(made.out)
    assert list(leads) == ["messenger"]
    head, _, token = leads["messenger"].partition("?ref=l_")
    assert head == "https://m.me/900"
    joined(store, token)
    addresses = json.loads(spean("contact", "show", "1", "--json").out)["addresses"]
    assert {one["account"] for one in addresses} == {SOPHEA.account, PAGE.account}
    number = next(one["id"] for one in addresses if one["account"] == PAGE.account)
    assert spean("contact", "unlink", "1", number).status == 1  # nobody agreed
    assert spean("contact", "unlink", "1", number, "--dry-run").status == 0
    assert spean("contact", "unlink", "1", number, "--yes").status == 0
    database, vault = store
    assert database.read_now(lambda conn: people.contact_at(conn, vault, PAGE)) not in {None, 1}
    done = [json.loads(line)["action"] for line in spean("audit", "list", "--json").lines]
    assert {"contact.link", "contact.unlinked"} <= set(done)
    database.close_now()


def test_the_only_address_is_never_taken(spean: Spean, store: tuple[Database, Vault]) -> None:
    refused = spean("contact", "unlink", "1", "1", "--yes")
    assert refused.status == 1
    assert "cannot be taken" in refused.err
    store[0].close_now()


def test_who_is_on_both_needs_no_link(spean: Spean, store: tuple[Database, Vault]) -> None:
    leads = json.loads(spean("contact", "link", "1", "--json").out)
    joined(store, leads["messenger"].partition("?ref=l_")[2])
    again = spean("contact", "link", "1")
    assert again.status == 1
    assert "no other app" in again.err
    store[0].close_now()


def test_a_viewer_links_nobody(spean: Spean, store: tuple[Database, Vault]) -> None:
    spean("staff", "add", "vanna", "--role", "viewer")
    assert spean("contact", "link", "1", "--as", "vanna").status == 1
    store[0].close_now()
