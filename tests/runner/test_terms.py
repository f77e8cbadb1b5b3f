"""A consent's version: of all words that were shown before the yes, and of nothing else."""

from bot import scripts
from bot.core.contact import Language
from bot.runner import terms
from tests.engine.shipped import ROOT

CATALOGUE = "locales/en/LC_MESSAGES/terms.po"


def versions(files: dict[str, bytes], language: Language = "en") -> tuple[str, str]:
    """Of help, and of messages."""
    release = scripts.reopen_release(files)
    return (
        terms.version(release, "help", "consent.agree", language),
        terms.version(release, "messages", "news.agree", language),
    )


def test_a_change_of_the_screens_before_the_question_is_another_version() -> None:
    files = dict(scripts.read_files(ROOT))
    helped, wrote = versions(files)
    assert helped
    assert helped != versions(files, "km")[0]
    text = files[CATALOGUE].decode()
    kept = text.index('msgid "terms.kept"')
    words = text.index('msgstr "', kept) + len('msgstr "')
    files[CATALOGUE] = (text[:words] + "Changed. " + text[words:]).encode()
    assert versions(files)[0] not in {"", helped}
    assert versions(files)[1] == wrote


def test_words_that_nobody_knows_have_no_version() -> None:
    release = scripts.reopen_release(scripts.read_files(ROOT))
    assert terms.version(release, "help", "gone.node", "km") == ""
