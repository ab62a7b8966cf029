"""What `infobot setup` makes of a bot on Telegram."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.adapters.telegram_client import Client
from bot.adapters.telegram_setup import Profile, set_up, set_webhook
from bot.errors import TryLater, Undeliverable
from tests.fakes.telegram import FakeBotApi, connected

PROFILE = Profile(
    commands={
        "th": {"start": "เริ่ม", "help": "ช่วย"},
        "en": {"start": "Begin", "help": "What you can ask"},
    },
    descriptions={"th": "ตอบคำถาม", "en": "Answers questions"},
    short_descriptions={"th": "ถามตอบ", "en": "Answers"},
)
URL = "https://bot.example.test"

Wired = tuple[FakeBotApi, Client]


@pytest.fixture
async def wired() -> AsyncIterator[Wired]:
    async with connected() as both:
        yield both


def changes(api: FakeBotApi) -> list[str]:
    return [method for method, _ in api.calls if not method.startswith("get")]


async def test_a_new_bot_gets_everything_and_a_second_run_changes_nothing(wired: Wired) -> None:
    api, client = wired
    made = await set_up(client.bot, PROFILE, URL, "s-1")
    changed = changes(api)
    again = await set_up(client.bot, PROFILE, URL, "s-1")

    assert made[0] == "commands in en are none; to become /start, /help"
    assert f"webhook is not set; to become {URL}/telegram" in made
    assert len(made) == len(changed) == 10
    assert again == []
    assert changes(api) == changed


async def test_a_dry_run_tells_the_same_and_changes_nothing(wired: Wired) -> None:
    api, client = wired
    told = await set_up(client.bot, PROFILE, URL, "s-1", dry_run=True)

    assert changes(api) == []
    assert told == await set_up(client.bot, PROFILE, URL, "s-1")


async def test_english_is_for_everyone_whose_language_is_not_set(wired: Wired) -> None:
    api, client = wired
    await set_up(client.bot, PROFILE)

    described = {
        p.get("language_code", ""): p["description"] for p in api.asked("setMyDescription")
    }
    assert described == {"": "Answers questions", "th": "ตอบคำถาม"}


async def test_a_group_is_not_offered_to_start(wired: Wired) -> None:
    api, client = wired
    await set_up(client.bot, PROFILE)

    in_groups = [p for p in api.asked("setMyCommands") if p["scope"]["type"] == "all_group_chats"]
    assert [[c["command"] for c in p["commands"]] for p in in_groups] == [["help"], ["help"]]


async def test_only_what_differs_is_changed(wired: Wired) -> None:
    api, client = wired
    await set_up(client.bot, PROFILE)
    before = len(changes(api))
    told = await set_up(
        client.bot,
        Profile(
            PROFILE.commands, {**PROFILE.descriptions, "en": "New"}, PROFILE.short_descriptions
        ),
    )

    assert told == ["description in en is 'Answers questions'; to become 'New'"]
    assert changes(api)[before:] == ["setMyDescription"]


async def test_a_webhook_is_set_with_its_secret_and_every_kind_of_update(wired: Wired) -> None:
    api, client = wired
    await set_webhook(client.bot, f"{URL}/", "s-1")

    (call,) = api.asked("setWebhook")
    assert (call["url"], call["secret_token"]) == (f"{URL}/telegram", "s-1")
    assert {"message", "callback_query", "guest_message"} <= set(call["allowed_updates"])
    assert "drop_pending_updates" not in call


async def test_a_bot_that_polls_has_no_webhook(wired: Wired) -> None:
    api, client = wired
    await set_webhook(client.bot, URL, "s-1")
    told = await set_up(client.bot, PROFILE)

    assert told[-1] == f"webhook is {URL}/telegram; to be removed, so that the bot can poll"
    assert len(api.asked("deleteWebhook")) == 1


async def test_no_sentence_tells_the_secret(wired: Wired) -> None:
    _, client = wired

    assert "s-1" not in " ".join(await set_up(client.bot, PROFILE, URL, "s-1"))


@pytest.mark.parametrize(
    ("code", "description", "error"),
    [
        (400, "Bad Request: bad webhook: HTTPS url must be provided", Undeliverable),
        (500, "Internal Server Error", TryLater),
    ],
)
async def test_a_refusal_is_told_in_our_words(
    wired: Wired, code: int, description: str, error: type[Exception]
) -> None:
    api, client = wired
    api.refuse("setWebhook", code, description)

    with pytest.raises(error):
        await set_webhook(client.bot, URL, "s-1")
