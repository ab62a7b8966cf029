"""Faults and remarks on a knowledge file, told like a compiler does: `infobot check`."""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import intents

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Told:
    """A fault (`error`) or a remark (`warning`) on a line of the file."""

    file: str
    line: int
    column: int
    level: Level
    message: str

    @property
    def is_fault(self) -> bool:
        """Whether it stops the file from being used."""
        return self.level == "error"


def check(path: Path) -> list[Told]:
    """Returns every fault of a knowledge file; the remarks on it if there are none.

    Raises:
        OSError: the file cannot be read.
    """
    today = datetime.datetime.now(datetime.UTC).date()
    try:
        return [_told(remark, "warning") for remark in intents.remarks(path, today)]
    except intents.KnowledgeError as error:
        return [_told(fault, "error") for fault in error.faults]


def _told(fault: intents.Fault, level: Level) -> Told:
    return Told(fault.file, fault.line, fault.column, level, fault.message)


def render(found: list[Told], style: str) -> str:
    """Returns the findings as `text`, `json` or `github` (workflow commands)."""
    if style == "json":
        return json.dumps([asdict(told) for told in found], ensure_ascii=False, indent=2)
    if style == "github":
        # https://docs.github.com/actions/reference/workflow-commands-for-github-actions
        return "\n".join(map(_github, found))
    lines = [f"{t.file}:{t.line}:{t.column}: {t.level}: {t.message}" for t in found]
    return "\n".join([*lines, _summary(found)])


def _github(told: Told) -> str:
    file = _escaped(told.file).replace(":", "%3A").replace(",", "%2C")
    place = f"file={file},line={told.line},col={told.column}"
    return f"::{told.level} {place}::{_escaped(told.message)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _summary(found: list[Told]) -> str:
    faults = sum(told.is_fault for told in found)
    if faults:
        return f"{faults} fault{'s' * (faults > 1)}: the file cannot be used before they are mended"
    if found:
        return f"no faults; {len(found)} remark{'s' * (len(found) > 1)} on what could be better"
    return "no faults, nothing to remark"
