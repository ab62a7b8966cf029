"""rapidfuzz, https://rapidfuzz.github.io/RapidFuzz/: the intent of the phrase most like the text.

`best_phrase WRatio` or `best_phrase token_set_ratio`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process

from benchmarks.rivals.speaking import Answer, serve

#: What tutorials cut off at, of 100; the package has no threshold of its own.
_ANSWER_FROM = 80.0


class BestPhrase:
    """Compares a text with every phrase.

    Args:
        scorer: how.
    """

    def __init__(self, scorer: Callable[..., float]) -> None:
        self._scorer = scorer
        self._phrases: Sequence[str] = ()
        self._intents: Sequence[str] = ()

    def fit(self, phrases: Sequence[str], intents: Sequence[str]) -> None:
        """Keeps the phrases."""
        self._phrases, self._intents = phrases, intents

    def ask(self, text: str) -> Answer:
        """Returns the intent of the best phrase."""
        best = process.extractOne(text, self._phrases, scorer=self._scorer)
        if best is None:
            return "", 0.0, False
        _, score, place = best
        return self._intents[place], score, score >= _ANSWER_FROM


if __name__ == "__main__":
    serve(lambda: BestPhrase(getattr(fuzz, sys.argv[1])), ["rapidfuzz"])
