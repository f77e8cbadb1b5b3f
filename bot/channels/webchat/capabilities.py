"""What our own web chat page can show.

Never follows a platform's rule: the page is ours, so every number here is our choice.
"""

from bot.core.channel import Capabilities

ACCOUNT = "webchat:main"

WEBCHAT = Capabilities(
    channel="webchat",
    text_max=4000,  # what fits a phone screen's patience, and Telegram's size, so that transcripts agree
    inline_buttons=100,  # the page scrolls
    quick_replies=0,
    label_hard=120,  # a button wraps; three lines at 320 px
    buttons_per_row=3,
    payload_max_bytes=64,  # the engine's own limit, checked again when it comes back
    buttons_persist=True,
    edit_message=True,  # `replaces` names the sequence number of the message to redraw
    ask_contact=False,  # a browser has no shared contact
    ask_location=False,  # exact positions are never asked
    documents=True,
)
