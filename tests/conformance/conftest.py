"""`make conformance STANDINS=path`: the bot between strict stand-ins for both platforms.

Without $STANDINS, a folder that holds the package `platforms`, everything here is passed over.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

import intents
from tests.conformance.scene import PLATFORMS, STANDINS, Scene, check_rules, opened

_WHY = "STANDINS is unset: make conformance STANDINS=folder of the platforms' stand-ins"

if STANDINS:
    sys.path.insert(0, STANDINS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has all tests share one loop, as they share bots; skips them where there is no stand-in."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        if not STANDINS:
            item.add_marker(pytest.mark.skip(reason=_WHY))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says why nothing was done, which -q would not."""
    if not STANDINS:
        terminalreporter.write_line(f"conformance: {_WHY}")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def webhook_scene(
    matcher: intents.Matcher, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Scene]:
    """A bot that takes webhooks."""
    async with opened(matcher.knowledge, tmp_path_factory.mktemp("state")) as running:
        yield running


@pytest.fixture
def scene(webhook_scene: Scene) -> Scene:
    """The bot that most tests share, as a start takes seconds."""
    return webhook_scene


@pytest.fixture(params=PLATFORMS)
def platform(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=("th", "en"))
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def rules(scene: Scene) -> AsyncIterator[None]:
    """After every test, no rule was broken."""
    yield
    await check_rules(scene)
