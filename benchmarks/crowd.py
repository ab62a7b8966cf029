"""People on both stand-ins who ask the bot, and what they see of it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.dialogues import Dialogue
from benchmarks.tally import Chat, Tally, count

#: Seconds between two messages of a chat: some come at once, most after a while, 3.5 on average.
_PAUSES_S = (0.0, 0.0, 5.0, 5.0, 7.5)

#: Asks one question, and returns what the platform calls it once the next may be asked.
_Ask = Callable[[Any, str], Awaitable[Any]]


@dataclass(slots=True)
class Crowd:
    """The people on one platform, and how much of its transcript has been read."""

    name: str
    standin: Any
    chats: dict[Any, Chat]
    answers: int = 0
    _read: int = 0

    def watch(self) -> int:
        """Reads what was shown since; returns how many texts the bot has written in all."""
        transcript = self.standin.transcript
        for entry in transcript[self._read :]:
            is_text = entry.kind == "message" and isinstance(entry.data.get("text"), str)
            if is_text and entry.chat in self.chats:
                self.chats[entry.chat].seen.append(entry.text)
                self.answers += 1
        self._read = len(transcript)
        return self.answers

    async def until(self, answers: int, timeout_s: float) -> None:
        """Returns just after that many texts have been shown, or when time is up."""
        await self.standin.until(lambda: self.watch() >= answers, timeout_s)

    async def ask(self, seed: int) -> None:
        """Asks all questions; returns once each has been taken, or given up."""
        ask = {"Telegram": _ask_on_telegram, "LINE": _ask_on_line}[self.name]
        draws = [random.Random(f"{seed} {key}") for key in self.chats]
        drivers = [self.standin.chat(key) for key in self.chats]
        await asyncio.gather(
            *(
                _converse(driver, chat, ask, draw)
                for driver, chat, draw in zip(drivers, self.chats.values(), draws, strict=True)
            )
        )
        if self.name == "Telegram":
            await self.standin.until(lambda: not self.standin.pending, 60.0)

    def tally(self) -> Tally:
        """Returns what became of every message."""
        self.watch()
        taken = [d.id for d in self.standin.deliveries if d.status and 200 <= d.status < 300]
        # A webhook of LINE may hold several events.
        names = {name for id_ in taken for name in (id_ if isinstance(id_, list) else [id_])}
        return count(self.chats.values(), names)

    def violations(self) -> list[str]:
        """Returns what the bot did wrong.

        Left out is that somebody hung up on the stand-in: that is how a killed bot ends a call.
        """
        found = (str(violation) for violation in self.standin.violations)
        return [text for text in found if "ConnectionResetError" not in text]


def gather(name: str, standin: Any, talks: Sequence[Dialogue]) -> Crowd:
    """Returns as many people on a platform, `Telegram` or `LINE`, as there are dialogues."""
    drivers = [standin.chat(number + 1) for number in range(len(talks))]
    chats = {d.key: Chat(talk) for d, talk in zip(drivers, talks, strict=True)}
    return Crowd(name, standin, chats)


async def _converse(driver: Any, chat: Chat, ask: _Ask, draw: random.Random) -> None:
    await asyncio.sleep(draw.uniform(0, max(_PAUSES_S)))
    for question in chat.dialogue.questions:
        chat.sent.append(await ask(driver, question))
        await asyncio.sleep(draw.choice(_PAUSES_S))


async def _ask_on_telegram(driver: Any, question: str) -> Any:
    """Telegram itself keeps a chat's updates in order, and repeats each until it is taken."""
    await driver.say(question, expect=False)
    return driver.platform.pending[-1][1]["update_id"]


async def _ask_on_line(driver: Any, question: str) -> Any:
    """Waits until LINE has delivered: between what it repeats and what follows it has no order."""
    event = driver.text(question)
    await driver.platform.deliver([event])
    return event["webhookEventId"]
