"""Opens the matcher that the settings ask for, in commands that answer in this process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import intents
from bot.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[intents.Matcher]:
    """Gives the matcher for the knowledge file; lets go of its engine at the end.

    Raises:
        KnowledgeError: the file has faults; all of them are named.
        OSError: the file cannot be read.
    """
    engine = intents.open_encoder(settings.meaning)
    try:
        voice = _voice(settings, engine)
        yield intents.open_matcher(settings.knowledge, settings.max_wrong, voice=voice)
    finally:
        engine.close()


def _voice(settings: Settings, engine: intents.Engine) -> intents.Voice | None:
    if not engine.is_as_wished:
        _say(f"MEANING is {settings.meaning}, but the engine is {engine.reason}")
    try:
        return intents.open_voice(settings.knowledge, engine.encoder, on_learning=_tell_of_learning)
    except intents.MeaningUnavailable as error:
        _say(f"understood by letters alone: {error}")
        return None


def _tell_of_learning(count: int) -> None:
    _say(f"learning what {count} examples mean, once; it may take a minute (MEANING=off: without)")


def _say(sentence: str) -> None:
    """Tells the person at the terminal, not the program that reads the answers."""
    sys.stderr.write(f"infobot: {sentence}\n")
    sys.stderr.flush()
