"""What a text means, as a vector: the engines that can be installed beside infobot.

The door of the package. An engine is optional and may be away at any moment; whoever uses one
goes on without it. Nothing heavy is imported before the first text is encoded.
"""

from __future__ import annotations

from intents.meaning.choosing import Engine, Wish, open_encoder
from intents.meaning.cleaning import clean
from intents.meaning.encoder import Encoder, MeaningUnavailable
from intents.meaning.keeping import vectors

__all__ = [
    "Encoder",
    "Engine",
    "MeaningUnavailable",
    "Wish",
    "clean",
    "open_encoder",
    "vectors",
]
