"""Training finds the weights that its definition asks for, whichever way it takes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from intents.classifier import (
    PENALTY_C,
    NotConvergedError,
    likeness,
    softmax,
    train,
    train_mix,
)
from intents.features import Ints, Sparse, Vectorizer

SENTENCES = (
    ("phone number of the embassy", "call the embassy", "ขอเบอร์โทร", "โทรหาสถานทูต"),
    ("fax number of the embassy", "send a facsimile", "ขอเบอร์แฟกซ์", "ส่งโทรสาร"),
    ("where is the embassy", "which street are you on", "อยู่ที่ไหน", "ไปสถานทูตยังไง"),
)
TEXTS = [text for texts in SENTENCES for text in texts]
CLASSES = np.repeat(np.arange(3, dtype=np.int32), 4)


def ints(*values: int) -> Ints:
    return np.array(values, np.int32)


def one_hot_rows(*columns: int, width: int) -> Sparse:
    """Returns texts of a single term each."""
    starts = np.arange(len(columns) + 1, dtype=np.int32)
    return Sparse(starts, ints(*columns), np.ones(len(columns), np.float32), width)


def best_weight(copies: int) -> float:
    """Returns where n log(1 + exp(-2a)) + a²/C is least: the weight of a term for its class.

    Two classes with one term each, n texts of it: by symmetry the weights are a and -a.
    """
    low, high = 0.0, 10.0
    for _ in range(60):
        a = (low + high) / 2
        falls = 2 * a / PENALTY_C < copies * 2 / (1 + math.exp(2 * a))
        low, high = (a, high) if falls else (low, a)
    return low


@pytest.mark.parametrize(("copies", "way"), [(1, "in the span of the texts"), (5, "directly")])
def test_a_case_that_can_be_reckoned_by_hand_comes_out_so(copies: int, way: str) -> None:
    classes = ints(*[0] * copies, *[1] * copies)
    a = best_weight(copies)

    weights = train(one_hot_rows(*classes.tolist(), width=2), classes, 2)

    assert weights == pytest.approx(np.array([[a, -a], [-a, a]]), abs=0.05)
    chances = softmax(weights)
    assert chances.argmax(axis=1).tolist() == [0, 1]
    assert chances[0, 0] == pytest.approx(1 / (1 + math.exp(-2 * a)), abs=0.01)


def test_both_ways_of_training_find_the_same_weights() -> None:
    columns = np.arange(60) * 7 % 11
    values = np.random.default_rng(1).random(60).astype(np.float32)
    starts = np.arange(0, 61, 3, dtype=np.int32)
    classes = (np.arange(20) % 3).astype(np.int32)

    directly = train(Sparse(starts, columns.astype(np.int32), values, 11), classes, 3)
    in_span = train(Sparse(starts, columns.astype(np.int32), values, 40), classes, 3)

    assert in_span[:11] == pytest.approx(directly, abs=0.05)
    assert not in_span[11:].any()  # terms that no text has say nothing


def test_sentences_of_different_topics_are_told_apart() -> None:
    vectorizer = Vectorizer.fit(TEXTS)
    weights = train(vectorizer.rows(TEXTS), CLASSES, 3)

    rows = [vectorizer.row(text) for text in (*TEXTS, "the fax please", "เบอร์แฟก")]
    chances = np.array([softmax(row.values @ weights[row.columns]) for row in rows])

    assert chances.argmax(axis=1).tolist() == [*CLASSES.tolist(), 1, 1]
    assert chances.sum(axis=1) == pytest.approx(np.ones(len(rows)), abs=1e-5)
    assert (chances[: len(TEXTS)].max(axis=1) > 0.6).all()


def test_one_class_takes_everything() -> None:
    weights = train(one_hot_rows(0, 1, width=3), ints(0, 0), 1)

    assert softmax(weights).tolist() == [[1], [1], [1]]


def test_alike_texts_of_different_classes_are_a_tie() -> None:
    rows = one_hot_rows(0, 0, 1, 1, width=9)

    weights = train(rows, ints(0, 1, 2, 2), 3)

    chances = softmax(weights)
    assert chances[0, 0] == pytest.approx(chances[0, 1], abs=0.01)
    assert chances[:2].argmax(axis=1).tolist() in ([0, 2], [1, 2])


def test_a_text_without_any_term_is_no_hindrance() -> None:
    rows = Sparse(ints(0, 1, 2, 2), ints(0, 1), np.ones(2, np.float32), 9)

    weights = train(rows, ints(0, 1, 1), 2)

    assert weights[:2].argmax(axis=1).tolist() == [0, 1]


def test_texts_without_any_term_train_nothing() -> None:
    empty = Sparse(ints(0, 0, 0), ints(), np.zeros(0, np.float32), 0)

    assert train(empty, ints(0, 1), 2).shape == (0, 2)


def test_training_that_finds_no_end_says_so() -> None:
    no_likeness = np.full((2, 2), np.nan, np.float32)

    with pytest.raises(NotConvergedError, match="300 steps"):
        train_mix(no_likeness, ints(0, 1), 2)


def test_likeness_is_the_product_of_the_rows_also_where_a_term_is_common() -> None:
    random = np.random.default_rng(0)
    dense = (random.random((150, 9)) * (random.random((150, 9)) < 0.5)).astype(np.float32)
    dense[:, 0] = 0.5  # in all of the texts
    lines, columns = np.nonzero(dense)
    starts = np.concatenate([[0], np.cumsum(np.bincount(lines, minlength=150))])
    rows = Sparse(starts.astype(np.int32), columns.astype(np.int32), dense[lines, columns], 9)

    assert likeness(rows) == pytest.approx(dense @ dense.T, abs=1e-5)


def test_probabilities_of_huge_scores_are_still_probabilities() -> None:
    assert softmax(np.array([1e4, -1e4, 1e4])).tolist() == [0.5, 0, 0.5]
