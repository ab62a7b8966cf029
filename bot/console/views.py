"""The pages that only show: questions, figures, a trial, the file, its history, what is left."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bot.checking import Told
from bot.console.desk import Desk
from bot.console.health import Health
from bot.console.page import Pages, Turn
from bot.edit_history import Edit
from bot.errors import StateUnavailable
from bot.question_log import OpenGroup
from intents import LANGUAGES

#: Groups of questions on a page: as many as one reads in one go.
GROUPS_A_PAGE = 10
PERIODS_DAYS = (7, 30, 90)
MOST_TOPICS, MOST_EDITS, MOST_ASIDE = 10, 100, 200

#: Seconds that a page waits for what is new; after a start there is a whole log to be read.
_REFRESH_S = 0.25

#: A question's topics to choose from at once.
_MOST_GUESSES = 3
_MOST_CHARS = 2_000

#: What speaks for an answer and can be said in plain words, by its name in the evidence.
_EVIDENCE = ("covered", "covered_rarely", "margin")

_REASON = re.compile(r"(?P<file>.*?):(?P<line>\d+):(?P<column>\d+): (?P<message>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Group:
    """Open questions that are alike, as the page shows them."""

    open: OpenGroup
    language: str
    """Most of them are in it."""
    guesses: tuple[str, ...]
    """The topics that they may be about, likeliest first."""


class Views:
    """Shows what there is.

    Args:
        desk: what there is.
        pages: makes pages of it.
        health: the state of the file.
    """

    def __init__(self, desk: Desk, pages: Pages, health: Health) -> None:
        self._desk = desk
        self._pages = pages
        self._health = health

    async def questions(self, turn: Turn, status: int = 200, refused: str = "") -> Response:
        """Shows the open questions, most asked first; what was just done with one, above them.

        What is refused is shown with what was typed, on the page that has it.
        """
        await self._refresh()
        found = self._desk.ledger.open_groups()
        typed = turn.form if refused else {}
        places = (n for n, group in enumerate(found) if group.key == typed.get("group"))
        place = next(places, None)
        wished = _number(turn, "page", 1) if place is None else place // GROUPS_A_PAGE + 1
        last = max(1, -(-len(found) // GROUPS_A_PAGE))
        number = min(last, wished)
        shown = found[(number - 1) * GROUPS_A_PAGE : number * GROUPS_A_PAGE]
        return self._show(
            turn,
            "questions",
            status,
            status=self._desk.library.status,
            file=self._desk.library.path.name,
            groups=await asyncio.to_thread(self._grouped, shown),
            total=len(found),
            asked=sum(group.count for group in found),
            number=number,
            last=last,
            refused=refused,
            typed=typed,
            done=await self._done(turn),
        )

    async def overview(self, turn: Turn) -> Response:
        """Shows how many questions there were, how answered, and about what."""
        await self._refresh()
        wished = _number(turn, "days", PERIODS_DAYS[1])
        period = wished if wished in PERIODS_DAYS else PERIODS_DAYS[1]
        figures = self._desk.ledger.figures(period)
        topics = list(figures.topics.items())
        labels = {key: intent.label for key, intent in self._desk.knowledge.intents.items()}
        return self._show(
            turn,
            "overview",
            figures=figures,
            period=period,
            periods=PERIODS_DAYS,
            topics=topics[:MOST_TOPICS],
            answers=sum(count for _, count in topics),
            topic_names={key: _said(labels.get(key, {}), turn.language) for key, _ in topics},
            languages_asked=list(figures.languages.items()),
            channels=list(figures.channels.items()),
            channel_names={key: turn.words[f"channel_{key}"] for key in figures.channels},
            ms=_duration,
        )

    async def trial(self, turn: Turn) -> Response:
        """Shows what a question would get, and why."""
        text = turn.form.get("text", "").strip()[:_MOST_CHARS]
        if not text:
            return self._show(turn, "try", text="", trial=None)
        trial = await asyncio.to_thread(self._desk.try_out, text)
        explanation = trial.explanation
        return self._show(
            turn,
            "try",
            text=text,
            trial=trial,
            shares={c.intent_id: c.confidence for c in explanation.match.ranking},
            evidence=[(name, getattr(explanation.evidence, name)) for name in _EVIDENCE],
        )

    async def knowledge(self, turn: Turn) -> Response:
        """Shows which version is served, which is not and why, and what could be better."""
        library = self._desk.library
        refusal = library.status.refusal
        return self._show(
            turn,
            "knowledge",
            status=library.status,
            file=library.path.name,
            reasons=[_placed(reason) for reason in refusal.reasons] if refusal else [],
            findings=self._health.findings(),
        )

    async def source(self, turn: Turn) -> Response:
        """Shows the file as it is saved, each line with an anchor."""
        path = self._desk.library.path
        try:
            data = await asyncio.to_thread(path.read_bytes)
        except OSError:
            data = self._desk.library.content
        lines = data.decode("utf-8-sig", errors="replace").splitlines()
        return self._show(turn, "source", file=path.name, lines=lines)

    async def history(self, turn: Turn, status: int = 200, refused: str = "") -> Response:
        """Shows the edits, latest first."""
        edits = await self._desk.library.history(MOST_EDITS)
        return self._show(turn, "history", status, edits=edits, refused=refused)

    async def aside(self, turn: Turn) -> Response:
        """Shows the messages that could not be answered or delivered."""
        messages = await self._desk.state.list_set_aside(MOST_ASIDE)
        return self._show(turn, "aside", messages=messages)

    async def new(
        self, turn: Turn, form: Mapping[str, str], status: int = 200, refused: str = ""
    ) -> Response:
        """Shows the form of a new topic."""
        names = [f"{field}-{code}" for field in ("label", "reply", "ask") for code in self._spoken]
        whole = {name: form.get(name, "") for name in ("group", "id", *names)}
        return self._show(turn, "new", status, form=whole, refused=refused)

    @property
    def _spoken(self) -> dict[str, str]:
        return {code: LANGUAGES[code].name for code in self._desk.knowledge.languages}

    def _show(self, turn: Turn, name: str, code: int = 200, **values: Any) -> Response:
        knowledge = self._desk.knowledge
        return self._pages.show(
            turn, name, code, knowledge=knowledge, spoken=self._spoken, **values
        )

    async def _refresh(self) -> None:
        """Reads what is new; what is old is better than a page that fails, or keeps one waiting."""
        try:
            async with asyncio.timeout(_REFRESH_S):
                await self._desk.ledger.refresh()
        except (StateUnavailable, TimeoutError):
            return

    def _grouped(self, found: Sequence[OpenGroup]) -> list[Group]:
        spoken = self._spoken
        groups = []
        for group in found:
            languages = [code for code in group.languages if code in spoken]
            language = languages[0] if languages else next(iter(spoken))
            groups.append(Group(group, language, self._guesses(group.example)))
        return groups

    def _guesses(self, text: str) -> tuple[str, ...]:
        return tuple(self._desk.library.matcher.guesses(text, _MOST_GUESSES))

    async def _done(self, turn: Turn) -> dict[str, str] | None:
        """Returns what was done just now, as the address tells; None if nothing was."""
        told = turn.request.query_params
        if group := told.get("dismissed"):
            return {"sentence": turn.words["done_dismissed"], "edit": "", "group": group}
        if told.get("undone"):
            return {"sentence": turn.words["done_undone"], "edit": "", "group": ""}
        edit = await self._edit(told.get("edit", ""))
        if edit is None or edit.what == "undo":
            return None
        sentence = turn.words[f"done_{edit.what}"].format(
            phrase=edit.phrase, topic=self._label(edit.intent_id, turn.language)
        )
        if (of := _number(turn, "of", 0)) > 1:
            count = _number(turn, "understood", 0)
            sentence += " " + turn.words["done_understood"].format(count=count, of=of)
        return {"sentence": sentence, "edit": edit.id, "group": told.get("group", "")}

    async def _edit(self, edit_id: str) -> Edit | None:
        if not edit_id:
            return None
        edits = await self._desk.library.history(MOST_EDITS)
        return next((e for e in edits if e.id == edit_id and not e.undone), None)

    def _label(self, intent_id: str, language: str) -> str:
        intent = self._desk.knowledge.intents.get(intent_id)
        return _said(intent.label, language) if intent else intent_id


def _said(label: Mapping[str, str], language: str) -> str:
    """Returns a label in the operator's language, else in any; "" if there is none."""
    return label.get(language) or next(iter(label.values()), "")


def _number(turn: Turn, name: str, default: int) -> int:
    """Returns a whole number of the address, at least 1; the default if there is none."""
    text = turn.request.query_params.get(name, "")
    return max(1, int(text)) if re.fullmatch("[0-9]{1,6}", text) else default


def _duration(ms: float) -> str:
    return f"{ms / 1000:.1f} s" if ms >= 1000 else f"{ms:.0f} ms" if ms >= 10 else f"{ms:.1f} ms"


def _placed(reason: str) -> Told:
    """Returns a reason of a refusal with its place taken apart; line 0 if it names none."""
    found = _REASON.fullmatch(reason)
    if found is None:
        return Told("", 0, 0, "error", reason)
    return Told(found["file"], int(found["line"]), int(found["column"]), "error", found["message"])
