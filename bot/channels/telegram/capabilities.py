"""What Telegram can show, every number with its source.

Never holds limits of other channels. Sources: tdlib/telegram-bot-api 10.0 as read in facts/channels.md §2.2.
"""

from typing import Final

from bot.core.channel import Capabilities

TELEGRAM: Final = Capabilities(
    channel="telegram",
    text_max=4000,  # 4096 after entity parsing (§2.2); 96 left for the chosen words below a tapped one
    inline_buttons=100,  # §2.2, PTB InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER
    quick_replies=0,  # reply keyboards carry no payload, so they are not used for answers
    label_hard=64,  # no published limit; our own choice (facts/channel-rendering.md §1)
    buttons_per_row=3,  # 8 by §2.2; 3 stay readable in Khmer on a phone (facts/channel-rendering.md §2.2)
    payload_max_bytes=64,  # callback_data 1-64 bytes (§2.2)
    buttons_persist=True,
    edit_message=True,
    ask_contact=True,
    ask_location=True,
    documents=True,
    pins=True,  # sendVenue, sendLocation (Bot API)
)

TEXT_MAX: Final = 4096  # sendMessage, editMessageText (§2.2)
CAPTION_MAX: Final = 1024  # §2.2
DOWNLOAD_MAX: Final = 20 * 1024 * 1024  # getFile (§2.2)
COMMANDS_MAX: Final = 100  # per scope and language (§2.2)
COMMAND_DESCRIPTION_MAX: Final = 256  # §2.2
DESCRIPTION_MAX: Final = 512  # §2.2
SHORT_DESCRIPTION_MAX: Final = 120  # §2.2

ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")  # §2.3
