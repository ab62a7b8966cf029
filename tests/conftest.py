"""What many tests need and is dear to make."""

from __future__ import annotations

from collections.abc import Iterator
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


@pytest.fixture
def office_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has what is learned of a test's file learned once, and kept out of the user's own cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(autouse=True, scope="session")
def by_letters_alone() -> Iterator[None]:
    """Keeps bots of tests from learning meanings, which takes an engine and a minute."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEANING", "off")
        yield
