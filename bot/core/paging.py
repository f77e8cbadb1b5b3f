"""The buttons of one message within what a channel has room for: all of them, or one page of a long list.

Never writes a label and never shortens one.
"""

from dataclasses import dataclass

from bot.core.channel import Label, Rendered

_ARROWS = 2  # onward and backward; the first and the last page leave one of them free


@dataclass(frozen=True, slots=True)
class Page:
    """What is shown at once, in this order. `first`: the place of its first option in the whole list, from 0.

    `fixed`: what completes an answer. `turning`: to other pages and to the other buttons. `unseen`: options
    that no button on any page stands for.
    """

    options: tuple[Label, ...]
    fixed: tuple[Label, ...]
    turning: tuple[Label, ...]
    controls: tuple[Label, ...]
    first: int = 0
    unseen: tuple[Label, ...] = ()


def page(message: Rendered, room: int) -> Page:
    """The page that the message's pager names; a number beyond the last page names the last one.

    What is `kept` stands on every page, and so does the button to hear it. As soon as not all fit, the other
    controls go behind one button: they have a page of their own, after the options' last one.
    """
    options = tuple(one for one in message.buttons if not one.kept)
    fixed = tuple(one for one in message.buttons if one.kept)
    controls = (*message.controls, *((message.listen,) if message.listen else ()))
    pager = message.pager
    if pager is None or not options or len(options) + len(fixed) + len(controls) <= room or not room:
        return _whole(options, fixed, controls, room)
    kept = tuple(one for one in controls if one.kept or one is message.listen)
    behind = tuple(one for one in controls if one not in kept)
    if len(behind) <= 1:
        kept, behind = controls, ()
    space = room - len(fixed) - len(kept) - bool(behind)
    size = len(options) if len(options) <= space else space - _ARROWS
    if size < 1:
        return _whole(options, fixed, controls, room)  # what is kept leaves no room to turn pages
    pages = -(-len(options) // size)
    at = min(pager.page, pages if behind else pages - 1)
    turning = [Label(f"{pager.payload}{at - 1}", pager.backward)] if at else []
    if at == pages:
        return Page((), (), tuple(turning), (*behind, *kept)[: room - 1])
    if at + 1 < pages:
        turning.append(Label(f"{pager.payload}{at + 1}", pager.onward))
    if behind:
        turning.append(Label(f"{pager.payload}{pages}", pager.others))
    return Page(options[at * size : (at + 1) * size], fixed, tuple(turning), kept, at * size)


def _whole(
    options: tuple[Label, ...], fixed: tuple[Label, ...], controls: tuple[Label, ...], room: int
) -> Page:
    """Everything that has room: the controls, then what completes an answer, then the options."""
    controls = controls if len(controls) <= room else (*controls[: max(room - 1, 0)], *controls[-1:])[:room]
    fixed = fixed[: room - len(controls)]
    left = room - len(controls) - len(fixed)
    return Page(options[:left], fixed, (), controls, unseen=options[left:])
