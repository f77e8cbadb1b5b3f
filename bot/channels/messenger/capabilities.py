"""What Messenger can show, every number with its source.

Never holds limits of other channels. Sources: facts/channels.md §3.2, facts/channel-rendering.md §1.
"""

from typing import Final

from bot.core.channel import Capabilities
from bot.core.window import Window

MESSENGER: Final = Capabilities(
    channel="messenger",
    text_max=1900,  # below 2000 (§3.2); how the platform counts is not documented, so some room is left
    inline_buttons=0,
    quick_replies=13,  # §3.2
    label_hard=20,  # title of a quick reply or a button (§3.2); longer ones are cut
    buttons_per_row=3,  # the platform lays quick replies out itself
    payload_max_bytes=64,  # 1000 (§3.2); one rule for both channels (facts/channel-rendering.md §1)
    buttons_persist=False,  # quick replies vanish after a tap
    edit_message=False,
    ask_contact=True,  # quick reply user_phone_number (§3.2)
    ask_location=False,  # no longer in the platform's list (§3.2)
    documents=True,
    template_buttons=3,  # button template (§3.2)
    template_text=640,  # §3.2
    cards=10,  # elements of a generic template (§3.2)
    card_text=80,  # title and subtitle of an element (§3.2)
    card_buttons=3,  # of an element (§3.2)
    window=Window(),  # §3.3, §3.6
)

METADATA_MAX: Final = 999  # below 1000 (§3.2)
DOWNLOAD_MAX: Final = 25 * 1024 * 1024  # the largest attachment there is (§3.2)
GREETING_MAX: Final = 160  # code points of a greeting (Messenger Profile API)
MENU_TITLE_MAX: Final = 30  # code points of a persistent menu's item (Messenger Profile API)

START: Final = "c:start"  # payload of Get Started
COMMAND: Final = "c:"  # a payload of the persistent menu: the command's name follows

PAGE_INBOX: Final = "263902037430900"  # the app id of the platform's own inbox for staff (§3.7)
LIKES: Final = frozenset(  # stickers of the thumb, in three sizes (§3.1)
    {369239263222822, 369239343222814, 369239383222810}
)

WEBHOOK_FIELDS: Final = (  # §3.1; reactions open the window (§3.3), edits correct an answer
    "messages",
    "messaging_postbacks",
    "messaging_referrals",
    "message_reactions",
    "message_edits",
    "message_echoes",
    "message_deliveries",
    "message_reads",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
    "message_template_status_update",
)
