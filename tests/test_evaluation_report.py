from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from bot.assistant import Assistant
from bot.cli import main
from bot.evaluation import Question, Report, Result, evaluate
from bot.evaluation_curves import SETTINGS, Bin, Curves, Setting, trace
from bot.evaluation_report import About, as_html
from bot.model import Answered, Reply
from intents import Matcher
from intents.fitting import fit
from intents.loading import parse
from tests import small_office
from tests.browsing import chromium

ABOUT = About("asked.jsonl", "small.yaml", 0.02, "2026-11-23 09:00")
FITTED = fit(parse(small_office.TEXT.encode(), "small.yaml"))
PHONE, ADDRESS = "embassy phone number", "where is the embassy located"
MARKUP = "<script>alert('ก')</script>"


def assistant_at(max_wrong: float) -> Assistant:
    return Assistant(Matcher(FITTED, max_wrong))


def question(number: int, text: str, facts: str, kind: str = "plain") -> Question:
    return Question(f"q{number}", text, "en", (frozenset(facts.split()),), kind)


ASKED = [
    question(1, PHONE, "embassy_phone"),
    question(2, "เบอร์โทรสถานทูต", "embassy_phone"),
    question(3, ADDRESS, "history"),
    question(4, PHONE, "history"),
    question(5, PHONE, "history"),
    question(6, MARKUP, "address"),
    question(7, "Norway", "history", "terse"),
    question(8, "pizza with pineapple", "oos", "oos_far"),
    question(9, PHONE, "oos", "oos_near"),
    question(10, "friendship of the kingdoms", "address"),
]


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(assistant_at(0.02), ASKED)


@pytest.fixture(scope="module")
def page(report: Report) -> str:
    return as_html(report, trace(assistant_at, ASKED), ABOUT)


def text_of(html: str) -> str:
    """Returns what a page says, in a line."""
    visible = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", visible)).split())


def section(page: str, name: str) -> str:
    found = re.search(rf'<section aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL)
    assert found, f"no section {name}"
    return found[1]


def test_the_page_says_what_was_evaluated(page: str) -> None:
    assert (
        "10 questions of asked.jsonl , asked of small.yaml with MAX_WRONG=0.02 , 2026-11-23 09:00"
        in text_of(page)
    )


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.search(r"<script|\bon\w+=|@import|url\(|https?://|<iframe|<object", page)
    assert set(re.findall(r'(?:href|src)="([^"]*)"', page)) == {"data:,"}


def test_the_figures_are_those_of_the_terminal(page: str, report: Report) -> None:
    figures, told = report.figures(), text_of(section(page, "headline"))

    assert figures["wrong"]
    assert f"right {figures['right']} % of {figures['in_scope']} in scope" in told
    assert f"wrong {figures['wrong']} %" in told
    assert f"near misses {figures['near_false_answers']} %" in told
    assert f"right or offered {report.share('in', 'right', 'offered')} %" in told


def test_every_group_has_its_row(page: str, report: Report) -> None:
    told = section(page, "groups")
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(\d+)</td>', told)

    assert rows == [(name, str(counts.total())) for name, counts in report.groups()]
    assert rows[0] == ("in scope", "8")
    assert ("kind oos_near", "1") in rows


def test_the_matrix_shows_what_was_mistaken_and_nothing_else(page: str, report: Report) -> None:
    matrix = section(page, "confusions")
    shown = {
        tuple(title.split(", answered ")): int(count)
        for title, count in re.findall(r'title="([^"]*)">(\d+)<', matrix)
    }

    assert shown == dict(report.confusions)
    assert shown["history", "embassy_phone"] == 2
    assert re.findall(r'<th scope="row">(.*?)</th>', matrix) == [
        "history", "oos", "address",
    ]  # fmt: skip
    assert "consular_phone" not in matrix


def test_the_worst_come_first_with_what_was_expected_and_answered() -> None:
    def miss(number: int, verdict: str, confidence: float) -> Result:
        answered = (Answered("address", confidence),) if confidence else ()
        reply = Reply("en", "answer", "", answered, () if confidence else ("email", "hours"))
        return Result(question(number, f"asked {number}", "history"), verdict, reply)

    misses = [miss(1, "missed", 0), miss(2, "wrong", 0.61), miss(3, "offered", 0),
              miss(4, "right", 0.9), miss(5, "wrong", 0.987)]  # fmt: skip
    told = section(as_html(Report(results=misses), Curves((), ()), ABOUT), "worst")

    assert re.findall(r'class="asked"[^>]*>(.*?)<', told) == [
        "asked 5", "asked 2", "asked 1", "asked 3",
    ]  # fmt: skip
    first = text_of(told.partition("</li>")[0])
    assert "wrong expected history answered address 99 % sure question q5, plain" in first
    assert "missed expected history offered email , hours" in text_of(told)
    assert told.index("<details>") > told.index("asked 1")


def test_what_people_typed_stays_text(page: str) -> None:
    assert escape(MARKUP, quote=True).replace("&#x27;", "&#39;") in page
    assert MARKUP not in page


def test_the_calibration_error_is_the_mean_distance_weighed_by_count() -> None:
    bins = (Bin(0.5, 0.6, 10, 0.55, 0.75), Bin(0.9, 1.0, 30, 0.95, 0.9))

    assert Curves(bins, ()).calibration_error == pytest.approx((10 * 0.2 + 30 * 0.05) / 40)
    assert Curves((), ()).calibration_error == 0


def test_the_curves_are_those_of_bots_that_answer_sooner_or_later() -> None:
    curves = trace(assistant_at, ASKED)
    wrong = [
        [r.verdict for r in evaluate(assistant_at(share), ASKED).results].count("wrong") / 10
        for share in SETTINGS
    ]

    assert [setting.max_wrong for setting in curves.settings] == list(SETTINGS)
    assert [setting.shares["wrong"] for setting in curves.settings] == wrong
    assert wrong == sorted(wrong)
    assert all(sum(setting.shares.values()) == pytest.approx(1) for setting in curves.settings)


def test_the_bins_hold_every_answer_by_its_confidence() -> None:
    bins = trace(assistant_at, ASKED).bins
    answers = [
        (answered.confidence, answered.intent_id in result.question.wanted)
        for result in evaluate(assistant_at(1.0), ASKED).results
        for answered in result.reply.answered
    ]

    assert sum(found.count for found in bins) == len(answers)
    for found in bins:
        inside = [a for a in answers if found.low <= a[0] < found.high or found.high == a[0] == 1]
        assert found.count == len(inside)
        assert found.confidence == pytest.approx(sum(c for c, _ in inside) / len(inside))
        assert found.right == pytest.approx(sum(right for _, right in inside) / len(inside))


def test_the_charts_have_their_numbers_beside_them(page: str) -> None:
    curves = trace(assistant_at, ASKED)
    reliability = section(page, "reliability")

    told = text_of(section(page, "setting"))
    assert f"Expected calibration error: {100 * curves.calibration_error:.1f} %" in text_of(
        reliability
    )
    assert len(re.findall("<circle", reliability)) == len(curves.bins)
    for setting in curves.settings:
        assert f"{setting.max_wrong} {100 * setting.shares['right']:.1f} %" in told


def test_a_bot_that_is_always_right_and_one_that_never_answers_have_a_page() -> None:
    no_verdicts = dict.fromkeys(("right", "noisy", "part", "offered", "missed", "wrong"), 0.0)
    silent = as_html(Report(), Curves((), (Setting(0.02, no_verdicts),) * 2), ABOUT)
    right = evaluate(assistant_at(0.02), ASKED[:2])
    perfect = as_html(right, trace(assistant_at, ASKED[:2]), ABOUT)

    assert "Nothing was answered." in silent
    assert "Nothing was taken for anything else." in perfect
    assert "None was answered wrongly, none missed." in perfect


def test_the_command_writes_the_page_beside_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    knowledge, asked = tmp_path / "small.yaml", tmp_path / "asked.jsonl"
    knowledge.write_text(small_office.TEXT, "utf-8")
    row = {"id": "1", "q": PHONE, "lang": "en", "facts": ["embassy_phone"], "kind": "plain"}
    asked.write_text(json.dumps(row), "utf-8")
    target = tmp_path / "report.html"
    arguments = ["eval", str(asked), "--knowledge", str(knowledge), "--html", str(target)]

    assert main(arguments) == 0
    assert "1 questions, 1 in scope" in capsys.readouterr().out
    assert "1 questions of asked.jsonl , asked of small.yaml" in text_of(target.read_text("utf-8"))
    assert main([*arguments[:-1], str(tmp_path / "gone" / "report.html")]) == 2
    assert "gone" in capsys.readouterr().err


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_its_screen_and_asks_nobody(
    browser: Browser, page: str, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "report.html"
    file.write_text(page, "utf-8")
    opened = browser.new_page(viewport={"width": width, "height": 844})
    asked: list[str] = []
    said: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda message: said.append(message.text))
    opened.goto(file.as_uri())
    widths = opened.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    opened.close()

    assert widths == [width, width]
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert said == []
