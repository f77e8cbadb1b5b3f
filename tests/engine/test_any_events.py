"""Whatever comes, in whatever order: nothing raises, and the person always has a way on."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import events as ev
from bot.core.contact import Companion, Contact
from bot.core.dialog import EndNode, SayNode
from bot.core.trail import SUSPENDED_AT_MOST
from tests.engine.shipped import Talk, edited, release

LABELS = sorted({words for labels in release().book.labels.values() for words in labels})
PHRASES = sorted({phrase for route in release().book.routes for phrase in route.phrases})
WORDS = st.one_of(
    st.sampled_from(LABELS + PHRASES),
    st.sampled_from(["១", "2", "៩៩", "បាទ", "ទេ", "bat", "Pursat", "បាកាន", "០១២៣៤៥៦៧៨", "១២/២០២៥", "សុខា"]),
    st.text(max_size=30),
)
BODIES = st.one_of(
    st.integers(0, 40).map(lambda n: ("button", n)),
    st.integers(0, 40).map(lambda n: ("button", n)),
    st.integers(0, 40).map(lambda n: ("old button", n)),
    st.tuples(WORDS, st.sampled_from("abc")).map(lambda it: ev.Text(it[0], message=it[1])),
    st.tuples(WORDS, st.sampled_from("abc")).map(lambda it: ev.Text(it[0], message=it[1], edits=it[1])),
    st.sampled_from(["voice", "audio", "image", "sticker", "document"]).map(
        lambda kind: ev.Media(kind, "ref", album="a" if kind == "image" else "")
    ),
    st.booleans().map(lambda own: ev.SharedContact("+85512345678", own)),
    st.just(ev.Location(12.5, 103.9)),
    st.sampled_from(["menu", "stop", "erase", "person", "language", "help", "nonsense"]).map(ev.Command),
    st.sampled_from(["km", "en"]).map(lambda language: ev.Command("language", language)),
    st.just(ev.Start()),
    st.just(ev.Command("who")),
    st.just(ev.Command("hide")),
    st.just(ev.Returned()),
    st.booleans().map(ev.Reachable),
    st.just(ev.Unknown("poll", "m")),
    st.just(("expired", 0)),
    st.just(("interrupted", 0)),
    st.just(("publish", 0)),
    st.integers(0, 3).map(lambda seconds: ("pause", seconds)),
    st.integers(1, 20).map(lambda days: ("wait", days)),
    st.text(max_size=20).map(ev.Tap),
)


def play(talk: Talk, step: object, old: list[str]) -> None:
    match step:
        case ("button", int(n)):
            if talk.buttons:
                payload = talk.buttons[n % len(talk.buttons)].payload
                old.append(payload)
                talk.happen(ev.Tap(payload, message="b"))
        case ("old button", int(n)):
            if old:
                talk.happen(ev.Tap(old[n % len(old)], message="b"))
        case ("publish", _):
            talk.live = edited() if talk.live is release() else release()
        case ("pause", int(seconds)):
            talk.now += timedelta(seconds=seconds)
        case ("wait", int(days)):
            talk.now += timedelta(days=days)
        case ("expired", _):
            if talk.session.wake_at is not None:
                talk.now = max(talk.now, talk.session.wake_at)
                talk.happen(ev.WaitExpired(talk.session.turn, last=talk.session.nudged))
        case ("interrupted", _):
            before = talk.session
            talk.happen(ev.Interrupted(before.turn))
            assert talk.session == before  # asked again or not, it stands where it stood
        case _:
            talk.happen(step)


@settings(max_examples=150, deadline=None)
@given(st.lists(BODIES, min_size=1, max_size=60), st.booleans())
def test_no_sequence_of_events_raises_or_strands(steps: list[object], shared: bool) -> None:  # noqa: FBT001
    others = (Companion(7, "ចាន់"), Companion(8, "")) if shared else ()
    talk, old = Talk(Contact(1, "km", shared=shared, others=others)), []
    for step in steps:
        play(talk, step, old)
        assert len(talk.session.frames) <= len(release().book.dialogs) + SUSPENDED_AT_MOST
        books = {one.digest: one.book for one in (release(), edited())}
        for frame in talk.session.frames:
            assert frame.node in books[frame.release].dialogs[frame.dialog].nodes
        if talk.session.frames:
            top = talk.session.frames[-1]
            node = books[top.release].dialogs[top.dialog].nodes[top.node]
            assert top.asked or talk.session.locked  # who hid the chat is asked when they write again
            assert not isinstance(node.kind, SayNode | EndNode)
        if talk.session.locked:
            assert "who" in {frame.dialog for frame in talk.session.frames}
        for message in talk.said:
            assert message.text.strip()
            assert all(len(button.payload.encode()) <= 64 for button in (*message.buttons, *message.controls))


@settings(max_examples=60, deadline=None)
@given(st.lists(BODIES, max_size=40))
def test_from_anywhere_one_word_leads_to_the_menu(steps: list[object]) -> None:
    talk, old = Talk().happen(ev.Start()).tap("ភាសាខ្មែរ"), []
    for step in steps:
        talk.now += timedelta(seconds=31)
        play(talk, step, old)
    talk.wait(minutes=5).happen(ev.Command("menu"))
    if talk.node == "who.ask":
        talk.press("me").happen(ev.Command("menu"))
    assert talk.said
    assert talk.node.startswith(("menu.", "language."))
