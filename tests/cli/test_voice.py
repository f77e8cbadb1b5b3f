"""`spean voice`: recordings listed, missed and taken in, all or none of them."""

import json
from pathlib import Path

from sqlalchemy import Connection, update

from bot.cli.store import opened
from bot.core.contact import Address
from bot.core.speech import hash_of
from storage import media, people, staff
from storage.drafts import FIELD
from storage.schema import staff as table
from storage.staff import Grant
from tests.cli.command import Spean
from tests.sound import opus

KM = "locales/km/voice"
ONE, TWO = "consent.agree", "intake.urgent"


def sounds(house: Path, **named: bytes) -> Path:
    """A folder of recordings: `consent_agree` for consent.agree."""
    folder = house / "sounds"
    folder.mkdir(exist_ok=True)
    for name, data in named.items():
        (folder / f"{name.replace('_', '.')}.ogg").write_bytes(data)
    return folder


def test_what_lacks_a_voice_is_listed_with_the_words_to_read(spean: Spean) -> None:
    wanted = [json.loads(line) for line in spean("voice", "missing", "--json").lines]
    assert wanted[0]["dialog"] == "danger"
    assert wanted[0]["words"]
    dialogs = list(dict.fromkeys(one["dialog"] for one in wanted))
    assert dialogs.index("consent") < dialogs.index("intake")
    urgent = next(one for one in wanted if one["id"] == TWO)
    assert len(urgent["words"].splitlines()) > 3  # the choices are read as well


def test_a_folder_of_recordings_is_taken_in_and_speaks_the_present_words(spean: Spean, house: Path) -> None:
    folder = sounds(house, intake_urgent=opus(2.5), consent_agree=opus(1))
    ran = spean("voice", "import", folder)
    assert (ran.status, ran.lines) == (0, [f"write {KM}/{ONE}.ogg", f"write {KM}/{TWO}.ogg"])
    rows = [json.loads(line) for line in spean("voice", "list", "--json").lines]
    assert [(one["id"], one["seconds"], one["state"]) for one in rows] == [
        (ONE, 1.0, "fresh"),
        (TWO, 2.5, "fresh"),
    ]
    missed = [json.loads(line)["id"] for line in spean("voice", "missing", "--json").lines]
    assert not {ONE, TWO} & set(missed)
    manifest = (house / KM / "words.toml").read_text()
    assert [line.partition(" = ")[0] for line in manifest.splitlines()] == [f'"{ONE}"', f'"{TWO}"']


def test_a_recording_whose_words_changed_is_stale_until_it_is_recorded_again(
    spean: Spean, house: Path
) -> None:
    folder = sounds(house, consent_agree=opus(1))
    spean("voice", "import", folder)
    assert spean("voice", "stale", "--json").lines == []
    (house / KM / "words.toml").write_text(f'"{ONE}" = "0123456789abcdef"\n')
    (row,) = [json.loads(line) for line in spean("voice", "stale", "--json").lines]
    assert (row["id"], row["state"]) == (ONE, "stale")
    assert spean("voice", "import", folder).status == 0
    assert spean("voice", "stale", "--json").lines == []


def test_one_wrong_file_keeps_all_of_them_out(spean: Spean, house: Path) -> None:
    folder = sounds(house, consent_agree=opus(1), consent_nothing=opus(1), intake_urgent=b"OggS no opus")
    ran = spean("voice", "import", folder)
    assert ran.status == 1
    assert "consent.nothing.ogg · no sentence has this name" in ran.err
    assert "intake.urgent.ogg · it is not OGG/Opus" in ran.err
    assert not (house / KM).exists()


def test_what_is_too_large_is_refused(spean: Spean, house: Path) -> None:
    ran = spean("voice", "import", sounds(house, consent_agree=opus(1).ljust(1_000_001)))
    assert ran.status == 1
    assert "larger than 1 MB" in ran.err


def test_a_dry_run_writes_nothing_and_replacing_is_asked(spean: Spean, house: Path) -> None:
    folder = sounds(house, consent_agree=opus(1))
    assert spean("voice", "import", folder, "--dry-run").lines == [f"write {KM}/{ONE}.ogg"]
    assert not (house / KM).exists()
    spean("voice", "import", folder)
    sounds(house, consent_agree=opus(2))
    refused = spean("voice", "import", folder)
    assert (refused.status, refused.lines) == (1, [f"replace {KM}/{ONE}.ogg"])
    assert spean("voice", "import", folder, "--yes").status == 0
    assert (house / KM / f"{ONE}.ogg").read_bytes() == opus(2)


def test_importing_nothing_is_misuse(spean: Spean, house: Path) -> None:
    assert spean("voice", "import").status == 2
    assert spean("voice", "import", "--recorded", sounds(house)).status == 2
    assert spean("voice", "import", sounds(house)).status == 1
    assert spean("voice", "import", house / "nowhere.ogg").status == 1


def test_a_list_that_cannot_be_read_is_told(spean: Spean, house: Path) -> None:
    (house / KM).mkdir()
    (house / KM / "words.toml").write_text("consent = [")
    ran = spean("voice", "import", sounds(house, consent_agree=opus(1)))
    assert ran.status == 1
    assert "words.toml · line 1 cannot be read" in ran.err


def draft(spoken: str, sound: bytes) -> None:
    """Sophea recorded ONE by chat, reading words of this name."""
    with opened(Path("bot.toml")) as store:

        def leave(conn: Connection) -> None:
            person = people.greet(conn, store.vault, Address("telegram:7001", "5"), "km", store.now)
            staff.add(conn, "sophea", [Grant("caseworker")], store.now)
            conn.execute(update(table).values(contact_id=person.contact.id))
            about = {"ref": "note", "kind": "voice", "mime": "audio/ogg", "size": len(sound)}
            field = f"{FIELD}km:{ONE}:{spoken}"
            number = media.want(conn, person, **about, now=store.now, field=field)
            media.fill(conn, person.key, number, sound, store.now)

        store.run(leave)


def test_what_staff_recorded_is_brought_in_and_says_by_whom(spean: Spean, house: Path) -> None:
    wanted = [json.loads(line) for line in spean("voice", "missing", "--json").lines]
    draft(hash_of(next(one["words"] for one in wanted if one["id"] == ONE)), opus(3))
    ran = spean("voice", "import", "--recorded")
    assert (ran.status, ran.lines) == (0, [f"write {KM}/{ONE}.ogg"])
    assert f"{ONE}, sophea, " in ran.err
    assert (house / KM / f"{ONE}.ogg").read_bytes() == opus(3)
    again = spean("voice", "import", "--recorded")
    assert (again.status, again.lines) == (0, [])


def test_a_draft_of_words_that_changed_since_is_left_out(spean: Spean, house: Path) -> None:
    draft("0123456789abcdef", opus(3))
    ran = spean("voice", "import", "--recorded")
    assert (ran.status, ran.lines) == (0, [])
    assert "left out: record it again" in ran.err
    assert not (house / KM).exists()
