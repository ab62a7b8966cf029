from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.checking import Told, check, render
from bot.cli import main
from tests import small_office
from tests.knowledge_file import VALID

ERROR = Told("k.yaml", 3, 5, "error", "'x' is wrong; write y")
WARNING = Told("k.yaml", 9, 1, "warning", "thin")

#: Two faults, on the first and on the last line but one.
FAULTY = VALID.replace("time_zone: Asia/Bangkok", "time_zone: Asia/Bankok").replace(
    "  privacy: {th: ไม่เก็บข้อมูล, en: Nothing is kept}\n", "  privacy: {th: ไม่เก็บข้อมูล}\n"
)
MIDDLE = VALID.replace("  retry: {th: อีกครั้ง, en: Again}\n", "  retry: {th: '', en: Again}\n")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A knowledge file to be written; what is learned from it does not stay in the user's cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "k.yaml"


def test_every_fault_is_found_with_its_place(file: Path) -> None:
    file.write_text(FAULTY, "utf-8")
    found = check(file)
    lines = FAULTY.splitlines()

    assert [(told.line, told.level) for told in found] == [(1, "error"), (len(lines) - 1, "error")]
    assert found[0].column == lines[0].index("Asia/Bankok") + 1
    assert found[0].file == str(file)
    assert "lacks the language 'en'" in found[1].message
    assert all(told.is_fault for told in found)


def test_a_file_without_faults_gets_remarks(file: Path) -> None:
    file.write_text(small_office.TEXT, "utf-8")
    found = check(file)

    assert {told.level for told in found} == {"warning"}
    assert not any(told.is_fault for told in found)
    assert [told.line for told in found] == sorted(told.line for told in found)
    thin = next(told for told in found if "examples in" in told.message)
    assert "greet has 3 examples in th" in " ".join(told.message for told in found)
    assert small_office.TEXT.splitlines()[thin.line - 1].lstrip().startswith("th:")


def test_remarks_come_only_once_there_are_no_faults(file: Path) -> None:
    file.write_text(MIDDLE, "utf-8")

    assert [told.level for told in check(file)] == ["error"]


def test_a_file_that_is_not_there_cannot_be_checked(file: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check(file)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ([], "no faults, nothing to remark"),
        ([WARNING], "k.yaml:9:1: warning: thin\nno faults; 1 remark on what could be better"),
        ([WARNING, WARNING], "no faults; 2 remarks on what could be better"),
        ([ERROR], "k.yaml:3:5: error: 'x' is wrong; write y\n"
                  "1 fault: the file cannot be used before they are mended"),
        ([ERROR, ERROR], "2 faults: the file cannot be used before they are mended"),
    ],
    ids=["nothing", "a remark", "remarks", "a fault", "faults"],
)  # fmt: skip
def test_findings_are_told_as_a_compiler_does(found: list[Told], text: str) -> None:
    assert render(found, "text").endswith(text)
    assert len(render(found, "text").splitlines()) == len(found) + 1


def test_findings_are_told_as_json() -> None:
    assert json.loads(render([ERROR, WARNING], "json")) == [
        {"file": "k.yaml", "line": 3, "column": 5, "level": "error",
         "message": "'x' is wrong; write y"},
        {"file": "k.yaml", "line": 9, "column": 1, "level": "warning", "message": "thin"},
    ]  # fmt: skip
    assert json.loads(render([], "json")) == []


def test_findings_are_told_as_workflow_commands() -> None:
    assert render([ERROR, WARNING], "github").splitlines() == [
        "::error file=k.yaml,line=3,col=5::'x' is wrong; write y",
        "::warning file=k.yaml,line=9,col=1::thin",
    ]
    assert render([], "github") == ""


def test_a_workflow_command_escapes_what_would_end_it() -> None:
    odd = Told("a,b:c%.yaml", 1, 1, "error", "50%\r\nor: less, ::error::")

    assert render([odd], "github") == (
        "::error file=a%2Cb%3Ac%25.yaml,line=1,col=1::50%25%0D%0Aor: less, ::error::"
    )


@pytest.mark.parametrize(
    ("text", "style", "code", "begins"),
    [
        (FAULTY, "text", 1, "{file}:1:"),
        (FAULTY, "json", 1, '[\n  {{\n    "file": "{file}",\n    "line": 1,'),
        (FAULTY, "github", 1, "::error file={file},line=1,"),
        (small_office.TEXT, "text", 0, "{file}:"),
        (small_office.TEXT, "json", 0, "[\n  {{"),
        (small_office.TEXT, "github", 0, "::warning file={file},"),
    ],
    ids=[f"{which} as {style}" for which in ("faults", "remarks") for style in ("text", "json",
                                                                                "github")],
)  # fmt: skip
def test_only_faults_make_the_command_fail(
    file: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    style: str,
    code: int,
    begins: str,
) -> None:
    file.write_text(text, "utf-8")

    assert main(["check", "--knowledge", str(file), "--format", style]) == code
    assert capsys.readouterr().out.startswith(begins.format(file=file))
