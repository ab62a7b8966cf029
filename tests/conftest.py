"""What many tests need and is dear to make."""

from __future__ import annotations

from pathlib import Path

import pytest

import intents
from intents.fitting import Fitted, fit
from tests import two_desks

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def matcher() -> intents.Matcher:
    """The shipped file, from the user's cache if it was learned before."""
    return intents.open_matcher(ROOT / "knowledge.yaml")


@pytest.fixture(scope="session")
def desks() -> Fitted:
    """The file of `tests.two_desks`, learned."""
    return fit(two_desks.knowledge())
