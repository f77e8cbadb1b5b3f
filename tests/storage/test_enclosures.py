"""Pictures and recordings of ours in the store."""

from datetime import datetime, timedelta

from bot.core.enclosing import Enclosure, judge
from storage import enclosures
from storage.database import Database
from tests.picture import png
from tests.sound import opus


def test_what_is_kept_comes_back_and_the_same_bytes_are_kept_once(database: Database, now: datetime) -> None:
    picture, voice = judge(png()), judge(opus(2))
    assert isinstance(picture, Enclosure)
    assert isinstance(voice, Enclosure)
    for one, at in ((picture, now), (voice, now), (picture, now + timedelta(days=1))):
        database.run_now(lambda conn, one=one, at=at: enclosures.put(conn, one, at))
    assert database.read_now(lambda conn: enclosures.get(conn, picture.content)) == picture
    assert database.read_now(lambda conn: enclosures.get(conn, voice.content)) == voice
    assert database.read_now(lambda conn: enclosures.get(conn, "0" * 64)) is None
