"""What people asked, for the terminal: `infobot questions`."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence

from bot import secret_key
from bot.asked import one_line
from bot.figures import Figures
from bot.question_log import OpenGroup, Why, open_ledger
from bot.settings import Settings
from bot.state import open_state
from intents import LANGUAGES, Knowledge

#: Topics, groups and wordings of a group that the text shows; JSON has all.
_MOST_TOPICS, _MOST_GROUPS, _MOST_WORDINGS = 10, 30, 3

_OUTCOMES = {"answer": "answered", "offer": "topics offered", "unknown": "not known"}
_REASONS: Mapping[Why, str] = {
    "unknown": "not known",
    "offer": "topics offered",
    "unsure": "answered unsurely",
}


async def read(
    settings: Settings, knowledge: Knowledge, days: int
) -> tuple[Figures, list[OpenGroup]]:
    """Returns the figures of the last days and what is open; the server may run meanwhile.

    Raises:
        SettingsError: a setting is wrong.
        StateUnavailable: the questions cannot be read.
        ProcessFailed: they could not be grouped.
    """
    secret = await secret_key.load(settings)
    state = await open_state(settings.state_url, secret, settings.retention_days)
    try:
        ledger = open_ledger(state, settings, lambda: knowledge, days)
        await ledger.refresh()
        await ledger.group()
        return ledger.figures(days), ledger.open_groups()
    finally:
        await state.close()


def as_json(figures: Figures, groups: Sequence[OpenGroup]) -> str:
    """Returns everything, as one JSON object."""
    told = {
        "questions": figures.questions,
        **{
            name: getattr(figures, name)
            for name in ("outcomes", "languages", "channels", "topics", "p50_ms", "p95_ms")
        },
        "groups": [
            {"key": group.key, "example": group.example, **dataclasses.asdict(group)}
            for group in groups
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def as_text(figures: Figures, groups: Sequence[OpenGroup], knowledge: Knowledge) -> str:
    """Returns a report that is read from top to bottom."""
    total = figures.questions
    if not total:
        return f"Nobody asked anything in the last {len(figures.days)} days."
    labels = {
        key: intent.label.get("en") or next(iter(intent.label.values()))
        for key, intent in knowledge.intents.items()
    }
    names = {code: language.name for code, language in LANGUAGES.items()}
    outcomes = {_OUTCOMES[name]: count for name, count in figures.outcomes.items()}
    lines = [
        f"{total:,} questions in the last {len(figures.days)} days",
        f"  outcome    {_shares(outcomes, total)}",
        f"  language   {_shares(_named(figures.languages, names), total)}",
        f"  channel    {_shares(figures.channels, total)}",
        f"  answered in {figures.p50_ms:,.0f} ms by half, in {figures.p95_ms:,.0f} ms by 95 of 100",
        "",
        "Topics asked most",
        *(
            f"{count:7,}  {topic}"
            for topic, count in list(_named(figures.topics, labels).items())[:_MOST_TOPICS]
        ),
        "",
    ]
    if not groups:
        return "\n".join([*lines, "Everything was answered, and surely."])
    lines.append("Not answered, or answered unsurely")
    for group in groups[:_MOST_GROUPS]:
        lines += _group_lines(group, names)
    if len(groups) > _MOST_GROUPS:
        lines.append(f"and {len(groups) - _MOST_GROUPS:,} more, asked less: see --format json")
    return "\n".join(lines)


def _group_lines(group: OpenGroup, names: Mapping[str, str]) -> list[str]:
    reasons = ", ".join(f"{_REASONS[why]} {count}" for why, count in group.reasons.items())
    languages = ", ".join(_named(group.languages, names))
    others = [wording.text for wording in group.wordings[1 : 1 + _MOST_WORDINGS]]
    return [
        f"{group.count:7,}  {one_line(group.example)}",
        f"{'':9}{languages}; {reasons}",
        *(f"{'':9}also: {one_line(text)}" for text in others),
    ]


def _named(counts: Mapping[str, int], names: Mapping[str, str]) -> dict[str, int]:
    return {names.get(key, key): count for key, count in counts.items()}


def _shares(counts: Mapping[str, int], total: int) -> str:
    return ", ".join(f"{name} {count:,} ({count / total:.0%})" for name, count in counts.items())
