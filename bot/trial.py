"""Tries the content of a knowledge file before it is served: its faults, and how well it does.

In a process of its own, so that replies do not wait, and one that hangs or dies harms nobody. What
it learns stays in the cache of `intents`, from which the server then loads it.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import intents
from bot import evaluation
from bot.apart import of_module, run_apart, yield_to_replies
from bot.assistant import Assistant
from bot.errors import ProcessFailed, QuestionsError
from bot.performance import Performance

#: Labelled questions beside a knowledge file.
QUESTIONS = "tests/questions/*.jsonl"

#: So many own examples and conversations are tried at most, evenly chosen: a reload must be quick,
#: and to notice a file that is broken they are plenty.
_MOST_EXAMPLES, _MOST_CHATS = 300, 100

_T = TypeVar("_T")

_MODULE = of_module("bot.trial")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a trial."""

    faults: tuple[str, ...] = ()
    """`knowledge.yaml:12:5: what is wrong`; empty when the content can be used."""
    figures: Performance | None = None
    """None when it cannot."""
    remark: str = ""
    """Why the labelled questions were not asked, if they could not be read."""


@dataclass(frozen=True, slots=True)
class TrialProcess:
    """Tries contents, each in a new process.

    Args:
        max_wrong: share of wrong answers to bear, 0..1.
        limit_s: seconds after which a process is given up.
        command: what is started, for tests of processes that fail.
    """

    max_wrong: float = intents.MAX_WRONG
    limit_s: float = 300.0
    command: tuple[str, ...] = _MODULE

    async def run(self, data: bytes, path: Path) -> Verdict:
        """Tries the content `data` of the file at `path`, whatever is in the file now.

        Raises:
            ProcessFailed: the process hung or crashed.
        """
        out = await run_apart((*self.command, str(path), str(self.max_wrong)), data, self.limit_s)
        try:
            return _parse(out)
        except (ValueError, LookupError, TypeError) as error:
            raise ProcessFailed("said nothing that can be understood") from error


def _parse(out: bytes) -> Verdict:
    raw: Any = json.loads(out)
    figures = Performance(**raw["figures"]) if raw["figures"] else None
    return Verdict(tuple(raw["faults"]), figures, raw["remark"])


def judge(data: bytes, path: Path, max_wrong: float) -> Verdict:
    """Checks, learns and tests the content `data` of the file at `path`, in this process."""
    try:
        matcher = intents.open_matcher(path, max_wrong, data=data)
    except intents.KnowledgeError as error:
        return Verdict(tuple(map(str, error.faults)))
    assistant = Assistant(matcher)
    remark = ""
    questions: list[evaluation.Question] = []
    try:
        for file in sorted(path.resolve().parent.glob(QUESTIONS)):
            questions += evaluation.read(file)
    except QuestionsError as error:
        questions, remark = [], str(error)
    report = evaluation.evaluate(assistant, _chats(questions))
    in_scope = report.verdicts["in"].total()
    figures = Performance(_understood(matcher), in_scope, report.share("in", "right"))
    return Verdict(figures=figures, remark=remark)


def _understood(matcher: intents.Matcher) -> float:
    """Returns the percentage of a file's own examples that are understood as what they are."""
    examples = [
        (intent_id, phrase)
        for intent_id, intent in matcher.knowledge.intents.items()
        for phrases in intent.ask.values()
        for phrase in phrases
    ]
    chosen = _evenly(examples, _MOST_EXAMPLES)
    understood = sum(matcher.likeliest(text) == own for own, text in chosen)
    return round(100 * understood / len(chosen), 1)


def _chats(questions: Sequence[evaluation.Question]) -> list[evaluation.Question]:
    """Returns at most `_MOST_CHATS` conversations, whole; a single question is one too."""
    chats: dict[str, list[evaluation.Question]] = {}
    for number, question in enumerate(questions):
        chats.setdefault(question.chat or f"alone {number}", []).append(question)
    return [question for chat in _evenly([*chats.values()], _MOST_CHATS) for question in chat]


def _evenly(things: Sequence[_T], most: int) -> list[_T]:
    """Returns at most `most` things, from all parts of the list."""
    return [*things[:: max(1, -(-len(things) // most))]]


def main() -> int:
    """Tries standard input as the content of the file named first; prints the verdict as JSON."""
    yield_to_replies()
    path, max_wrong = Path(sys.argv[1]), float(sys.argv[2])
    # It lives for seconds: looking for garbage would only make it later.
    gc.disable()
    verdict = judge(sys.stdin.buffer.read(), path, max_wrong)
    sys.stdout.write(json.dumps(asdict(verdict)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
