"""Staff record our sentences by chat: one is shown, the next voice note is kept as its draft.

Never makes a draft live: an operator listens to it and imports it (`spean voice import --recorded`).
"""

from bot.core import effects as fx
from bot.core.events import Media
from bot.core.message import Line, OutMessage, Verbatim
from bot.core.speech import LONGEST, hash_of, kilobytes
from bot.runner import files
from bot.runner.step import Step, say
from bot.script_voices import Wanted, missing, to_read
from storage import drafts

STOP = "stop"  # `/record stop`


def begin(step: Step, argument: str) -> None:
    """`/record`: the next sentence that lacks a voice; `/record ID`: that one; `/record stop`."""
    asked = argument.strip()
    if asked == STOP:
        drafts.ask(step.conn, step.contact.id, "")
        _tell(step, Line("bot.record-stopped"))
    elif asked:
        _ask_for(step, asked)
    else:
        _ask_next(step)


def heard(step: Step, note: Media) -> None:
    """A voice note of a member of staff: the sentence they are asked for; then the next is shown."""
    sentence = drafts.asked(step.conn, step.contact.id)
    if not sentence:
        _tell(step, Line("bot.record-first"))
        return
    if note.size > LONGEST:
        _tell(step, Line("bot.record-form"))
        return
    draft = f"{drafts.FIELD}{sentence}"
    files.keep(step, fx.KeepMedia(note.ref, note.kind, note.mime, note.size, field=draft))
    message_id = sentence.split(":")[1]
    size = {"size": kilobytes(note.size), "seconds": note.seconds}
    _tell(step, Line("bot.record-kept", {"id": message_id, **size}))
    _ask_next(step)


def _ask_next(step: Step) -> None:
    """Show the first sentence that has neither a recording nor a draft of its present words."""
    drafted = {(one.language, one.id, one.spoken) for one in drafts.list_(step.conn)}
    left = [
        one
        for one in missing(step.live, step.contact.language)
        if (one.language, one.id, hash_of(one.words)) not in drafted
    ]
    if not left:
        drafts.ask(step.conn, step.contact.id, "")
        _tell(step, Line("bot.record-none"))
        return
    _show(step, left[0], Line("bot.record-next", {"id": left[0].id, "left": len(left)}))


def _ask_for(step: Step, message_id: str) -> None:
    language = step.contact.language
    words = to_read(step.live, message_id, language)
    if words is None:
        _tell(step, Line("bot.record-unknown", {"id": message_id}))
        return
    wanted = Wanted(language, message_id, message_id.partition(".")[0], words)
    _show(step, wanted, Line("bot.record-this", {"id": message_id}))


def _show(step: Step, wanted: Wanted, head: Line) -> None:
    sentence = f"{wanted.language}:{wanted.id}:{hash_of(wanted.words)}"
    drafts.ask(step.conn, step.contact.id, sentence)
    _tell(step, head, Verbatim(wanted.words))


def _tell(step: Step, *lines: Line | Verbatim) -> None:
    step.parts.extend(say(step, OutMessage(step.live.digest, lines)))
