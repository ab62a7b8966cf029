from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from bot.cli import main
from tests.knowledge_file import VALID

ROOT = Path(__file__).parents[1]
COMMANDS = (
    "serve",
    "chat",
    "ask",
    "check",
    "eval",
    "explain",
    "schema",
    "questions",
    "teach",
    "setup",
    "doctor",
)

#: What answering one question in the terminal must not wait for.
HEAVY = (
    "holidays",
    "aiohttp",
    "telegram",
    "linebot",
    "starlette",
    "uvicorn",
    "httpx",
    "redis",
    "PIL",
    "pydantic",
    "yaml",
    "spellchecker",
)


@pytest.fixture(autouse=True)
def _shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every command runs on the shipped file and off the network, whatever a developer has set."""
    for name in ("TELEGRAM_BOT_TOKEN", "LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("STATE_URL", f"sqlite:///{tmp_path}/state.db")
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("KNOWLEDGE", "knowledge.yaml")
    monkeypatch.setenv("MAX_WRONG", "0.02")


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    path = tmp_path / "faulty.yaml"
    path.write_text(VALID.replace("menu: [ring]", "menu: [rang]"), "utf-8")
    return str(path)


def run(*arguments: str, lines: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, input=lines, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])

    told = capsys.readouterr().out
    assert caught.value.code == 0
    assert told.startswith(f"usage: infobot {command} ")
    assert "--knowledge FILE" in told


def test_the_help_names_every_command_and_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])

    told = dict(re.findall(r"^    (\w+)\s+(\S.*)$", capsys.readouterr().out, re.MULTILINE))
    assert caught.value.code == 0
    assert set(told) == set(COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [[], ["fly"], ["ask", "--fly"], ["explain"], ["eval"], ["check", "--format", "html"]],
    ids=[
        "nothing",
        "no such command",
        "no such option",
        "no question",
        "no file",
        "no such format",
    ],
)
def test_a_wrong_call_ends_with_2_and_the_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)

    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: infobot")


@pytest.mark.usefixtures("matcher")
@pytest.mark.parametrize(
    ("question", "number"),
    [("embassy phone number", "(+66 2) 234-98-24"), ("เบอร์โทรกงสุล", "(+66 2) 234-20-12")],
)
def test_ask_prints_the_reply(
    question: str, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", question]) == 0

    told = capsys.readouterr()
    assert number in told.out.splitlines()[0]
    assert f"| tel {number}" in told.out
    assert "[1] " in told.out
    assert told.err == ""


def test_asking_nothing_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask"]) == 2
    assert "nothing asked" in capsys.readouterr().err


@pytest.mark.usefixtures("matcher")
def test_ask_answers_json_lines() -> None:
    lines = '{"id": "a", "text": "เบอร์โทรสถานทูต"}\n{"id": "b", "text": "embassy fax"}\n'
    done = run("ask", "--jsonl", lines=lines)
    answers = [json.loads(line) for line in done.stdout.splitlines()]

    assert (done.returncode, done.stderr) == (0, "")
    assert [(a["id"], a["language"], a["intents"][0]["id"]) for a in answers] == [
        ("a", "th", "embassy_phone"),
        ("b", "en", "embassy_fax"),
    ]


@pytest.mark.usefixtures("matcher")
def test_a_bad_json_line_ends_with_2_after_the_answers_before_it() -> None:
    done = run("ask", "--jsonl", lines='{"id": 1, "text": "embassy fax"}\nwhat?\n')

    assert done.returncode == 2
    assert json.loads(done.stdout)["id"] == 1
    assert done.stderr.startswith("line 2: must be a JSON object")
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("matcher")
def test_chat_talks_until_the_input_ends() -> None:
    done = run("chat", lines="embassy fax\n")

    assert (done.returncode, done.stderr) == (0, "")
    assert "(+66 2) 237-84-88" in done.stdout


@pytest.mark.usefixtures("matcher")
def test_asking_loads_nothing_that_only_other_commands_need() -> None:
    code = (
        "import sys; from bot.cli import main; code = main(['ask', 'embassy fax']);"
        f" print([name for name in {HEAVY} if name in sys.modules], code, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False
    )

    assert done.stderr == "[] 0\n"
    assert "(+66 2) 237-84-88" in done.stdout


@pytest.mark.usefixtures("matcher")
def test_eval_scores_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    label = {"lang": "en", "kind": "plain"}
    rows = [
        {"id": "1", "q": "embassy phone number", "facts": ["embassy_phone"], **label},
        {"id": "2", "q": "embassy phone number", "facts": ["embassy_fax"], **label},
    ]
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")

    assert main(["eval", str(path), "--format", "json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["in_scope"], figures["right"], figures["wrong"]) == (2, 50.0, 50.0)
    assert main(["eval", str(path), "--show"]) == 0
    assert "1 x  embassy_fax -> embassy_phone" in capsys.readouterr().out


@pytest.mark.usefixtures("matcher")
@pytest.mark.parametrize("content", [None, "", "what?\n"], ids=["gone", "empty", "broken"])
def test_eval_of_no_questions_ends_with_2(
    tmp_path: Path, content: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "questions.jsonl"
    if content is not None:
        path.write_text(content, "utf-8")

    assert main(["eval", str(path)]) == 2
    assert str(path) in capsys.readouterr().err


@pytest.mark.usefixtures("matcher")
def test_the_shipped_file_has_no_faults(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("no faults")


@pytest.mark.usefixtures("matcher")
def test_explain_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "embassy phone number"]) == 0
    assert "outcome      answer: embassy_phone" in capsys.readouterr().out


def test_schema_prints_a_json_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0

    schema = json.loads(capsys.readouterr().out)
    assert {"bot", "messages", "page", "intents"} <= set(schema["properties"])
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize(
    "arguments",
    [["ask", "hi"], ["chat"], ["explain", "hi"], ["eval", "tests/questions/first.jsonl"],
     ["check"], ["serve"]],
    ids=lambda arguments: arguments[0],
)  # fmt: skip
def test_a_faulty_knowledge_file_ends_with_1(
    arguments: list[str], faulty: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--knowledge", faulty]) == 1

    told = capsys.readouterr()
    assert "there is no 'rang' under intents; did you mean 'ring'?" in told.out + told.err


@pytest.mark.parametrize("arguments", [["ask", "hi"], ["check"]], ids=["ask", "check"])
@pytest.mark.parametrize("name", ["gone.yaml", "."], ids=["gone", "a folder"])
def test_a_knowledge_file_that_cannot_be_read_ends_with_2(
    arguments: list[str], name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / name)

    assert main([*arguments, "--knowledge", path]) == 2
    assert capsys.readouterr().err.startswith(f"{path}: ")


def test_the_setting_names_the_knowledge_file(
    faulty: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KNOWLEDGE", faulty)

    assert main(["ask", "hi"]) == 1
    assert capsys.readouterr().err.startswith(f"{faulty}:")


@pytest.mark.usefixtures("matcher")
def test_a_port_that_is_taken_ends_with_2(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        done = run("serve")

    assert done.returncode == 2
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_is_called_infobot() -> None:
    scripts = (ROOT / "pyproject.toml").read_text("utf-8")
    found = [entry.value for entry in entry_points(group="console_scripts", name="infobot")]

    assert 'infobot = "bot.cli:main"' in scripts
    assert set(found) <= {"bot.cli:main"}
