"""The words that somebody says yes to: what a consent's version is made of.

Never decides what is asked.
"""

from bot.core.contact import Language
from bot.scripts import Release
from storage import consents

TERMS = "terms"  # the dialog that is shown before "help" is asked: who this is, what is kept and who sees it
HELP = "help"


def version(release: Release, purpose: str, text: str, language: Language) -> str:
    """Name all words that were shown, placeholders and all; none where nobody knows them any more.

    Help is not agreed to by its question alone: the screens of `terms` before it say what is agreed to, so a
    change of theirs is another version too.
    """
    if not release.words.has(text, language):
        return ""
    before = release.book.dialogs.get(TERMS) if purpose == HELP else None
    shown = [node.text for node in before.nodes.values() if node.text] if before else []
    known = [each for each in shown if release.words.has(each, language)]
    return consents.version("\n".join(release.words.say(each, language) for each in (*known, text)))
