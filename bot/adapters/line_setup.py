"""Sets a LINE channel up: the webhook's address, and a rich menu for each language.

What is there is looked up first, and only what differs is changed, so it may be run again and
again. A menu is found by its name, which ends in a hash of all that the menu is made of: a menu
cannot be changed once it is made, so other contents are another menu.
https://developers.line.biz/en/docs/messaging-api/using-rich-menus/
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.adapters import line_menu_image
from bot.adapters.line_api import API_BASE_URL, DATA_API_BASE_URL, LineApi, Refused, menu_alias
from bot.adapters.line_render import LABEL, shortened
from bot.model import Choice

#: Of a menu's name; only menus with it are ever deleted.
_PREFIX = "infobot "

#: Raised when the picture or the places of the fields change, so that menus are made anew.
_DRAWING = 1

#: Fields that the picture has room for, and characters of the bar below the chat; the SDK counts
#: code points there, so clusters would be too many.
_MOST_FIELDS, _BAR_LABEL = 9, 14


@dataclass(frozen=True, slots=True)
class Menu:
    """The rich menu of one language."""

    language: str
    """Its code, in small letters."""
    language_name: str
    """What the language calls itself, for the tab."""
    bar: str
    """On the bar that opens the menu; cut to 14 characters."""
    topics: tuple[Choice, ...]
    """The fields, row by row; the first nine are shown."""


@dataclass(frozen=True, slots=True)
class _Change:
    sentence: str
    """What differs, for people."""
    make: Callable[[], Awaitable[None]]


async def set_up(
    access_token: str,
    webhook_url: str,
    menus: Sequence[Menu],
    *,
    dry_run: bool = False,
    api_base_url: str = API_BASE_URL,
    data_api_base_url: str = DATA_API_BASE_URL,
) -> list[str]:
    """Makes a channel as wished; returns what differed, a sentence each, none if nothing did.

    Args:
        access_token: of the channel.
        webhook_url: where LINE is to send webhooks, https; empty leaves it as it is.
        menus: one a language; the first is for everybody who has not chosen.
        dry_run: change nothing.
        api_base_url: LINE's host.
        data_api_base_url: LINE's host for pictures.

    Raises:
        bot.errors.InfobotError: LINE refused, or cannot be reached.
    """
    api = LineApi(access_token, api_base_url)
    blob = LineApi(access_token, data_api_base_url, is_blob=True, timeout_s=30.0)
    try:
        changes = await _SetUp(api, blob, menus).changes(webhook_url)
        for change in changes if not dry_run else ():
            await change.make()
    finally:
        await api.close()
        await blob.close()
    return [change.sentence for change in changes]


def menu_name(menu: Menu, menus: Sequence[Menu]) -> str:
    """Returns a menu's name: its language, and a hash of all that it is made of."""
    tabs = [(other.language, other.language_name) for other in menus]
    content = json.dumps([_DRAWING, asdict(menu), tabs], ensure_ascii=False, sort_keys=True)
    return f"{_PREFIX}{menu.language} {hashlib.sha256(content.encode()).hexdigest()[:12]}"


def menu_object(menu: Menu, menus: Sequence[Menu]) -> dict[str, Any]:
    """Returns a rich menu as LINE takes it: a tab for each language, a field for each topic."""
    topics = menu.topics[:_MOST_FIELDS]
    tabs, fields = line_menu_image.layout(len(menus), len(topics))
    actions = [*map(_switch, menus), *map(_ask, topics)]
    areas = [
        {"bounds": asdict(box), "action": action}
        for box, action in zip([*tabs, *fields], actions, strict=True)
    ]
    return {
        "size": {"width": line_menu_image.WIDTH, "height": line_menu_image.HEIGHT},
        # Open when somebody comes: the menu is the quickest way to see what can be asked.
        "selected": True,
        "name": menu_name(menu, menus),
        "chatBarText": menu.bar[:_BAR_LABEL],
        "areas": areas,
    }


def _switch(menu: Menu) -> dict[str, Any]:
    """Returns what a tab does: the app changes the menu, and the bot hears of the language."""
    return {
        "type": "richmenuswitch",
        "label": shortened(menu.language_name, LABEL),
        "richMenuAliasId": menu_alias(menu.language),
        "data": f"language:{menu.language}",
    }


def _ask(topic: Choice) -> dict[str, Any]:
    label = shortened(topic.label, LABEL)
    return {"type": "postback", "label": label, "data": topic.data, "displayText": label}


class _SetUp:
    """Compares a channel with what is wished, and makes the changes."""

    def __init__(self, api: LineApi, blob: LineApi, menus: Sequence[Menu]) -> None:
        self._api = api
        self._blob = blob
        self._menus = menus
        self._ids: dict[str, str] = {}

    async def changes(self, webhook_url: str) -> list[_Change]:
        """Returns what to change, in the order in which to do it."""
        found = await self._webhook(webhook_url) if webhook_url else []
        if not self._menus:
            return found
        listed = await self._api.call("get_rich_menu_list")
        there = {menu.rich_menu_id: menu.name for menu in listed.richmenus}
        aliased = await self._api.call("get_rich_menu_alias_list")
        aliases = {a.rich_menu_alias_id: a.rich_menu_id for a in aliased.aliases}
        for menu in self._menus:
            found += self._menu(menu, there, aliases)
        return found + await self._default() + self._outdated(there)

    async def _webhook(self, wanted: str) -> list[_Change]:
        try:
            now = (await self._api.call("get_webhook_endpoint")).endpoint
        except Refused as refusal:
            if refusal.status != 404:
                raise
            now = ""
        if now == wanted:
            return []

        async def make() -> None:
            body = ("SetWebhookEndpointRequest", {"endpoint": wanted})
            await self._api.call("set_webhook_endpoint", body)

        return [_Change(f"LINE webhook: {wanted} instead of {now or 'none'}", make)]

    def _menu(self, menu: Menu, there: dict[str, str], aliases: dict[str, str]) -> list[_Change]:
        """Returns what a language's menu lacks.

        Its alias is set last, after the picture, so a menu that has it is whole; one of the right
        name without it is what a broken run left behind, and is made anew.
        """
        name, alias = menu_name(menu, self._menus), menu_alias(menu.language)
        if there.get(aliases.get(alias, "")) == name:
            self._ids[menu.language] = aliases[alias]
            return []

        async def make() -> None:
            menu_id = await self._made(menu)
            body = {"richMenuId": menu_id}
            if alias in aliases:
                request = ("UpdateRichMenuAliasRequest", body)
                await self._api.call("update_rich_menu_alias", alias, request)
            else:
                request = ("CreateRichMenuAliasRequest", {**body, "richMenuAliasId": alias})
                await self._api.call("create_rich_menu_alias", request)
            self._ids[menu.language] = menu_id

        return [_Change(f'LINE rich menu "{name}": new, with its picture, as alias {alias}', make)]

    async def _made(self, menu: Menu) -> str:
        """Makes a menu and its picture; returns the menu's id."""
        request = ("RichMenuRequest", menu_object(menu, self._menus))
        menu_id: str = (await self._api.call("create_rich_menu", request)).rich_menu_id
        names = [other.language_name for other in self._menus]
        labels = [topic.label for topic in menu.topics[:_MOST_FIELDS]]
        chosen = self._menus.index(menu)
        picture = await asyncio.to_thread(line_menu_image.draw, names, chosen, labels)
        headers = {"Content-Type": "image/png"}
        await self._blob.call("set_rich_menu_image", menu_id, bytearray(picture), _headers=headers)
        return menu_id

    async def _default(self) -> list[_Change]:
        first = self._menus[0].language
        # A menu that is yet to be made cannot be the default; LINE need not be asked.
        if first in self._ids and await self._default_id() == self._ids[first]:
            return []

        async def make() -> None:
            await self._api.call("set_default_rich_menu", self._ids[first])

        return [_Change(f"LINE default rich menu: that of {first}", make)]

    async def _default_id(self) -> str:
        try:
            found = await self._api.call("get_default_rich_menu_id")
        except Refused as refusal:
            if refusal.status != 404:
                raise
            return ""
        return str(found.rich_menu_id)

    def _outdated(self, there: dict[str, str]) -> list[_Change]:
        """Returns the deletions of our former menus; those of others are left alone."""
        kept = set(self._ids.values())
        old = [i for i, name in there.items() if name.startswith(_PREFIX) and i not in kept]
        return [
            _Change(
                f'LINE rich menu "{there[menu_id]}" ({menu_id}): deleted', self._deletion(menu_id)
            )
            for menu_id in old
        ]

    def _deletion(self, menu_id: str) -> Callable[[], Awaitable[None]]:
        async def make() -> None:
            await self._api.call("delete_rich_menu", menu_id)

        return make
