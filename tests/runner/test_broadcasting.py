"""Announcements: seen before they leave, approved by whom they must be, once to everybody they may go to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.channel import Refused
from bot.core.activity import Bilingual
from bot.core.announcement import Fault, Link
from bot.core.contact import Contact
from bot.core.enclosing import Enclosure
from bot.core.segment import Segment
from bot.runner import broadcast_expanding, broadcasting, previewing
from bot.runner.broadcast_letters import looks
from bot.runner.broadcasting import Refusal
from storage import enclosures, people
from storage.people import Flag
from storage.schema import safe_hours
from storage.staff import Grant, Scope
from tests.runner.crowd import NEWS, Crowd, only

HOUR = timedelta(hours=1)


async def flag(crowd: Crowd, who: str, name: Flag, *, on: bool = True) -> None:
    await crowd.does(people.set_flag, crowd.ids[who], name, on=on, now=crowd.now)


async def test_everybody_who_agreed_gets_it_once_in_their_language(crowd: Crowd, chief: Scope) -> None:
    await crowd.joins("81", "82", "83")
    await crowd.does(people.set_language, crowd.ids["82"], "en", crowd.now)
    number = await crowd.announces(chief)
    await crowd.ticks(times=3)
    khmer, english = [(await crowd.office.outbox(who))[-1].part for who in ("81", "82")]
    assert NEWS.words.km in khmer.text
    assert NEWS.words.en in english.text
    assert khmer.text.splitlines()[0] == await crowd.office.words("broadcast.opening")
    assert [one.payload for one in khmer.buttons] == [f"d:faq~{number}"]
    assert len(await crowd.causes()) == 3
    crowd.office.serve()
    for who in ("81", "82", "83"):
        await crowd.office.until_states(["sent"], who)
    await crowd.ticks(seconds=10, times=3)
    assert (await crowd.finds(chief, number)).state == "done"
    assert (await crowd.stands(number)).states == {"sent": 3}
    assert len(crowd.office.stage.sent) == 3


async def test_the_preview_counts_everybody_whom_it_will_not_reach_and_says_why(
    crowd: Crowd, chief: Scope
) -> None:
    await crowd.joins(*(str(nth) for nth in range(80, 89)))
    never = await crowd.office.greet("90")
    await crowd.does(people.set_flag, never, "careful", on=False, now=crowd.now)
    flags: dict[str, Flag] = {"81": "stopped", "82": "hidden", "83": "resting", "84": "discreet"}
    for who, name in flags.items():
        await flag(crowd, who, name)
    await flag(crowd, "85", "reachable", on=False)
    await flag(crowd, "86", "careful")
    number = await crowd.drafts(chief)
    shown = await crowd.sees(chief, number)
    assert shown.reached == {"telegram": 3}
    assert shown.not_reached == {
        "stopped": 1,
        "hid the chat": 1,
        "in danger": 1,
        "unreachable": 1,
        "others see": 1,
        "asked for discretion": 1,
        "said no to messages": 1,
    }
    await crowd.approves(chief, number)
    await crowd.ticks(times=3)
    stands = await crowd.stands(number)
    assert stands.states == {"queued": 3}
    assert stands.skipped == shown.not_reached, "what was said came true"


async def test_what_was_changed_since_must_be_looked_at_again(crowd: Crowd, chief: Scope) -> None:
    await crowd.joins("81")
    number = await crowd.drafts(chief)
    shown = await crowd.sees(chief, number)
    other = replace(NEWS, words=Bilingual("អ្វីផ្សេង"))
    await crowd.does(broadcasting.edit, chief, number, other, crowd.now)
    seen = {"seen": shown.digest, "people": 1, "limit": 200}
    assert await crowd.does(broadcasting.approve, chief, number, crowd.now, **seen) == Refusal.CHANGED
    await crowd.approves(chief, number)
    await crowd.does(broadcasting.edit, chief, number, NEWS, crowd.now)
    await crowd.ticks(times=2)
    assert await crowd.causes() == [], "an edit takes the approval back"


async def test_staff_reach_the_people_of_their_centre_only(crowd: Crowd, chief: Scope) -> None:
    dara = await crowd.hires("dara", Grant("approver", "pursat"))
    assert await crowd.does(broadcasting.draft, dara, NEWS, crowd.now) == Refusal.FORBIDDEN
    theirs = replace(NEWS, centre="pursat")
    number = await crowd.drafts(dara, theirs)
    foreign = await crowd.drafts(chief, replace(NEWS, centre="preah-vihear"))
    assert await crowd.does(broadcasting.mine, dara, foreign) == Refusal.UNKNOWN
    assert await crowd.does(broadcasting.edit, dara, number, NEWS, crowd.now) == Refusal.FORBIDDEN
    assert [one.id for one in await crowd.does(broadcasting.all_mine, dara)] == [number]
    await crowd.joins("81")
    assert (await crowd.sees(dara, number)).people == 0, "who has told no home is nobody's yet"
    assert await crowd.approves(dara, number) == Refusal.NOBODY
    viewer = await crowd.hires("vanna", Grant("viewer", "pursat"))
    assert await crowd.does(broadcasting.draft, viewer, theirs, crowd.now) == Refusal.FORBIDDEN


async def test_a_test_copy_looks_like_what_people_get(crowd: Crowd, chief: Scope) -> None:
    await crowd.joins("81")
    number = await crowd.drafts(chief)
    copied = await crowd.does(previewing.test_copy, crowd.desk, chief, number, crowd.ids["81"], crowd.now)
    assert copied == "queued"
    copy = (await crowd.office.outbox("81"))[-1].part
    reader = Contact(0, "km", channel="telegram")
    assert await crowd.does(looks, crowd.desk, NEWS, number, reader) == (copy,)
    await crowd.approves(chief, number)
    await crowd.ticks(times=2)
    assert (await crowd.office.outbox("81"))[-1].part == copy, "and it does not count as theirs"


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"words": Bilingual()}, Fault("no words")),
        ({"words": Bilingual("ក" * 1801)}, Fault("too long", "km")),
        ({"buttons": (Link(Bilingual("ទៅ"), "url:http://x.org"),)}, Fault("target", "url:http://x.org")),
        ({"buttons": (Link(Bilingual("ទៅ"), "q:1"),)}, Fault("target", "q:1")),
        ({"buttons": (Link(Bilingual("x" * 21), "a:7"),)}, Fault("label", "x" * 21)),
        ({"buttons": (Link(Bilingual("ទៅ"), "a:7"),) * 4}, Fault("too many buttons", "4")),
        ({"name": " "}, Fault("name", "")),
        ({"picture": "no such"}, Fault("target", "no such")),
    ],
)
async def test_what_cannot_go_out_is_told(
    crowd: Crowd, chief: Scope, changed: dict[str, object], wrong: Fault
) -> None:
    await crowd.joins("81")
    bad = replace(NEWS, **changed)  # type: ignore[arg-type]
    made = await crowd.does(broadcasting.draft, chief, bad, crowd.now)
    if wrong.kind != "no words":
        assert wrong in (made if isinstance(made, tuple) else ())
        return
    assert isinstance(made, int), "words may come later"
    assert wrong in (await crowd.sees(chief, made)).faults
    assert await crowd.approves(chief, made) == Refusal.FAULTY


async def test_who_gets_it_for_what_they_need_is_not_told_on_a_shared_screen(
    crowd: Crowd, chief: Scope
) -> None:
    owed = only(replace(NEWS, words=Bilingual("អំពីប្រាក់ខែរបស់អ្នក", "About your wages")), needs=("owed",))
    assert await crowd.does(broadcasting.draft, chief, owed, crowd.now) == (
        Fault("telling", "ប្រាក់ខែ"),
        Fault("telling", "wage"),
    )
    open_ = replace(owed, segment=Segment(wants=("shop",)))
    assert isinstance(await crowd.does(broadcasting.draft, chief, open_, crowd.now), int)
    neutral = only(NEWS, cases=("open",))
    assert isinstance(await crowd.does(broadcasting.draft, chief, neutral, crowd.now), int)
    picture = Enclosure("ab" * 32, "image", "image/png", "abab.png", b"\x89PNG")
    await crowd.does(enclosures.put, picture, crowd.now)
    for shows, what in (
        ({"picture": picture.content}, "picture"),
        ({"buttons": (Link(Bilingual("មើល"), "d:complain"),)}, "d:complain"),
        ({"buttons": (Link(Bilingual("មើល"), "url:https://x.org"),)}, "url:https://x.org"),
    ):
        made = await crowd.does(broadcasting.draft, chief, replace(neutral, **shows), crowd.now)  # type: ignore[arg-type]
        assert made == (Fault("telling", what),)
        everybody = replace(neutral, segment=Segment(), **shows)  # type: ignore[arg-type]
        assert isinstance(await crowd.does(broadcasting.draft, chief, everybody, crowd.now), int)


async def test_it_waits_for_its_time_for_the_morning_and_for_each_ones_hours(
    crowd: Crowd, chief: Scope
) -> None:
    await crowd.joins("81", "82")
    await crowd.does(
        lambda conn: conn.execute(safe_hours.insert().values(contact_id=crowd.ids["82"], hours="evening"))
    )
    late = crowd.now.replace(hour=15)  # 22:00 in Phnom Penh
    number = await crowd.announces(chief, replace(NEWS, send_at=late))
    await crowd.ticks(seconds=HOUR.total_seconds())
    assert await crowd.causes() == []
    crowd.office.clock.at = late
    await crowd.ticks()
    assert await crowd.causes() == [], "not in quiet hours"
    crowd.office.clock.at = late.replace(hour=0) + timedelta(days=1)  # 7:00
    await crowd.ticks(times=2)
    first, second = [(await crowd.office.outbox(who))[-1].not_before for who in ("81", "82")]
    assert first == crowd.now
    assert second == crowd.now + 9 * HOUR, "16:00"
    assert (await crowd.finds(chief, number)).state == "sending"


async def test_few_wait_at_a_time(crowd: Crowd, chief: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_expanding, "AT_ONCE", 2)
    monkeypatch.setattr(broadcast_expanding, "AHEAD", 4)
    await crowd.joins(*(str(nth) for nth in range(80, 89)))
    number = await crowd.announces(chief)
    await crowd.ticks(seconds=1, times=5)
    assert len(await crowd.causes()) == 4
    crowd.office.serve()
    while len(crowd.office.stage.sent) < 9:
        await crowd.ticks(seconds=1)
        assert len(await crowd.causes()) <= 4
    for who in crowd.ids:
        await crowd.office.until_states(["sent"], who)
    assert (await crowd.stands(number)).states == {"sent": 9}


async def test_a_refused_part_is_repeated_to_those_alone(crowd: Crowd, chief: Scope) -> None:
    await crowd.joins("81", "82")
    crowd.office.stage.outcomes.append(Refused("bad request", "part"))
    number = await crowd.announces(chief)
    await crowd.ticks(times=2)
    assert await crowd.does(broadcasting.repeat, chief, number, crowd.now) == Refusal.STATE
    crowd.office.serve()
    while set((await crowd.stands(number)).states) != {"sent", "failed"}:
        await crowd.ticks(seconds=1)
    (refused,) = [who for who in crowd.ids if await crowd.office.states(who) == ["failed"]]
    (reached,) = crowd.ids.keys() - {refused}
    await crowd.ticks(seconds=10, times=2)
    again = await crowd.does(broadcasting.repeat, chief, number, crowd.now)
    assert isinstance(again, int)
    assert (await crowd.sees(chief, again)).people == 1
    await crowd.approves(chief, again)
    await crowd.ticks(times=2)
    await crowd.office.until_states(["failed", "sent"], refused)
    assert await crowd.office.states(reached) == ["sent"]
    fates = {one.contact_id: (one.state, one.why) for one in await crowd.fates(number)}
    assert fates == {
        crowd.ids[refused]: ("failed", "part: bad request"),
        crowd.ids[reached]: ("sent", ""),
    }
