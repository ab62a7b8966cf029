"""Every engine of the state as a fixture, and a platform; a plugin of the tests that need them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.state import State
from tests.fakes.outlet import FakeOutlet
from tests.redis_server import RedisServer, running
from tests.state_engines import Engine, engine_at


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture(scope="session")
def redis_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running(tmp_path_factory.mktemp("cluster"), is_cluster=True) as server:
        yield server


@pytest.fixture(params=["sqlite", "redis_server", "redis_cluster"])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engine]:
    """Each engine, empty."""
    server = None if request.param == "sqlite" else request.getfixturevalue(request.param)
    url = server.url if server else f"sqlite:///{tmp_path}/state.db"
    async with engine_at(url, server) as engine:
        yield engine


@pytest.fixture
async def state(engine: Engine) -> State:
    return await engine.open()


@pytest.fixture
def outlet() -> FakeOutlet:
    return FakeOutlet()
