"""Effects on the person themself: language, voice, discretion, consent, reach, and whose the address is.

Never says anything beyond what the effect asks for.
"""

from dataclasses import replace
from typing import assert_never

from bot.core import effects as fx
from bot.runner import danger, discretion, following, hiding, links, pausing, terms
from bot.runner.step import Step
from storage import consents, people, unasked
from storage import reachable as places

Personal = (
    fx.ConsentGiven
    | fx.LanguageChosen
    | fx.StopChosen
    | fx.ReachChanged
    | fx.ChatPaused
    | fx.VoiceChosen
    | fx.DiscretionChosen
    | fx.ChatHidden
    | fx.HandOver
    | fx.DangerEased
    | fx.LinkDeed
)


def apply(step: Step, effect: Personal) -> None:
    """Write one of them."""
    match effect:
        case fx.ConsentGiven():
            _consent(step, effect)
        case fx.LanguageChosen(language):
            people.set_language(step.conn, step.contact.id, language, step.now)
            changed = replace(step.contact, language=language, language_chosen=True)
            step.person = replace(step.person, contact=changed)
        case fx.VoiceChosen(listens):
            _flag(step, "listens", on=listens)
            step.person = replace(step.person, contact=replace(step.contact, listens=listens))
        case fx.DiscretionChosen(discreet):
            _discreet(step, discreet=discreet)
        case fx.StopChosen(stopped):
            _stop(step, stopped=stopped)
        case fx.ReachChanged(reachable):
            _reach(step, reachable=reachable)
        case fx.ChatPaused(paused):
            pausing.pause(step, paused=paused)
        case fx.ChatHidden():
            hiding.hide(step)
        case fx.HandOver():
            step.handed = effect
        case fx.DangerEased():
            danger.ease(step)
        case fx.LinkDeed(what):
            links.apply(step, what)
        case _:
            assert_never(effect)


def _reach(step: Step, *, reachable: bool) -> None:
    """They blocked us where they are, or let us write there again."""
    if not reachable:
        places.lost(step.conn, step.contact.id, step.person.address_id, step.now)
        return
    places.back(step.conn, step.person.address_id)
    _flag(step, "reachable", on=True)


def _discreet(step: Step, *, discreet: bool) -> None:
    """What waits in plain words is not sent to who asks for discretion."""
    _flag(step, "discreet", on=discreet)
    if discreet and not step.contact.discreet:
        discretion.begins(step.conn, step.contact.id, step.now)


def _flag(step: Step, flag: people.Flag, *, on: bool) -> None:
    people.set_flag(step.conn, step.contact.id, flag, on=on, now=step.now)


def _stop(step: Step, *, stopped: bool) -> None:
    """What waits and was not asked for is not sent to them any more."""
    _flag(step, "stopped", on=stopped)
    if stopped:
        unasked.cancel(step.conn, step.contact.id)


def _consent(step: Step, given: fx.ConsentGiven) -> None:
    consents.record(
        step.conn,
        step.contact.id,
        given.purpose,
        given.granted,
        given.text,
        given.release,
        step.contact.language,
        step.event.address.channel,
        step.now,
        version=_version(step, given),
    )
    if not given.granted:
        following.refused(step, given.purpose)


def _version(step: Step, given: fx.ConsentGiven) -> str:
    """Of the Release that asked; none where nobody knows the words any more."""
    found = step.kit.library.get(step.conn, given.release) or step.live
    language = step.contact.language
    asked = (terms.version(one, given.purpose, given.text, language) for one in (found, step.live))
    return next((name for name in asked if name), "")
