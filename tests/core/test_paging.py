"""Long lists on a channel with thirteen quick replies. Never tests how a page is turned in a dialog."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messenger.capabilities import MESSENGER
from bot.channels.telegram.capabilities import TELEGRAM
from bot.core.channel import Label, Pager, Part, Rendered
from bot.core.fitting import fit

ONWARD, BACKWARD, OTHERS = "➡ មើលបន្ត", "⬅ ទំព័រមុន", "ប៊ូតុងផ្សេង"
LISTEN = Label("v:a.b", "🔊 ស្តាប់ (១២ KB)")
HIDE = Label("7:~hide", "លាក់", kept=True)
DONE = Label("7:~done", "រើសរួចហើយ", kept=True)
CONTROLS = tuple(
    Label(f"7:~{key}", text)
    for key, text in (("skip", "រំលង"), ("back", "ថយក្រោយ"), ("why", "ហេតុអ្វីសួរ?"), ("menu", "ម៉ឺនុយ"))
)


def pager(page: int = 0) -> Pager:
    return Pager(page, "7:~page", ONWARD, BACKWARD, OTHERS)


def options(count: int, text: str = "ជម្រើស") -> tuple[Label, ...]:
    return tuple(Label(f"7:{number}", f"{text} {number}") for number in range(count))


def shown(part: Part) -> list[str]:
    return [button.label for button in part.buttons]


def asked(count: int, page: int = 0, text: str = "ជម្រើស") -> Part:
    (part,) = fit(Rendered("មួយណា?", options(count, text), pager=pager(page)), MESSENGER)
    return part


def test_thirteen_options_are_thirteen_buttons_and_fourteen_are_pages() -> None:
    assert shown(asked(13)) == [f"ជម្រើស {number}" for number in range(13)]
    assert shown(asked(14)) == [*(f"ជម្រើស {number}" for number in range(11)), ONWARD]
    assert shown(asked(14, 1)) == ["ជម្រើស 11", "ជម្រើស 12", "ជម្រើស 13", BACKWARD]


def test_twenty_five_options_give_twelve_thirteen_and_four_buttons() -> None:
    assert [len(shown(asked(25, page))) for page in range(3)] == [12, 13, 4]
    assert [one.payload for one in asked(25, 1).buttons[-2:]] == ["7:~page0", "7:~page2"]
    assert asked(25, 99) == asked(25, 2)


def test_a_numbered_page_lists_its_own_options_and_goes_on_counting() -> None:
    part = asked(25, 1, "ជម្រើសដែលវែងជាងម្ភៃតួអក្សរ")
    assert part.text.startswith("មួយណា?\n\n១២. ជម្រើសដែលវែងជាងម្ភៃតួអក្សរ 11\n១៣. ")
    assert shown(part) == ["១២", "១៣", "១៤", "១៥", "១៦", "១៧", "១៨", "១៩", "២០", "២១", "២២", BACKWARD, ONWARD]


def test_controls_go_behind_one_button_before_a_list_is_cut_into_pages() -> None:
    message = Rendered("មួយណា?", options(10), CONTROLS, LISTEN, pager=pager())
    (part,) = fit(message, MESSENGER)
    assert shown(part) == [*(f"ជម្រើស {number}" for number in range(10)), OTHERS, "🔊 ស្តាប់ (១២ KB)"]
    (others,) = fit(replace(message, pager=pager(1)), MESSENGER)
    assert others.text == "មួយណា?"
    assert shown(others) == [BACKWARD, "រំលង", "ថយក្រោយ", "ហេតុអ្វីសួរ?", "ម៉ឺនុយ", "🔊 ស្តាប់ (១២ KB)"]


def test_hiding_hearing_and_what_completes_the_answer_are_on_every_page() -> None:
    message = Rendered("មួយណា?", (*options(25), DONE), (*CONTROLS, HIDE), LISTEN, pager=pager())
    pages = [fit(replace(message, pager=pager(page)), MESSENGER)[0] for page in range(5)]
    assert [len(shown(page)) for page in pages] == [12, 13, 13, 9, 7]
    for page in pages[:4]:
        assert {"រើសរួចហើយ", OTHERS, "លាក់", "🔊 ស្តាប់ (១២ KB)"} <= set(shown(page))
    assert shown(pages[4])[-2:] == ["លាក់", "🔊 ស្តាប់ (១២ KB)"]


def test_what_completes_the_answer_has_no_number() -> None:
    labels = (Label("7:a", "ជម្រើសដែលវែងជាងម្ភៃតួអក្សរ"), DONE)
    (part,) = fit(Rendered("មួយណា?", labels, pager=pager()), MESSENGER)
    assert part.text == "មួយណា?\n\n១. ជម្រើសដែលវែងជាងម្ភៃតួអក្សរ"
    assert shown(part) == ["១", "រើសរួចហើយ"]


def test_the_platforms_own_button_takes_one_of_the_thirteen_places() -> None:
    message = Rendered("លេខ?", options(13), request="contact", request_label="លេខ", pager=pager())
    (part,) = fit(message, MESSENGER)
    assert (part.request, len(part.buttons)) == ("contact", 11)  # ten options and onward


def test_a_channel_with_room_shows_everything_at_once() -> None:
    message = Rendered("មួយណា?", options(25), (*CONTROLS, HIDE), LISTEN, pager=pager(1))
    (part,) = fit(message, TELEGRAM)
    assert len(part.buttons) == 31


@given(
    count=st.integers(1, 60),
    controls=st.integers(0, 4),
    text=st.sampled_from(["ជម្រើស", "ជម្រើសដែលវែងជាងម្ភៃតួអក្សរ"]),
    hide=st.booleans(),
    listen=st.booleans(),
    done=st.booleans(),
)
def test_every_option_and_every_control_stands_on_some_page(
    count: int, controls: int, text: str, *, hide: bool, listen: bool, done: bool
) -> None:
    message = Rendered(
        "មួយណា?",
        (*options(count, text), *((DONE,) if done else ())),
        (*CONTROLS[:controls], *((HIDE,) if hide else ())),
        LISTEN if listen else None,
    )
    wanted = {one.payload for one in (*message.buttons, *message.controls)} | ({"v:a.b"} if listen else set())
    reached: set[str] = set()
    waiting, seen = [0], {0}
    while waiting:
        (part,) = fit(replace(message, pager=pager(waiting.pop())), MESSENGER)
        assert len(part.buttons) <= MESSENGER.quick_replies
        reached |= {button.payload for button in part.buttons}
        turns = {int(one.removeprefix("7:~page")) for one in reached if "~page" in one}
        waiting += turns - seen
        seen |= turns
    assert wanted <= reached
