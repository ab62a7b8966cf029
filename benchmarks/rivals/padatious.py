"""ovos-padatious, https://github.com/OpenVoiceOS/ovos-padatious: a small neural net an intent."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence

from ovos_padatious import IntentContainer

from benchmarks.rivals.speaking import Answer, serve

#: `conf_low` of its pipeline, the least that OpenVoiceOS acts on.
_ANSWER_FROM = 0.5

#: Signs of its template language, which in a phrase are only signs.
_PLAIN = str.maketrans(dict.fromkeys("(){}[]|<>", " "))


class Padatious:
    """One container, trained in a folder of its own."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._container = IntentContainer(self._folder.name)

    def fit(self, phrases: Sequence[str], intents: Sequence[str]) -> None:
        """Trains the net of every intent."""
        lines: dict[str, list[str]] = {}
        for phrase, intent in zip(phrases, intents, strict=True):
            lines.setdefault(intent, []).append(phrase.translate(_PLAIN))
        for intent, examples in lines.items():
            self._container.add_intent(intent, examples)
        self._container.train(debug=False)

    def ask(self, text: str) -> Answer:
        """Returns the intent whose net is surest."""
        best = self._container.calc_intent(text)
        return best.name or "", float(best.conf), best.conf >= _ANSWER_FROM


if __name__ == "__main__":
    serve(Padatious, ["ovos-padatious"])
