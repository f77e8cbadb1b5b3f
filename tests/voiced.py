"""Scripts with some of their sentences recorded: the sounds and the list of words they speak."""

from bot import scripts
from bot.core.contact import Language
from bot.script_voices import take
from tests.sound import opus


def voiced(files: scripts.Files, *ids: str, language: Language = "km") -> dict[str, bytes]:
    """These files with recordings of the messages `ids`, each of its own length."""
    release = scripts.reopen_release(files)
    sounds = {one: opus(at + 1, one) for at, one in enumerate(ids)}
    return {**files, **take(release, files, language, sounds).files}
