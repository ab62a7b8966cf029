from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.terminal import answer_lines
from bot.assistant import Assistant
from bot.errors import QuestionsError
from bot.evaluation import Question, evaluate, judge, read
from bot.evaluation_table import as_table
from bot.model import Answered, Reply
from tests import small_office


@pytest.fixture(scope="module")
def assistant() -> Assistant:
    return small_office.assistant()


def question(*facts: str, alt: tuple[tuple[str, ...], ...] = ()) -> Question:
    return Question("q", "?", "en", tuple(map(frozenset, (facts, *alt))), "plain")


def reply(*answered: str, offers: tuple[str, ...] = ()) -> Reply:
    return Reply("en", "answer", "", tuple(Answered(name, 1.0) for name in answered), offers)


BOTH = question("a", "b")
EITHER = question("a", alt=(("b",), ("c", "d")))
OOS = question("oos")
OOS_OR_A = question("oos", alt=(("a",),))

VERDICTS = [
    ("what was asked", question("a"), reply("a"), "right"),
    ("an alternative", EITHER, reply("b"), "right"),
    ("an alternative of several", EITHER, reply("d", "c"), "right"),
    ("all of several, in any order", BOTH, reply("b", "a"), "right"),
    ("what was asked and more", question("a"), reply("a", "b"), "noisy"),
    ("an alternative and more", EITHER, reply("b", "x"), "noisy"),
    ("one of several", BOTH, reply("a"), "part"),
    ("one of several and something else", BOTH, reply("a", "x"), "part"),
    ("one of several in an alternative alone", EITHER, reply("c"), "wrong"),
    ("something else", question("a"), reply("b"), "wrong"),
    ("something else for several", BOTH, reply("x"), "wrong"),
    ("something else, offering what was asked", question("a"), reply("b", offers=("a",)), "wrong"),
    ("an offer of it", question("a"), reply(offers=("x", "a")), "offered"),
    ("an offer of one of several", BOTH, reply(offers=("b",)), "offered"),
    ("an offer of an alternative", EITHER, reply(offers=("d",)), "offered"),
    ("other offers", question("a"), reply(offers=("x",)), "missed"),
    ("nothing", question("a"), reply(), "missed"),
    ("nothing, out of scope", OOS, reply(), "right"),
    ("an offer, out of scope", OOS, reply(offers=("a",)), "right"),
    ("an answer, out of scope", OOS, reply("a"), "wrong"),
    ("help, out of scope", OOS, reply("help"), "right"),
    ("who it is, out of scope", OOS, reply("who_are_you", "help"), "right"),
    ("help and an answer, out of scope", OOS, reply("help", "a"), "wrong"),
    ("small talk, out of scope", OOS, reply("greet"), "wrong"),
    ("an accepted answer, out of scope", OOS_OR_A, reply("a"), "right"),
    ("more than the accepted answer, out of scope", OOS_OR_A, reply("a", "b"), "wrong"),
    ("nothing, which is an alternative", question("a", alt=(("oos",),)), reply(), "missed"),
]


@pytest.mark.parametrize(
    ("asked", "got", "verdict"), [case[1:] for case in VERDICTS], ids=[c[0] for c in VERDICTS]
)
def test_a_reply_gets_its_verdict(asked: Question, got: Reply, verdict: str) -> None:
    assert judge(asked, got) == verdict


def row(number: int, text: str, facts: str, kind: str = "plain", **more: Any) -> dict[str, Any]:
    lang = "th" if any("\u0e00" <= char <= "\u0e7f" for char in text) else "en"
    return {"id": f"q{number}", "q": text, "lang": lang, "facts": facts.split(), "kind": kind,
            **more}  # fmt: skip


PHONE, ADDRESS = "embassy phone number", "where is the embassy located"
ROWS = [
    row(1, PHONE, "embassy_phone"),
    row(2, "เบอร์โทรสถานทูต", "embassy_phone"),
    row(3, f"{PHONE}; {ADDRESS}", "embassy_phone", "several"),
    row(4, f"{PHONE}; {ADDRESS}", "embassy_phone address", "several"),
    row(5, ADDRESS, "embassy_phone address", "several"),
    row(6, ADDRESS, "history"),
    row(7, ADDRESS, "history", alt=[["address"], ["address", "history"]]),
    row(8, "Norway", "history", "terse"),
    row(9, "pizza with pineapple", "history"),
    row(10, "pizza with pineapple", "oos", "oos_far"),
    row(11, "friendship", "oos", "oos_far"),
    row(12, "German embassy phone number", "oos", "oos_near"),
    row(13, PHONE, "oos", "oos_near"),
    row(14, PHONE, "oos", "oos_near", alt=[["embassy_phone"]]),
    row(15, "hello", "greet", "small_talk"),
    row(16, "สวัสดี", "greet", "small_talk"),
    row(17, "good morning", "help greet", "small_talk"),
    row(18, "consular phone number", "consular_phone", "followup", chat="c"),
    row(19, "and the fax?", "consular_fax", "followup", chat="c"),
    row(20, "what can you do", "oos", "oos_far"),
    row(21, "12345", "oos", "oos_far", lang="en"),
]


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n\n".join(json.dumps(r, ensure_ascii=False) for r in ROWS), "utf-8")
    return path


def scored(assistant: Assistant, tmp_path: Path) -> dict[str, float | int]:
    """Scores `ROWS` anew: from answer lines, by the rules as they are told to people."""
    asks = tmp_path / "asks.jsonl"
    lines = [{"id": r["id"], "text": r["q"], "chat": r.get("chat")} for r in ROWS]
    asks.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    answers = tmp_path / "answers.jsonl"
    with asks.open(encoding="utf-8") as read_from, answers.open("w", encoding="utf-8") as out:
        answer_lines(assistant, read_from, out)
    counts: Counter[str] = Counter()
    for label, line in zip(ROWS, answers.read_text("utf-8").split("\n"), strict=False):
        answer = json.loads(line)
        got = sorted(intent["id"] for intent in answer["intents"])
        sets = [sorted(names) for names in [label["facts"], *label.get("alt", [])]]
        is_oos = label["facts"] == ["oos"]
        if got in sets:
            verdict = "right"
        elif is_oos:
            verdict = "wrong" if set(got) - {"help", "who_are_you"} else "right"
        elif any(all(name in got for name in names) for names in sets):
            verdict = "noisy"
        elif got:
            overlap = any(name in names for names in sets for name in got)
            verdict = "part" if overlap and len(label["facts"]) > 1 else "wrong"
        else:
            offered = any(name in names for names in sets for name in answer["offers"])
            verdict = "offered" if offered else "missed"
        if is_oos:
            scope = label["kind"] if label["kind"] == "oos_near" else "oos"
        else:
            scope = "small" if set(label["facts"]) <= {"greet", "help"} else "in"
        thai = sum("\u0e00" <= char <= "\u0e7f" for char in answer["text"])
        counts.update([f"{scope} {verdict}", scope, "all"])
        counts["language"] += (thai > len(answer["text"]) / 3) == (label["lang"] == "th")
        counts["answers"] += len(got)
    percent = {
        verdict: round(100 * counts[f"in {verdict}"] / counts["in"], 1)
        for verdict in ("right", "noisy", "part", "offered", "missed", "wrong")
    }
    return {
        "in_scope": counts["in"],
        **percent,
        "small_talk_right": round(100 * counts["small right"] / counts["small"], 1),
        "oos_false_answers": round(100 * counts["oos wrong"] / counts["oos"], 1),
        "near_false_answers": round(100 * counts["oos_near wrong"] / counts["oos_near"], 1),
        "language_right": round(100 * counts["language"] / counts["all"], 1),
        "text_holds_facts": 100.0 if counts["answers"] else 0.0,
        "emails_invented": 0,
    }


def test_the_figures_are_those_of_another_scorer(
    assistant: Assistant, labelled: Path, tmp_path: Path
) -> None:
    figures = evaluate(assistant, read(labelled)).figures()

    assert figures == scored(assistant, tmp_path)
    told = ("right", "noisy", "part", "offered", "missed", "wrong", "oos_false_answers")
    assert all(0 < figures[name] < 100 for name in told), "the questions must show every verdict"
    assert figures["near_false_answers"] == 33.3


def test_the_report_counts_every_group_and_keeps_what_went_wrong(
    assistant: Assistant, labelled: Path
) -> None:
    report = evaluate(assistant, read(labelled))
    groups = report.verdicts

    assert report.questions == len(ROWS)
    assert groups["in"].total() + groups["small"].total() + groups["oos"].total() == len(ROWS)
    assert groups["kind oos_near"] == Counter(right=2, wrong=1)
    assert groups["kind followup"] == Counter(right=2)
    assert groups["language th"] == Counter(right=2)
    assert [(miss.question.id, miss.verdict) for miss in report.misses] == [
        ("q3", "noisy"), ("q5", "part"), ("q6", "wrong"), ("q8", "offered"), ("q9", "missed"),
        ("q11", "wrong"), ("q13", "wrong"), ("q17", "part"),
    ]  # fmt: skip
    assert report.confusions["history", "address"] == 1
    assert report.confusions["oos", "embassy_phone"] == 1
    assert ("address + embassy_phone", "address") not in report.confusions


def test_no_question_gives_no_share_and_no_fault(assistant: Assistant) -> None:
    figures = evaluate(assistant, []).figures()

    assert set(figures.values()) == {0}


def test_the_table_says_what_the_figures_say(assistant: Assistant, labelled: Path) -> None:
    report = evaluate(assistant, read(labelled))
    figures, lines = report.figures(), as_table(report, show=False).splitlines()
    in_scope = next(line for line in lines if line.startswith("in scope  ") and "right" in line)

    assert lines[0] == f"21 questions, {figures['in_scope']} in scope"
    assert f"right {figures['right']} %" in in_scope
    assert f"wrong {figures['wrong']} %" in in_scope
    assert "  1 x  history -> address" in lines
    assert any(line.split() == ["kind", "oos_near", "3", "2", "1"] for line in lines)
    assert "did not go right" not in lines


def test_the_table_lists_what_did_not_go_right_when_asked(
    assistant: Assistant, labelled: Path
) -> None:
    table = as_table(evaluate(assistant, read(labelled)), show=True)
    listed = table.partition("did not go right\n")[2].splitlines()

    assert [line.split()[:2] for line in listed[:2]] == [["noisy", "q3"], ["part", "q5"]]
    assert len(listed) == 8
    assert listed[4].endswith("'pizza with pineapple' -> -")


def test_a_file_is_read_as_it_is_labelled(labelled: Path) -> None:
    questions = read(labelled)

    assert [found.id for found in questions] == [label["id"] for label in ROWS]
    accepted = [sorted(names) for names in questions[6].accepted]
    assert accepted == [["history"], ["address"], ["address", "history"]]
    assert (questions[18].chat, questions[0].chat) == ("c", "")
    assert [found.out_of_scope for found in questions[8:10]] == [False, True]


GOOD = json.dumps(ROWS[0])

BROKEN = {
    "no JSON": "what?",
    "a number": "5",
    "null": "null",
    "a list": "[]",
    "a string of the names": '"id q lang facts kind"',
    "nested too deeply": "[" * 100_000,
    **{f"no {name}": json.dumps({k: v for k, v in ROWS[0].items() if k != name})
       for name in ("id", "q", "lang", "facts", "kind")},
    "a text that is none": json.dumps({**ROWS[0], "q": 5}),
    "a kind that is none": json.dumps({**ROWS[0], "kind": []}),
    "facts that are one word": json.dumps({**ROWS[0], "facts": "embassy_phone"}),
    "facts that are none": json.dumps({**ROWS[0], "facts": []}),
    "facts that are numbers": json.dumps({**ROWS[0], "facts": [1]}),
    "alternatives that are no lists": json.dumps({**ROWS[0], "alt": ["address"]}),
    "alternatives that are none": json.dumps({**ROWS[0], "alt": None}),
    "a chat that is none": json.dumps({**ROWS[0], "chat": 5}),
}  # fmt: skip


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_named_with_its_place(tmp_path: Path, line: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{GOOD}\n\n{line}\n", "utf-8")
    with pytest.raises(QuestionsError) as caught:
        read(path)

    assert str(caught.value).startswith(f"{path}:3: ")


def test_a_question_may_hold_any_character_but_the_end_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    text = "a\u2028b\x85c"
    path.write_text(json.dumps({**ROWS[0], "q": text}, ensure_ascii=False), "utf-8")

    assert [found.text for found in read(path)] == [text]


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"id": 1, "q": "?", "facts": []}', "utf-8")
    with pytest.raises(QuestionsError, match=r"lacks lang, kind$"):
        read(path)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xff\xfe"], ids=["empty", "blank", "no text"])
def test_a_file_without_questions_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(content)
    with pytest.raises(
        QuestionsError, match=r"questions\.jsonl: (holds no question|cannot be read)"
    ):
        read(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match=r"gone\.jsonl: cannot be read"):
        read(tmp_path / "gone.jsonl")
