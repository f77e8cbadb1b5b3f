"""Files that people send: kept where they were asked for, else held for a day, then as the person says.

Never shows them to staff before the person wants it.
"""

from datetime import timedelta

from bot.core import effects as fx
from bot.core.message import Line, OutMessage
from bot.runner.step import Step, say
from storage import held, media
from storage.people import event_blind

HOLD = timedelta(hours=24)


def keep(step: Step, kept: fx.KeepMedia) -> None:
    """Note a file to be fetched; the bytes of one that came with its event are sealed at once."""
    number = media.want(
        step.conn,
        step.person,
        ref=kept.ref,
        kind=kept.kind,
        mime=kept.mime,
        size=kept.size,
        now=step.now,
        submission_no=kept.submission,
        field=kept.field,
        index=kept.index,
        restricted=step.restricted,
    )
    if step.uploaded is not None:
        media.fill(step.conn, step.person.key, number, step.uploaded, step.now)


def hold(step: Step, file: fx.HoldMedia) -> None:
    """Note the file; the bytes of one that came with its event are sealed at once.

    What was sent before we knew who is writing is noted already.
    """
    if any(one.ref == file.ref for one in held.of(step.conn, step.person)):
        return
    number = held.hold(
        step.conn,
        step.person,
        event=event_blind(step.kit.vault, step.person.account, step.event.id),
        message=getattr(step.event.body, "message", ""),
        ref=file.ref,
        kind=file.kind,
        mime=file.mime,
        size=file.size,
        now=step.now,
        until=step.now + HOLD,
        restricted=step.restricted,
    )
    if step.uploaded is not None:
        held.fill(step.conn, step.person, number, step.uploaded)


def decide(step: Step, *, keep: bool) -> None:
    """Do with all that is held what the person says, and say what became of it."""
    files = held.of(step.conn, step.person)
    if not files:
        _say(step, "bot.file-gone")
    elif keep:
        held.keep(step.conn, files, step.now, for_good=held.CONSENT in step.contact.consents)
        _say(step, "bot.file-kept")
    else:
        step.hides = " ".join(one.message for one in files if one.message)
        held.drop(step.conn, files)
        _say(step, "bot.file-deleted")


def _say(step: Step, message_id: str) -> None:
    step.parts.extend(say(step, OutMessage(step.live.digest, (Line(message_id),))))
