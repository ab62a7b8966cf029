"""Replies out to Telegram: into chats, into guest chats, and under what inline mode has posted."""

from __future__ import annotations

import contextlib
import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import telegram
from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.adapters.telegram_client import Client, marked_up, our_errors, reason, refuses
from bot.adapters.telegram_render import (
    Call,
    Contact,
    MapLabel,
    Text,
    Venue,
    render,
    render_one,
    split,
)
from bot.model import Message, Reply

log = logging.getLogger(__name__)

#: Messages whose replies are remembered, to be edited or finished; the oldest is forgotten first.
_MOST_REMEMBERED = 5_000

#: Characters of a result that an app shows before it is chosen.
_TITLE, _DESCRIPTION = 64, 200

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in which chat to write."""

    chat_id: int
    thread_id: int | None
    message_id: int | None
    """The message to reply to, in groups."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A message of the bot that stands in a chat."""

    chat_id: int
    message_id: int
    is_text: bool
    content: int
    """Hash of what it shows, to know what need not be edited."""


def article(
    result_id: str, text: Text, mode: ParseMode | None, title: str = ""
) -> InlineQueryResultArticle:
    """Returns a text as inline mode and guest chats want it; the title defaults to its start."""
    start = split(text.plain.partition("\n")[0], _TITLE)[0]
    rest = text.plain if title else text.plain[len(start) :].strip()
    return InlineQueryResultArticle(
        result_id,
        title or start,
        InputTextMessageContent(text.body(mode), mode, link_preview_options=_NO_PREVIEW),
        reply_markup=text.keyboard,
        description=rest[:_DESCRIPTION] or None,
    )


class TelegramOutlet:
    """Delivers replies.

    It remembers which of its messages answered which, so that an edited question has its answer
    edited, and a delivery that broke off goes on where it stopped. After a restart both start anew.

    Args:
        client: the connection.
        map_label: the word on buttons that open a map, by language.
    """

    def __init__(self, client: Client, map_label: MapLabel) -> None:
        self._client = client
        self._map_label = map_label
        self._replies: OrderedDict[str, list[_Shown]] = OrderedDict()
        self._moved: OrderedDict[int, int] = OrderedDict()

    async def send(self, message: Message, reply: Reply, again: bool) -> None:
        """Delivers a reply; `again` if an earlier attempt may have got through.

        Raises:
            TryLater: it may work later.
            Undeliverable: it never will.
        """
        where = message.reply_to
        if again and "press" in where:
            # The process that was to answer the press may have died before.
            with contextlib.suppress(TelegramError):
                await self._client.bot.answer_callback_query(where["press"])
        with our_errors():
            if "guest_query_id" in where:
                await self._answer_guest(where["guest_query_id"], reply)
            elif "inline_message_id" in where:
                await self._edit_inline(where["inline_message_id"], reply)
            else:
                await self._show(where, render(reply, self._map_label))

    async def show_working(self, message: Message) -> None:
        """Shows "typing" for 5 seconds, or until the reply. Never raises."""
        if "chat_id" in message.reply_to:
            place = self._place(message.reply_to)
            with contextlib.suppress(TelegramError):
                await self._client.bot.send_chat_action(
                    place.chat_id, ChatAction.TYPING, message_thread_id=place.thread_id
                )

    async def _answer_guest(self, query_id: str, reply: Reply) -> None:
        text = render_one(reply, self._map_label)
        bot = self._client.bot
        await marked_up(lambda mode: bot.answer_guest_query(query_id, article("0", text, mode)))

    async def _edit_inline(self, inline_message_id: str, reply: Reply) -> None:
        """Puts the reply in the place of the message whose button was pressed.

        The bot cannot write into that chat.
        """
        text = render_one(reply, self._map_label)
        await self._edit(text, inline_message_id=inline_message_id)

    async def _show(self, where: Mapping[str, Any], calls: tuple[Call, ...]) -> None:
        """Makes a chat show `calls` and nothing else in reply to a message."""
        place = self._place(where)
        shown = self._remembered(where["source"])
        for number, call in enumerate(calls):
            # One reply arrow is enough.
            here = place if number == 0 else replace(place, message_id=None)
            if number < len(shown):
                shown[number] = await self._replace(shown[number], here, call)
            elif sent := await self._post(here, call):
                shown.append(sent)
        for old in shown[len(calls) :]:
            await self._delete(old)
        del shown[len(calls) :]

    def _place(self, where: Mapping[str, Any]) -> _Place:
        chat_id = where["chat_id"]
        return _Place(
            self._moved.get(chat_id, chat_id), where.get("thread_id"), where.get("message_id")
        )

    def _remembered(self, source: str) -> list[_Shown]:
        shown = self._replies.setdefault(source, [])
        self._replies.move_to_end(source)
        if len(self._replies) > _MOST_REMEMBERED:
            self._replies.popitem(last=False)
        return shown

    async def _replace(self, old: _Shown, place: _Place, call: Call) -> _Shown:
        """Returns what stands in the chat once `call` stands in the place of `old`."""
        if old.content == hash(call):
            return old
        if old.is_text and isinstance(call, Text):
            try:
                await self._edit(call, chat_id=old.chat_id, message_id=old.message_id)
                return replace(old, content=hash(call))
            except (BadRequest, ChatMigrated):
                # Deleted, too old to be edited, or left behind when the group moved.
                return await self._post(place, call) or old
        await self._delete(old)
        return await self._post(place, call) or old

    async def _edit(self, text: Text, **which: Any) -> None:
        async def edit(mode: ParseMode | None) -> object:
            return await self._client.bot.edit_message_text(
                text.body(mode),
                parse_mode=mode,
                reply_markup=text.keyboard,
                link_preview_options=_NO_PREVIEW,
                **which,
            )

        try:
            await marked_up(edit)
        except BadRequest as error:
            if not refuses(error, "not modified"):
                raise

    async def _delete(self, old: _Shown) -> None:
        with contextlib.suppress(BadRequest, ChatMigrated):
            await self._client.bot.delete_message(old.chat_id, old.message_id)

    async def _post(self, place: _Place, call: Call) -> _Shown | None:
        """Sends, also where the chat has moved or its thread is gone.

        Returns:
            What stands in the chat; None if Telegram refused a card, which the text can do without.
        """
        try:
            sent = await self._send(place, call)
        except ChatMigrated as error:
            self._moved[place.chat_id] = error.new_chat_id
            if len(self._moved) > _MOST_REMEMBERED:
                self._moved.popitem(last=False)
            sent = await self._send(replace(place, chat_id=error.new_chat_id), call)
        except BadRequest as error:
            if refuses(error, "thread not found") and place.thread_id is not None:
                return await self._post(replace(place, thread_id=None), call)
            if isinstance(call, Text):
                if call.keyboard is None or not refuses(error, "button"):
                    raise
                # An answer without its buttons is worth more than none.
                log.warning("Telegram refused the buttons: %s", reason(error))
                return await self._post(place, replace(call, keyboard=None))
            log.warning("Telegram refused a %s: %s", type(call).__name__.lower(), reason(error))
            return None
        return _Shown(sent.chat_id, sent.message_id, isinstance(call, Text), hash(call))

    async def _send(self, place: _Place, call: Call) -> telegram.Message:
        bot = self._client.bot
        at: dict[str, Any] = {"chat_id": place.chat_id, "message_thread_id": place.thread_id}
        if place.message_id is not None:
            at["reply_parameters"] = telegram.ReplyParameters(
                place.message_id, allow_sending_without_reply=True
            )
        match call:
            case Contact(phone, name, vcard):
                return await bot.send_contact(
                    phone_number=phone, first_name=name, vcard=vcard or None, **at
                )
            case Venue(latitude, longitude, title, address):
                return await bot.send_venue(
                    latitude=latitude, longitude=longitude, title=title, address=address, **at
                )
        return await marked_up(
            lambda mode: bot.send_message(
                text=call.body(mode),
                parse_mode=mode,
                reply_markup=call.keyboard,
                link_preview_options=_NO_PREVIEW,
                **at,
            )
        )
