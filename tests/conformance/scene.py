"""The bot as a process of its own, between stand-ins for both platforms, and what it should say.

The stand-ins come from $STANDINS and are no part of this project, so they are `Any` here: people
(`say`, `press` ...), transcripts, injected faults, and every breach of a platform's rules.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shlex
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from intents import Knowledge

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
STANDINS = os.environ.get("STANDINS", "")
PLATFORMS = ("telegram", "line")

#: What starts the bot; $BOT_COMMAND tries another one, such as a container.
COMMAND = shlex.split(os.environ.get("BOT_COMMAND", "")) or [sys.executable, "-m", "bot", "serve"]

#: Seconds that anything may take on a machine that does much else beside.
PATIENCE_S = 20.0

#: Within which the bot has to stop when told to.
STOP_S = 10.0

#: People who write at once; each has a chat.
_AT_ONCE = 12

#: Telegram's ids look like this, and no other number in a log does.
_FIRST_PERSON = 7_100_000_001


@dataclass(slots=True)
class Scene:
    """A bot that runs, and the platforms around it."""

    tg: Any
    line: Any
    bot: Any
    knowledge: Knowledge
    mode: str
    _people: itertools.count[int] = field(default_factory=lambda: itertools.count(_FIRST_PERSON))

    def person(self, platform: str, language: str = "en", **where: Any) -> Any:
        """Returns somebody new at a chat; `where` names a group."""
        if platform == "telegram":
            return self.tg.chat(next(self._people), language_code=language, **where)
        return self.line.chat(next(self._people), language=language, **where)

    def stand_in(self, platform: str) -> Any:
        """Returns a platform."""
        return self.tg if platform == "telegram" else self.line

    def said(self, name: str, language: str) -> str:
        """Returns one of the bot's own messages, as people read it."""
        text = getattr(self.knowledge.messages, name)[language].replace("{days}", "90")
        return self.knowledge.filled(text, language)

    def label(self, intent_id: str, language: str) -> str:
        """Returns what the button of a topic says."""
        return self.knowledge.intents[intent_id].label[language]

    def phrase(self, intent_id: str, language: str) -> str:
        """Returns a question of the knowledge file."""
        return self.knowledge.intents[intent_id].ask[language][0]

    def answer(self, intent_id: str, language: str) -> str:
        """Returns an intent's reply, with its facts in place."""
        return self.knowledge.reply_text(intent_id, language)

    async def ask(self, person: Any, intent_id: str = "hours", language: str = "en") -> None:
        """Has somebody ask something, and fails unless the answer comes."""
        reply = await person.say(self.phrase(intent_id, language), timeout=PATIENCE_S)
        assert self.answer(intent_id, language) in reply.text


async def all_at_once(ask: Callable[[T], Awaitable[None]], items: Iterable[T]) -> None:
    """Does something for each item, many at once; fails with all that went wrong."""
    free = asyncio.Semaphore(_AT_ONCE)

    async def attempt(item: T) -> str:
        async with free:
            try:
                await ask(item)
            except AssertionError as error:
                return f"{item}: {error}"
        return ""

    done = await asyncio.gather(*map(attempt, items))
    assert done, "nothing was tried"
    wrong = [fault for fault in done if fault]
    assert not wrong, "\n".join(wrong)


def texts(person: Any, since: int = 0) -> list[str]:
    """Returns what the bot wrote into a chat, in order."""
    return [entry.text for entry in person.entries("message", since=since)]


async def until(
    platform: Any, condition: Callable[[], Any], what: str, patience_s: float = PATIENCE_S
) -> Any:
    """Waits until a condition holds; fails if it does not in time."""
    value = await platform.until(condition, patience_s)
    assert value, f"never happened: {what}; transcript:\n{platform.show()[-2000:]}"
    return value


async def until_said(person: Any, text: str, since: int = 0) -> None:
    """Waits until the bot has written something into a chat."""
    await until(
        person.platform,
        lambda: any(text in e.text for e in person.entries("message", "edit", since=since)),
        f"the bot says {text!r}",
    )


async def press(person: Any, label: str, text: str) -> None:
    """Has somebody press a button, and waits for what it should say.

    Telegram's receipt of the press is a reaction too, so the first one need not be the answer.
    """
    since = len(person.platform.transcript)
    await person.press(label, expect=False)
    await until_said(person, text, since)


@asynccontextmanager
async def opened(
    knowledge: Knowledge,
    folder: Path,
    mode: str = "webhook",
    before: Callable[[Scene], None] = lambda _: None,
    **settings: str,
) -> AsyncIterator[Scene]:
    """Starts bot and platforms; at the end the bot must stop in time, with nothing bad in its log.

    Args:
        knowledge: what the bot knows.
        folder: where it keeps its state.
        mode: how Telegram's updates come, polling or webhook.
        before: done before the bot starts.
        settings: further variables of the bot's environment.
    """
    platforms: Any = import_module("platforms")
    async with platforms.TelegramStandIn() as tg, platforms.LineStandIn() as line:
        bot = platforms.BotProcess(
            COMMAND,
            tg=tg,
            line=line,
            mode=mode,
            cwd=ROOT,
            env={"STATE_URL": f"sqlite:///{folder}/state.db", "MEANING": "off", **settings},
            timeout=60.0,
        )
        scene = Scene(tg, line, bot, knowledge, mode)
        before(scene)
        async with bot:
            # The last thing that the bot sets up; until then menus are not there to be pressed.
            await until(line, lambda: line.menu_of.get("all"), "a rich menu")
            yield scene
            assert await bot.stop(grace=STOP_S + 5) == 0, bot.log
        assert bot.stop_seconds < STOP_S
        check_log(scene)


def check_log(scene: Scene) -> None:
    """Fails if the log holds a secret, what somebody wrote, who somebody is, or a crash."""
    tg, line, log = scene.tg, scene.line, scene.bot.log
    secrets = (tg.token, line.channel_secret, line.access_token, scene.bot.secret)
    # Commands are ours, and stand in the log when they are set up; short words stand anywhere.
    written = {
        entry.text
        for platform in (tg, line)
        for entry in platform.transcript
        if entry.kind == "user" and len(entry.text) > 8 and entry.text[0] not in "/["
    }
    people = [
        str(chat) for platform in (tg, line) for chat in {e.chat for e in platform.transcript}
    ]
    found = [text for text in (*secrets, *written, *people) if text in log]
    assert not found, f"in the log: {found}"
    assert "Traceback" not in log, log
    assert '"level": "error"' not in log, log


async def check_rules(scene: Scene) -> None:
    """Fails if the bot broke a rule, was refused a call, missed a webhook or a button's press."""
    for platform in (scene.tg, scene.line):
        lost = [delivery for delivery in platform.deliveries if delivery.status is None]
        found = [*map(str, platform.violations), *platform.refused, *map(str, lost)]
        # What one test did is not to be held against the next one.
        platform.violations.clear()
        platform.refused.clear()
        platform.deliveries.clear()
        assert not found, "\n".join(map(str, found))
    await until(scene.tg, lambda: not scene.tg.unanswered(), "every press is answered")
