"""What is served, and what is not, for whoever asks: the console, /readyz, the log."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import Path

from bot.performance import Performance


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the file as it was last saved is not served."""

    at: float
    """When it was refused, in seconds since 1970."""
    reasons: tuple[str, ...]
    """One line each, `knowledge.yaml:12:5: what is wrong` where it has a place."""

    def describe(self, path: Path) -> str:
        """Returns one line on the file at `path`, with the first reason."""
        when = datetime.datetime.fromtimestamp(self.at, datetime.UTC)
        more = len(self.reasons) - 1
        others = f" (and {more} more)" if more else ""
        return f"{path} as saved at {when:%Y-%m-%dT%H:%M:%SZ} is refused: {self.reasons[0]}{others}"


@dataclass(frozen=True, slots=True)
class Status:
    """What is served, and what is not."""

    version: str
    """The first 12 hex digits of the SHA-256 of the content that is served."""
    loaded_at: float
    """Since when it is served, in seconds since 1970."""
    figures: Performance | None = None
    """How it did; None while it was not tested, which takes some seconds after the start."""
    before: Performance | None = None
    """How the version before it did."""
    refusal: Refusal | None = None
    """Why the file as it was last saved is not served; None when it is."""


def version_of(content: bytes) -> str:
    """Returns what tells one content of the file from another: a short digest."""
    return hashlib.sha256(content).hexdigest()[:12]
