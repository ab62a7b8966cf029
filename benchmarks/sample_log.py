"""A question log as an office has it after some weeks: for pictures and measurements.

The questions are those of `tests/questions` and some that the shipped file does not answer, asked
of the bot itself, so that every outcome and confidence is a real one.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.asked import Asked, asked
from bot.assistant import Assistant
from bot.conversation import Conversation
from bot.model import Channel, Message
from bot.state import State

_FILE = Path(__file__).parents[1] / "tests" / "questions" / "first.jsonl"
_DAY_S = 86_400

#: How often each channel is used, and by how many people.
_CHANNELS: dict[Channel, int] = {"line": 5, "telegram": 3, "web": 2}
_PEOPLE = 400

#: What this office does not answer yet: several wordings of each, the first by most.
_UNANSWERED = (
    ("ที่จอดรถมีไหมครับ", "แถวนั้นจอดรถได้ตรงไหน", "มีที่จอดรถในสถานทูตหรือเปล่า", "จอดรถได้ไหม"),
    ("ต้องนัดล่วงหน้าไหมคะ", "ต้องจองคิวก่อนหรือเปล่า", "จองคิวล่วงหน้ายังไง"),
    ("do I need an appointment", "is an appointment necessary", "can I book an appointment online"),
    ("is there parking at the embassy", "where can I park nearby"),
    ("จ่ายด้วยบัตรเครดิตได้ไหม", "รับบัตรเครดิตไหมคะ"),
    ("do you have a wheelchair ramp", "wheelchair access?"),
    ("แปลเอกสารเป็นภาษารัสเซียได้ที่ไหน", "หาล่ามภาษารัสเซียได้ที่ไหน"),
    ("is the embassy hiring", "any jobs at the embassy"),
)
_UNANSWERED_SHARE = 0.09


def sample_questions(
    assistant: Assistant, state: State, count: int, days: int, now: float, seed: int = 7
) -> Iterator[Asked]:
    """Yields `count` questions, oldest first, of the `days` days that end `now` (Unix seconds)."""
    chance = random.Random(seed)
    known = [json.loads(line)["q"] for line in _FILE.read_text("utf-8").splitlines()]
    answered: dict[str, Asked] = {}
    for at in sorted(_moments(chance, count, days, now)):
        if chance.random() < _UNANSWERED_SHARE:
            topic = chance.choices(_UNANSWERED, range(len(_UNANSWERED), 0, -1))[0]
            text = chance.choices(topic, range(len(topic), 0, -1))[0]
        else:
            # Some questions are asked by everybody, most by hardly anybody.
            text = known[int(len(known) * chance.random() ** 2.5)]
        channel = chance.choices(list(_CHANNELS), list(_CHANNELS.values()))[0]
        chat = state.chat_key(channel, str(chance.randrange(_PEOPLE)))
        if text not in answered:
            message = Message(channel, "sample", text=text)
            reply, _ = assistant.respond(message, Conversation(), now)
            answered[text] = asked(message, reply, chat, now)
        took_ms = round(chance.lognormvariate(5.2 if channel != "web" else 1.5, 0.5), 1)
        yield replace(answered[text], asked_at=at, channel=channel, chat=chat, took_ms=took_ms)


def mistyped(questions: Iterator[Asked], share: float, seed: int = 7) -> Iterator[Asked]:
    """Yields the questions, a share of them with two letters swapped: a text of its own each."""
    chance = random.Random(seed)
    for question in questions:
        text = question.text
        if chance.random() < share and len(text) > 8:
            at = chance.randrange(len(text) - 1)
            text = text[:at] + text[at + 1] + text[at] + text[at + 2 :] + chance.choice("กขคabc")
        yield replace(question, text=text)


async def fill(state: State, questions: Iterator[Asked]) -> None:
    """Keeps the questions in a state."""
    for question in questions:
        await state.log_question(question)


def _moments(chance: random.Random, count: int, days: int, now: float) -> Iterator[float]:
    """Yields moments in office hours, more of them lately and fewer at weekends."""
    kept = 0
    while kept < count:
        back = days * chance.random() ** 1.2
        at = now - back * _DAY_S
        is_weekend = int(at // _DAY_S + 3) % 7 >= 5
        if not is_weekend or chance.random() < 0.4:
            kept += 1
            yield at
