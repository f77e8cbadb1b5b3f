"""What each method of the Bot API does to the fake's world, with the real server's refusals.

Never checks the form of a call (see rules).
"""

import time
from collections.abc import Mapping
from typing import Any

from tests.fakes.telegram.faults import ApiError
from tests.fakes.telegram.updates import TAP_LIFE, Updates, Webhook
from tests.fakes.telegram.world import Chat, World

DOWNLOAD_MAX = 20 * 1024 * 1024
DELETE_WITHIN = 48 * 3600
_FOLDERS = {"sendDocument": "document", "sendVoice": "voice", "sendPhoto": "photo", "sendAudio": "audio"}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


class Methods:
    """Carries out one decoded call."""

    def __init__(self, world: World, updates: Updates) -> None:
        self.world = world
        self.updates = updates

    async def carry_out(self, method: str, params: Mapping[str, Any], files: Mapping[str, bytes]) -> object:
        if method == "getUpdates":
            return await self._get_updates(params)
        if method == "sendMessage":
            return self._send(params, {"text": params["text"]})
        if method in _FOLDERS:
            return self._send_file(method, params, files)
        if method in ("sendVenue", "sendLocation"):
            return self._send_place(method, params)
        if method.startswith(("setMy", "getMy", "deleteMy")):
            return self._words(method, params)
        known = {
            "getMe": self._get_me,
            "editMessageText": self._edit_text,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete,
            "deleteMessages": self._delete_many,
            "answerCallbackQuery": self._answer,
            "sendChatAction": self._action,
            "getFile": self._get_file,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
        }.get(method)
        if known is None:
            raise ApiError(404, "Not Found: method not found")
        return known(params)

    def _get_me(self, _: Mapping[str, Any]) -> object:
        can = {
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        return {**self.world.bot, **can, "can_connect_to_business": False, "has_main_web_app": False}

    def _chat(self, params: Mapping[str, Any]) -> Chat:
        chat = self.world.chats.get(int(params["chat_id"])) if str(params["chat_id"]).isdigit() else None
        if chat is None:
            raise ApiError(400, "Bad Request: chat not found")
        if chat.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _send(self, params: Mapping[str, Any], content: dict[str, Any]) -> object:
        chat = self._chat(params)
        markup = params.get("reply_markup") or {}
        if "inline_keyboard" in markup:
            content["reply_markup"] = markup
        message = self.world.message(chat, self.world.bot, content)
        if "keyboard" in markup:
            chat.keyboard = markup["keyboard"]
        if markup.get("remove_keyboard"):
            chat.keyboard = []
        if markup and "inline_keyboard" not in markup:
            chat.fixed.add(message["message_id"])
        return message

    def _send_file(self, method: str, params: Mapping[str, Any], files: Mapping[str, bytes]) -> object:
        folder = _FOLDERS[method]
        if folder in files and folder == "photo" and not files[folder].startswith(_PICTURES):
            raise ApiError(400, "Bad Request: IMAGE_PROCESS_FAILED")
        if folder in files:
            form = self.world.add_file(folder, files[folder], "bin")
        elif folder in params:
            form = self.world.held(folder, params[folder])
        else:
            raise ApiError(400, "Bad Request: there is no file in the request")
        if folder in ("voice", "audio"):
            form["duration"] = 1
        caption = {"caption": params["caption"]} if params.get("caption") else {}
        size = {"width": 90, "height": 90}
        return self._send(params, {folder: [{**form, **size}] if folder == "photo" else form, **caption})

    def _send_place(self, method: str, params: Mapping[str, Any]) -> object:
        place = {name: params[name] for name in ("latitude", "longitude")}
        if method == "sendLocation":
            return self._send(params, {"location": place})
        named = {name: params[name] for name in ("title", "address")}
        return self._send(params, {"location": place, "venue": {"location": place, **named}})

    def _message(self, params: Mapping[str, Any]) -> tuple[Chat, dict[str, Any]]:
        chat = self._chat(params)
        message = chat.messages.get(params.get("message_id", 0))
        if message is None:
            raise ApiError(400, "Bad Request: message to edit not found")
        if not message["from"]["is_bot"] or message["message_id"] in chat.fixed:
            raise ApiError(400, "Bad Request: message can't be edited")
        return chat, message

    def _edit_text(self, params: Mapping[str, Any]) -> object:
        return self._edit(params, {"text": params["text"]})

    def _edit_markup(self, params: Mapping[str, Any]) -> object:
        return self._edit(params, {})

    def _edit(self, params: Mapping[str, Any], change: dict[str, Any]) -> object:
        _, message = self._message(params)
        markup = params.get("reply_markup") or {}
        if "text" in change and "text" not in message:
            raise ApiError(400, "Bad Request: there is no text in the message to edit")
        after = {**message, **change}
        after.pop("reply_markup", None)
        if markup.get("inline_keyboard"):
            after["reply_markup"] = markup
        if after == message:
            raise ApiError(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup "
                "are exactly the same as a current content and reply markup of the message",
            )
        message.clear()
        message.update(after, edit_date=self.world.date())
        return message

    def _delete(self, params: Mapping[str, Any]) -> object:
        chat, number = self._chat(params), params["message_id"]
        if number not in chat.messages:
            raise ApiError(400, "Bad Request: message to delete not found")
        self._take_back(chat, [number])
        return True

    def _delete_many(self, params: Mapping[str, Any]) -> object:
        """What is gone is skipped; one that is too old spoils the call."""
        chat = self._chat(params)
        self._take_back(chat, [number for number in params["message_ids"] if number in chat.messages])
        return True

    def _take_back(self, chat: Chat, numbers: list[int]) -> None:
        """Both sides' messages of a private chat, younger than 48 hours."""
        if any(self.world.date() - chat.messages[number]["date"] >= DELETE_WITHIN for number in numbers):
            raise ApiError(400, "Bad Request: message can't be deleted for everyone")
        for number in numbers:
            del chat.messages[number]

    def _answer(self, params: Mapping[str, Any]) -> object:
        query = self.world.queries.get(params["callback_query_id"])
        if query is None or time.monotonic() - query.at > TAP_LIFE / self.updates.speed:
            raise ApiError(
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
            )
        query.answered = params.get("text") or ""
        return True

    def _action(self, params: Mapping[str, Any]) -> object:
        self._chat(params).actions.append(params["action"])
        return True

    def _get_file(self, params: Mapping[str, Any]) -> object:
        found = self.world.files.get(params["file_id"])
        if found is None:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        path, content = found
        if len(content) > DOWNLOAD_MAX:
            raise ApiError(400, "Bad Request: file is too big")
        size = {"file_unique_id": f"U{path}", "file_size": len(content)}
        return {"file_id": params["file_id"], **size, "file_path": path}

    def _words(self, method: str, params: Mapping[str, Any]) -> object:
        verb, noun = method.split("My")
        place = (noun, params.get("language_code") or "")
        field = {
            "Commands": "commands",
            "Description": "description",
            "ShortDescription": "short_description",
            "Name": "name",
        }[noun]
        if verb == "set":
            self.world.words[place] = params.get(field)
        elif verb == "delete":
            self.world.words.pop(place, None)
        else:
            value = self.world.words.get(place) or ([] if noun == "Commands" else "")
            return value if noun == "Commands" else {field: value}
        return True

    async def _get_updates(self, params: Mapping[str, Any]) -> object:
        if "allowed_updates" in params:
            self.updates.allow(params["allowed_updates"])
        return await self.updates.get(
            params.get("offset", 0), params.get("limit", 100), params.get("timeout", 0)
        )

    def _set_webhook(self, params: Mapping[str, Any]) -> object:
        if "allowed_updates" in params:
            self.updates.allow(params["allowed_updates"])
        webhook = Webhook(params["url"], params.get("secret_token", ""), params.get("max_connections", 40))
        self.updates.set_webhook(webhook, drop=params.get("drop_pending_updates", False))
        return True

    def _delete_webhook(self, params: Mapping[str, Any]) -> object:
        self.updates.set_webhook(None, drop=params.get("drop_pending_updates", False))
        return True

    def _webhook_info(self, _: Mapping[str, Any]) -> object:
        webhook = self.updates.webhook
        info = {"url": webhook.url if webhook else "", "has_custom_certificate": False}
        info["pending_update_count"] = len(self.updates.pending())
        if self.updates.last_error:
            info |= {"last_error_date": self.world.date(), "last_error_message": self.updates.last_error}
        return info
