from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import Settings

ROOT = Path(__file__).parents[1]

SETTINGS = [field.name.upper() for field in fields(Settings)]
README = (ROOT / "README.md").read_text("utf-8")
CODE = re.findall(r"`([^`\n]+)`|^```\w*\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
IN_CODE = "\n".join(inline or block for inline, block in CODE)


def commands(capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit):
        main(["--help"])
    return re.findall(r"^    (\w+)(?: |$)", capsys.readouterr().out, re.MULTILINE)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_told_in_the_readme(name: str) -> None:
    assert re.search(rf"^\|[^|\n]*`{name}`[^|\n]*\|", README, re.MULTILINE)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_stands_in_the_example(name: str) -> None:
    example = (ROOT / ".env.example").read_text("utf-8")

    assert re.search(rf"^#?\s?{name}=", example, re.MULTILINE)


def test_every_command_is_told_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    names = commands(capsys)

    assert "serve" in names
    assert [name for name in names if not re.search(rf"\b{name}\b", IN_CODE)] == []


def test_the_readme_tells_no_command_that_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    told = set(re.findall(r"\binfobot (\w+)", IN_CODE))

    assert told
    assert told <= set(commands(capsys))


def test_every_file_that_the_readme_links_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", README) if "://" not in link]
    folders = ("docs", "tests", "intents", "bot", "deploy", "benchmarks")
    paths = re.findall(rf"`((?:{'|'.join(folders)})/[\w./-]*)`", README)

    assert links
    assert [path for path in (*links, *paths) if not (ROOT / path).exists()] == []


def test_the_schema_file_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0

    printed = capsys.readouterr().out
    assert printed == (ROOT / "knowledge.schema.json").read_text("utf-8")
    assert json.loads(printed)["properties"]
