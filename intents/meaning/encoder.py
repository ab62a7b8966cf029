"""What every meaning engine is to the rest: texts in, unit vectors out, or `MeaningUnavailable`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class MeaningUnavailable(Exception):
    """No vectors could be had in time; what is asked must be answered without them.

    Its text says why, without anything that people wrote.
    """


class Encoder(Protocol):
    """An engine that is installed and can run here. Any thread may call it."""

    @property
    def name(self) -> str:
        """The engine with its version: vectors under different names do not compare."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Returns a unit vector for each text, as rows; any text at all is taken.

        The first call waits until the engine has started. Later ones never wait for an engine
        that is away.

        Raises:
            MeaningUnavailable: there is no answer in time.
        """

    def close(self) -> None:
        """Lets go of what the engine holds; closing twice is once."""
