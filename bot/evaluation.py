"""Scores the bot on labelled questions, through the whole way of a message.

A question is a line of JSON: `id`, `q` (what is typed), `lang` (of the right reply), `facts` (the
intents that a right reply answers; `["oos"]`: no answer is right), `alt` (other sets that are just
as right), `kind`, and `chat` for the turns of one conversation.

Verdicts: *right* answers just what was asked, or an alternative; *noisy* that and more; *part*
some of it; *offered* does not answer, but an accepted intent is among the buttons; *missed* none
of these; *wrong* answers something else. Out of scope, anything but an answer is right.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from bot.assistant import Assistant
from bot.conversation import Conversations
from bot.errors import QuestionsError
from bot.model import Message, Reply
from intents import reply_text

OUT_OF_SCOPE = "oos"

#: Answering these to a question out of scope does no harm: they say what the bot is for.
_HARMLESS = frozenset({"help", "who_are_you"})

#: The moment of every answer; no verdict depends on it, so that figures can be compared.
_NOW = 0.0

_TITLES = {"in": "in scope", "small": "small talk", "oos": "out of scope"}

VERDICTS = ("right", "noisy", "part", "offered", "missed", "wrong")

_NEEDED = ("id", "q", "lang", "facts", "kind")


@dataclass(frozen=True, slots=True)
class Question:
    """A labelled question."""

    id: str
    text: str
    language: str
    accepted: tuple[frozenset[str], ...]
    """Sets of intents, each a right answer; the first is the label itself."""
    kind: str
    chat: str = ""

    @property
    def wanted(self) -> frozenset[str]:
        """Every intent that some right answer holds."""
        return frozenset(chain.from_iterable(self.accepted))

    @property
    def out_of_scope(self) -> bool:
        """Whether the label says that no answer is right."""
        return self.accepted[0] == {OUT_OF_SCOPE}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one question."""

    question: Question
    verdict: str
    reply: Reply

    @property
    def got(self) -> str:
        """What was answered, else what was offered, in a line."""
        answered = ", ".join(answered.intent_id for answered in self.reply.answered)
        return answered or "/".join(self.reply.offers) or "-"


@dataclass(slots=True)
class Report:
    """What came of a set of questions."""

    verdicts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """For each group (`in`, `small`, `oos`, and every kind and language) how often each verdict."""
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often one thing was asked for, and an intent answered that was not."""
    results: list[Result] = field(default_factory=list)
    """Every question, in their order."""
    in_language: int = 0
    answers: int = 0
    answers_with_text: int = 0
    emails_invented: int = 0

    @property
    def questions(self) -> int:
        """How many were asked."""
        return len(self.results)

    @property
    def misses(self) -> list[Result]:
        """Every question that did not go right."""
        return [result for result in self.results if result.verdict != "right"]

    def groups(self) -> list[tuple[str, Counter[str]]]:
        """Returns the groups as they are read: scopes first, then kinds and languages."""
        order = sorted(self.verdicts, key=lambda name: (" " in name, name))
        return [(_TITLES.get(name, name), self.verdicts[name]) for name in order]

    def share(self, group: str, *verdicts: str) -> float:
        """Returns the percentage of a group that got one of these verdicts, to one decimal."""
        counts = self.verdicts[group]
        return _percent(sum(counts[verdict] for verdict in verdicts), counts.total())

    def figures(self) -> dict[str, float | int]:
        """Returns the headline figures; shares in percent."""
        return {
            "in_scope": self.verdicts["in"].total(),
            **{verdict: self.share("in", verdict) for verdict in VERDICTS},
            "small_talk_right": self.share("small", "right"),
            "oos_false_answers": self.share("kind oos", "wrong"),
            "near_false_answers": self.share("kind oos_near", "wrong"),
            "language_right": _percent(self.in_language, self.questions),
            "text_holds_facts": _percent(self.answers_with_text, self.answers),
            "emails_invented": self.emails_invented,
        }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / max(1, whole), 1)


def read(path: Path) -> list[Question]:
    """Returns the questions of a JSON Lines file.

    Raises:
        QuestionsError: the file cannot be read, or holds no question or a broken one; says where.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{path}: cannot be read: {error}") from error
    questions = [_question(line, f"{path}:{n}") for n, line in enumerate(lines, 1) if line.strip()]
    if not questions:
        raise QuestionsError(f"{path}: holds no question; each line is one JSON object")
    return questions


def _question(line: str, place: str) -> Question:
    try:
        raw: Any = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise QuestionsError(f"{place}: is no JSON object: {error}") from error
    if not isinstance(raw, dict):
        raise QuestionsError(f"{place}: is no JSON object")
    if missing := [name for name in _NEEDED if name not in raw]:
        raise QuestionsError(f"{place}: lacks {', '.join(missing)}")
    alternatives = raw.get("alt", [])
    texts = (raw["q"], raw["lang"], raw["kind"], raw.get("chat", ""))
    if not (
        all(isinstance(text, str) for text in texts)
        and isinstance(alternatives, list)
        and all(map(_is_set, [raw["facts"], *alternatives]))
    ):
        raise QuestionsError(
            f"{place}: q, lang, kind and chat must be texts, facts a list of intents, alt a list of"
            " such lists"
        )
    accepted = tuple(map(frozenset, [raw["facts"], *alternatives]))
    return Question(raw["id"], raw["q"], raw["lang"], accepted, raw["kind"], raw.get("chat", ""))


def _is_set(raw: object) -> bool:
    """Tells whether a label is a list of intents, one at least."""
    return isinstance(raw, list) and bool(raw) and all(isinstance(name, str) for name in raw)


def judge(question: Question, reply: Reply) -> str:
    """Returns the verdict on a reply."""
    got = {answered.intent_id for answered in reply.answered}
    real = [accepted for accepted in question.accepted if accepted != {OUT_OF_SCOPE}]
    if got in real:
        return "right"
    if question.out_of_scope:
        return "wrong" if got and not got <= _HARMLESS else "right"
    if any(accepted <= got for accepted in real):
        return "noisy"
    if got:
        partly = len(question.accepted[0]) > 1 and any(accepted & got for accepted in real)
        return "part" if partly else "wrong"
    return "offered" if any(a & set(reply.offers) for a in real) else "missed"


def evaluate(assistant: Assistant, questions: Iterable[Question]) -> Report:
    """Asks every question, those of one chat in a row, and returns what came of it."""
    report = Report()
    chats = Conversations()
    knowledge = assistant.knowledge
    small_talk = {key for key, intent in knowledge.intents.items() if intent.small_talk}
    for number, question in enumerate(questions):
        chat = question.chat or f"alone {number}"
        message = Message("terminal", chat, text=question.text)
        reply, after = assistant.respond(message, chats.get(chat), _NOW)
        chats.put(chat, after)
        verdict = judge(question, reply)
        asked = question.accepted[0]
        scope = "oos" if question.out_of_scope else "small" if asked <= small_talk else "in"
        near = question.kind == "oos_near"
        kind = "oos" if question.out_of_scope and not near else question.kind
        for group in (scope, f"kind {kind}", f"language {question.language}"):
            report.verdicts[group][verdict] += 1
        _count_texts(report, assistant, question, reply)
        report.results.append(Result(question, verdict, reply))
        for answered in reply.answered if verdict != "right" else ():
            if answered.intent_id not in question.wanted:
                report.confusions[" + ".join(sorted(asked)), answered.intent_id] += 1
    return report


def _count_texts(report: Report, assistant: Assistant, question: Question, reply: Reply) -> None:
    knowledge = assistant.knowledge
    known = [contact.email for contact in knowledge.contacts.values() if contact.email]
    text = reply.text
    for email in known:
        text = text.replace(email, "")
    report.in_language += reply.language == question.language
    report.emails_invented += bool(re.search(r"\S@\S+\.\S", text))
    for answered in reply.answered:
        report.answers += 1
        asked = (question.text,)
        wanted = reply_text(knowledge, answered.intent_id, reply.language, _NOW, asked)
        report.answers_with_text += wanted in reply.text
