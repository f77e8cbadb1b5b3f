"""What somebody taps or writes on the pages of activities: looking around, answering, who comes along.

Never promises a seat: the effect asks for it, and the store knows whether there is one.
"""

from dataclasses import replace

from bot.core import activity_draft, activity_pages, activity_party, activity_reminds, answering, page_talk
from bot.core.activity import Activity, Coming, Party
from bot.core.activity_draft import ANY, MINE, Answering, Draft, Listing
from bot.core.activity_effects import (
    ActivitiesTold,
    ActivityEffect,
    FileAsked,
    Introduce,
    OfferAnswered,
    OutcomeTold,
    Registered,
)
from bot.core.activity_named import named
from bot.core.activity_node import leads
from bot.core.activity_pages import TICKET
from bot.core.activity_party import COUNTED, NO, YES
from bot.core.channel import Point
from bot.core.effects import DropWords, Effect, Send, Turn
from bot.core.events import Event, Media
from bot.core.khmer.questions import asks
from bot.core.message import Line, OutMessage
from bot.core.page_talk import drawn, led
from bot.core.places import Place
from bot.core.reading import Control, Drafted, Given, Unclear
from bot.core.registered import answered, registered
from bot.core.reply import ask_on, follow, tap_seen
from bot.core.saying import PERSON_AFTER
from bot.core.walk import Walk


def heard(walk: Walk, event: Event, otherwise: str | None) -> Turn:
    """What is tapped or written on a page of activities."""
    if isinstance(event.body, Media) and activity_draft.answering(walk.frame.draft) is not None:
        walk.misses = max(walk.misses, PERSON_AFTER)  # the person is a button below
        return follow(walk, event, Unclear("activities.write-or-tap", counts=False), None)
    return page_talk.heard(walk, event, otherwise, named, _pressed, _written)


def above(walk: Walk) -> bool:
    """Open the pages above what was open; False where this Release has none."""
    live = walk.shelf.live
    if live.activities not in live.dialogs:
        return False
    walk.open(live.activities)
    walk.settle()
    return True


def opened(walk: Walk, event: Event, draft: Draft) -> Turn:
    """A page above what was open; where there is none, whatever waits."""
    return drawn(walk, event, draft) if above(walk) else ask_on(walk, event)


def _written(walk: Walk, event: Event, text: str) -> Turn:
    """Words that name no button: a question, an answer to what waits below, or a place to look around."""
    question = asks(text)
    waiting = activity_draft.answering(walk.frame.draft)
    if not question and waiting is not None and waiting.step in COUNTED:
        return follow(walk, event, Unclear(f"activities.retry-{waiting.step}"), None)
    if not question and isinstance(page_talk.below(walk, event), Given | Drafted | Control):
        return page_talk.left(walk, event)
    if question:
        page_talk.besides(walk, text)
        if any(isinstance(one, Send) for one in walk.effects):
            return drawn(walk, event, walk.frame.draft)
    if activity_draft.around(walk.frame.draft):
        meant = walk.shelf.live.places.likely(text)
        if isinstance(meant, Place):
            return drawn(walk, event, Listing(sector=ANY, place=meant.code).draft())
        if meant:
            return drawn(walk, event, ("places", *(one.code for one in meant)))
    return answering.asked(walk, event, text) or follow(walk, event, Unclear(), None)


# --- buttons -----------------------------------------------------------------------------------


def _pressed(walk: Walk, event: Event, key: str) -> Turn | None:
    """What a button of the page does; None for any other."""
    asked, draft = walk.asked(), walk.frame.draft
    one = activity_pages.activity_at(asked, walk.shelf)
    waiting = activity_draft.answering(draft)
    if waiting is not None and one is not None:
        return _told(walk, event, one, waiting, key)
    if key not in {button.key for button in activity_pages.buttons(asked, walk.shelf)}:
        return None
    number = key.removeprefix(activity_pages.SHOW)
    if number.isdecimal():
        return drawn(walk, event, ("show", number))
    if key == activity_pages.LIST:
        return drawn(walk, event, ())
    match draft:
        case ("places", *_):
            place = key.removeprefix(activity_pages.PLACE)
            return drawn(walk, event, Listing(sector=ANY, place=place).draft())
        case ("money", activity, day):
            return outcome(walk, event, OutcomeTold(int(activity), int(day), money=key == YES))
        case _ if (chosen := activity_draft.listing(draft)) is not None:
            return _listed(walk, event, chosen, key)
        case ("employers", activity) if one is not None:
            met = activity_pages.employers(one)[int(key.removeprefix(activity_pages.EMPLOYER))]
            return drawn(walk, event, ("introduce", activity, met.key))
        case ("introduce", activity, employer):
            return _introduced(walk, event, Introduce(int(activity), employer), wanted=key == YES)
        case _ if one is not None:
            return _of_one(walk, event, one, key)
        case _:
            return None


def _listed(walk: Walk, event: Event, chosen: Listing, key: str) -> Turn:
    match key:
        case activity_pages.MORE:
            chosen = replace(chosen, page=chosen.page + 1)
        case activity_pages.FAR:
            chosen = replace(chosen, far=True, page=0)
        case activity_pages.ALL:
            chosen = replace(chosen, sector=ANY, page=0)
        case activity_pages.SUITED:
            chosen = replace(chosen, sector=MINE, page=0)
        case activity_pages.BY_SECTOR:
            return drawn(walk, event, chosen.draft("sectors"))
        case _ if key.startswith(activity_pages.SECTOR):
            chosen = replace(chosen, sector=key.removeprefix(activity_pages.SECTOR), page=0)
        case _:
            lead = key.removeprefix(activity_pages.LEAD)
            return led(walk, event, leads(walk.asked())[lead])
    return drawn(walk, event, chosen.draft())


def _of_one(walk: Walk, event: Event, one: Activity, key: str) -> Turn:
    """A button below an activity."""
    mine = walk.shelf.board.mine.get(one.id)
    number = str(one.id)
    match key:
        case "come" | "bus" | "maybe" | "cannot":
            return answer(walk, event, one, key)
        case activity_pages.TAKE | activity_pages.LEAVE:
            return offered(walk, event, one, taken=key == activity_pages.TAKE)
        case "remind" | "no-remind" if mine is not None:
            said = Registered(one.id, mine.coming, mine.party, remind=key == "remind")
            return register(walk, event, one, said)
        case activity_pages.EMPLOYERS:
            return drawn(walk, event, ("employers", number))
        case activity_pages.PIN:
            walk.effects.append(Send(_pin(walk, one)))
        case activity_pages.INVITE:
            walk.effects.append(FileAsked(one.id, "link"))
        case _ if key.startswith(activity_pages.LEAD):
            walk.move(draft=("done", number, activity_pages.REMIND), asked=False)  # it comes again after that
            walk.open(leads(walk.asked())[key.removeprefix(activity_pages.LEAD)])
            return ask_on(walk, event)
        case _:
            walk.effects.append(FileAsked(one.id, key))
    return drawn(walk, event, ("done", number))


def _pin(walk: Walk, one: Activity) -> OutMessage:
    """Where it is, on a map."""
    live, language, sheet = walk.shelf.live, walk.contact.language, one.sheet
    latitude, longitude = sheet.point or (0.0, 0.0)
    title = (sheet.venue or sheet.title).read_in(language)
    around = [sheet.place[:digits] for digits in (6, 4, 2) if digits <= len(sheet.place)]
    address = ", ".join(live.places.name(code, language) for code in around)
    return OutMessage(live.digest, (), point=Point(latitude, longitude, title, address))


def _introduced(walk: Walk, event: Event, introduce: Introduce, *, wanted: bool) -> Turn:
    if wanted:
        walk.effects.append(introduce)
    walk.note("activities.introduced" if wanted else "activities.not-introduced")
    return drawn(walk, event, ("done", str(introduce.activity)))


# --- answers -----------------------------------------------------------------------------------


def answer(walk: Walk, event: Event, one: Activity, coming: Coming) -> Turn:
    """Whether they come; who comes along is asked first."""
    if coming == "cannot":
        return register(walk, event, one, Registered(one.id, coming, Party(), remind=False))
    reminds = activity_reminds.asks(walk.contact, walk.shelf.board, one, walk.now)
    asked = activity_party.first(one, coming, walk.now, reminds=reminds)
    if asked is None:
        return register(walk, event, one, Registered(one.id, coming, Party(), remind=True))
    return drawn(walk, event, asked.draft())


def _told(walk: Walk, event: Event, one: Activity, waiting: Answering, key: str) -> Turn | None:
    """An answer about who comes along; the last one registers them."""
    if waiting.step == "remind":
        if key not in (YES, NO):
            return None
        said = Registered(one.id, waiting.coming, waiting.party, remind=key == YES)
        return register(walk, event, one, said)
    reminds = activity_reminds.asks(walk.contact, walk.shelf.board, one, walk.now)
    match activity_party.answered(waiting, one, key, walk.now, reminds=reminds):
        case Party() as party:
            return register(walk, event, one, Registered(one.id, waiting.coming, party, remind=True))
        case Answering() as further:
            return drawn(walk, event, further.draft())
        case None:
            return None


def register(walk: Walk, event: Event, one: Activity, said: Registered) -> Turn:
    """Note what they said, tell them what follows, and go back to what waited."""
    lines = registered(one, said, walk.contact.language)
    return _noted(walk, event, one, said, lines)


def offered(walk: Walk, event: Event, one: Activity, *, taken: bool) -> Turn:
    """A seat that was offered is taken, or left to the next."""
    mine = walk.shelf.board.mine[one.id]
    said = OfferAnswered(one.id, taken)
    lines = answered(one, said, mine.party, walk.contact.language)
    return _noted(walk, event, one, said, lines)


def _noted(walk: Walk, event: Event, one: Activity, said: ActivityEffect, lines: tuple[Line, ...]) -> Turn:
    walk.effects.append(ActivitiesTold(((one.id, one.revision),)))
    walk.effects.append(said)
    walk.effects.append(Send(OutMessage(walk.shelf.live.digest, lines)))
    seated = isinstance(said, OfferAnswered) and said.taken
    seated |= isinstance(said, Registered) and said.coming in ("come", "bus")
    return settled(walk, event, ("done", str(one.id), TICKET if seated else "none"))


def outcome(walk: Walk, event: Event, said: OutcomeTold) -> Turn:
    """What became of it; who told about work is asked whether somebody wanted money."""
    walk.effects.extend(told(said))
    if said.money is None:
        return opened(walk, event, ("money", str(said.activity), str(said.day)))
    line = Line("activities.money-yes" if said.money else "activities.money-no")
    walk.effects.append(Send(OutMessage(walk.shelf.live.digest, (line,))))
    if walk.frames and walk.frame.dialog == walk.shelf.live.activities:  # it is over: no page of it is left
        walk.leave(None)
        return ask_on(walk, event)
    return again(walk, event)


def told(said: OutcomeTold) -> tuple[Effect, ...]:
    """What became of it; which button it was that tells of money is the answer itself, and kept nowhere."""
    return (said,) if said.money is None else (DropWords(), said)


def settled(walk: Walk, event: Event, draft: Draft) -> Turn:
    """It is noted: the question that waited comes again; where none did, what can be done next."""
    live = walk.shelf.live
    if walk.contact.handled_by_staff:  # a person has the chat: nothing is asked beside them
        return Turn(walk.finish(), (*tap_seen(event), *walk.effects))
    if walk.frames and walk.frame.dialog == live.activities:
        below = walk.place(walk.frames[-2]) if len(walk.frames) > 1 else None
        if below is None or below[1].stays:
            return drawn(walk, event, draft)
        newcomer = walk.frames[0].dialog == live.first
        page = replace(walk.frame, draft=draft[:2], asked=False)
        walk.leave(None)
        if newcomer:  # the first minute goes on; then the page comes
            walk.frames.insert(0, page)
        return ask_on(walk, event)
    if walk.frames and not walk.current[1].stays:
        return again(walk, event)
    return opened(walk, event, draft)


def again(walk: Walk, event: Event) -> Turn:
    """What waits, once more and with the same turn; walked on to where nothing does."""
    if not walk.frames or not walk.frame.asked:
        return ask_on(walk, event)
    walk.ask()
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))
