"""docs/benchmarks.md, written from what came of `benchmarks.contest`."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.entrants import ENTRANTS, SHIPPED
from benchmarks.labelled import SHOTS, Labelled
from benchmarks.scores import RIGHT_SHARE

#: The set whose costs are told: the others cost much the same.
_COSTS_OF = "CLINC150"

_OURS = [entrant.name for entrant in ENTRANTS if entrant.is_ours]


def _engine(name: str) -> str:
    """Returns what of infobot's name tells its engine."""
    return name.split(", ")[1]


Found = Mapping[str, Any]
"""A `benchmarks.contest.Outcome` as plain data, or why there is none."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    value: Callable[[Found], float | None]
    form: str
    """How a value is written, for `format`."""
    best: Callable[[list[float]], float] | None = None
    """Which value of many is the best; None where more and less are both worse."""
    measure: str = ""
    """What is compared, in words."""

    def written(self, found: Found, best: float | None) -> str:
        """Returns the cell of a system; the best one is bold."""
        text = self._told(self.value(found))
        return f"**{text}**" if best is not None and text == self._text(best) else text

    def best_of(self, rows: Mapping[str, Found]) -> float | None:
        """Returns the best value of some systems; None where there is none."""
        values = [value for found in rows.values() if (value := self.value(found)) is not None]
        return self.best(values) if self.best and values else None

    def won(self, rows: Mapping[str, Found]) -> str:
        """Returns how a rival beats infobot with some engine, in bold; nothing if none does."""
        rivals = {name: found for name, found in rows.items() if name not in _OURS}
        theirs = self.best_of(rivals)
        ours = {name: self.value(rows[name]) for name in _OURS if name in rows}
        beaten = {name: value for name, value in ours.items() if self._is_beaten(value, theirs)}
        if theirs is None or not beaten:
            return ""
        who = next(name for name in rivals if self.value(rivals[name]) == theirs)
        told = {name: f"{self._told(ours[name])} ({_engine(name)})" for name in ours}
        numbers = ", ".join(told[name] for name in beaten)
        better = ", ".join(told[name] for name in ours if name not in beaten)
        ending = f"; not at {better}" if better else ""
        return f"**{who} wins at {self.measure}: {self._text(theirs)} against {numbers}**{ending}"

    def _is_beaten(self, ours: float | None, theirs: float | None) -> bool:
        """Tells whether a rival's value is the better one, as written."""
        if theirs is None or self.best is None:
            return False
        return ours is None or self._text(self.best([ours, theirs])) != self._text(ours)

    def _told(self, value: float | None) -> str:
        return "–" if value is None else self._text(value)

    def _text(self, value: float) -> str:
        return format(value, self.form)


def _score(name: str) -> Callable[[Found], float | None]:
    return lambda found: found["scores"][name]


_RIGHT = (
    Column("likeliest is right", _score("accuracy"), ".1%", max, "the likeliest intent"),
    Column("with slips", _score("accuracy_slipped"), ".1%", max, "the likeliest with slips"),
    Column("AUROC", _score("auroc"), ".3f", max, "telling out of scope (AUROC)"),
    Column(
        f"wrong at {RIGHT_SHARE:.0%} right",
        _score("wrong_for_right"),
        ".1%",
        min,
        f"wrong answers where {RIGHT_SHARE:.0%} are answered rightly",
    ),
    Column("answered rightly", _score("right"), ".1%"),
    Column("wrongly", _score("wrong"), ".1%"),
    Column("out of scope answered", _score("strange_answered"), ".1%"),
    Column("near misses answered", _score("near_answered"), ".1%"),
)
_COSTS = (
    Column("p50 ms", _score("p50_ms"), ".2f", min, "the median time of a question, ms"),
    Column("mean", _score("mean_ms"), ".2f", min, "the mean time of a question, ms"),
    Column("p99", _score("p99_ms"), ".1f", min, "the slowest question of 100, ms"),
    Column("memory MB", lambda found: found["memory_mb"], ".0f", min, "memory, MB"),
    Column("start s", lambda found: found["start_s"], ".2f", min, "the start, s"),
    Column("learning s", lambda found: found["fit_s"], ".1f", min, "learning, s"),
)


def brief(found: Found) -> str:
    """Returns an outcome in a line."""
    cells = (f"{column.title} {column.written(found, None)}" for column in _RIGHT[:3] + _COSTS[:2])
    return ", ".join(cells)


def described(data: Labelled) -> str:
    """Returns what a set is, in a sentence."""
    intents = len({intent_id for _, intent_id in data.phrases})
    return f"{intents} intents, {len(data.phrases):,} phrases to learn; {data.note}."


def written(results: Mapping[str, Any]) -> str:
    """Returns the whole page."""
    about, outcomes = results["about"], results["outcomes"]
    present = {
        name: {system: found for system, found in rows.items() if "absent" not in found}
        for name, rows in outcomes.items()
    }
    parts = [
        "# infobot beside its rivals",
        textwrap.fill(_INTRODUCTION.format(**about), 100),
        _reading(present),
        *(_section(name, results["notes"][name], rows) for name, rows in present.items()),
        _costs(present[_COSTS_OF]),
        _absent(outcomes),
        _versions(present),
        _METHOD,
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def _table(columns: tuple[Column, ...], rows: Mapping[str, Found]) -> str:
    used = [
        column for column in columns if any(column.value(row) is not None for row in rows.values())
    ]
    best = [column.best_of(rows) for column in used]
    lines = [
        " | ".join(["| system", *(column.title for column in used)]) + " |",
        "|---" * (len(used) + 1) + "|",
    ]
    for name, found in rows.items():
        cells = (column.written(found, top) for column, top in zip(used, best, strict=True))
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _section(name: str, note: str, rows: Mapping[str, Found]) -> str:
    picture = f"![{name}: wrong answers against right ones](benchmarks-{_slug(name)}.svg)"
    return f"## {name}\n\n{note}\n\n{_table(_RIGHT, rows)}\n\n{picture}"


def _slug(name: str) -> str:
    """Returns the name of a set as its picture bears it."""
    return name.lower().replace(" ", "-")


def _costs(rows: Mapping[str, Found]) -> str:
    return f"""## What it costs

On {_COSTS_OF}, one question at a time, in one thread. On a file that is not its own infobot always
asks its engine of meaning, on its own only where the n-grams are not sure. *Start* is the process
with its imports, *learning* from nothing; infobot keeps what it learned, the next start takes a
fraction.

{_table(_COSTS, rows)}

![Accuracy against time](benchmarks-costs.svg)"""


def _reading(present: Mapping[str, Mapping[str, Found]]) -> str:
    sentences = []
    for name, rows in present.items():
        accuracy = {system: found["scores"]["accuracy"] for system, found in rows.items()}
        shipped = rows[SHIPPED]["scores"]
        ours = ", ".join(
            f"{accuracy[system]:.1%} ({_engine(system)})" for system in _OURS if system in rows
        )
        best = max((system for system in rows if system not in _OURS), key=accuracy.__getitem__)
        sentences.append(
            f"On {name} infobot's likeliest intent is right for {ours}, that of the best rival,"
            f" {best}, for {accuracy[best]:.1%}. As it is shipped, with {_engine(SHIPPED)}, it"
            f" answers {shipped['right']:.1%} rightly and {shipped['wrong']:.1%} wrongly."
        )
    wins = [
        f"- {name}: {won}."
        for name, rows in present.items()
        for column in _RIGHT + (_COSTS if name == _COSTS_OF else ())
        if (won := column.won(rows))
    ]
    lost = "\n".join(["Where a rival beats infobot:", "", *wins])
    told = textwrap.fill(" ".join(sentences), 100)
    return "## Reading\n\n" + told + "\n\n" + (lost if wins else _NO_WINS)


def _absent(outcomes: Mapping[str, Mapping[str, Found]]) -> str:
    lines = [
        f"- **{system}** on {name}: {found['absent']}"
        for name, rows in outcomes.items()
        for system, found in rows.items()
        if "absent" in found
    ]
    return "\n".join(["## Could not be measured", "", *lines]) if lines else ""


def _versions(present: Mapping[str, Mapping[str, Found]]) -> str:
    lines = ["## Versions and settings", "", "| system | version | answers from |", "|---|---|---|"]
    for entrant in ENTRANTS:
        found = [rows[entrant.name] for rows in present.values() if entrant.name in rows]
        for versions in [row["versions"] for row in found][:1]:
            told = ", ".join(f"{name} {version}" for name, version in versions.items())
            lines.append(f"| {entrant.name} | {told} | {entrant.settings} |")
    return "\n".join(lines)


_INTRODUCTION = (
    "Written by `make bench DATA=folder` on {date}, at revision {revision}: everything below in one"
    " run of {minutes} minutes, on {cpu} ({system}; load when it began {load})."
    " `benchmarks/labelled.py` says which public files the folder must hold and where to get them."
    " The best of a column is bold."
)

_NO_WINS = "No rival beats infobot at anything that is measured here."

_METHOD = f"""
## How it was measured

- Each system is installed in an environment of its own under `.bench/` and runs in a process of its
  own, one after another, with one thread. All get the same text: NFC, lower case, single spaces.
- A public set is learned from {SHOTS} examples an intent, drawn with a fixed seed from its sorted
  training examples, and asked a fixed sample of its test questions. Another draw moves the figures
  by a point or two; two systems that differ by less are equal.
- *Slips* are one or two in a question: letters swapped, dropped or doubled; in Thai a vowel or tone
  mark dropped or replaced, or the last letter doubled.
- *Likeliest is right* forgets how sure a system is. *AUROC* and *wrong at {RIGHT_SHARE:.0%} right*
  need no threshold: how well the score tells questions in scope from those clearly out of it, and
  what share is answered wrongly once the threshold is low enough for that share to be answered
  rightly (–: never reached). The other columns are at the setting that the system's users have.
- infobot's score is its confidence; what a question names can only stop an answer, not raise it,
  and is in the *answered* columns alone. It was fitted on `tests/questions`, which are most of the
  *own questions*, and for other files on what is left of its own when thinned; on no public set.
- infobot learns a public set from a knowledge file in English that holds nothing but its phrases,
  no vocabulary and no contacts. *Own questions* are of `knowledge.yaml` as it is shipped; the
  rivals get all its phrases. *Near misses* ask for what an answer is close to and does not hold;
  those to which saying so and an answer are both right are left out.
- Rivals are taken with the settings that they come with. semantic-router's own encoders download
  their weights, so it gets the encoder that infobot's e5 is.
"""
