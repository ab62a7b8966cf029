"""The classifier of large files learns what the regression would, whatever the order."""

from __future__ import annotations

import random

import numpy as np
import pytest

from intents import classifier, contrast
from intents.classifier import NotConvergedError, softmax
from intents.features import Floats, Ints, Row, Sparse, Vectorizer
from intents.weights import DenseWeights, Presence, Weights, restored

THINGS = ("passport", "house book", "ใบขับขี่", "โฉนดที่ดิน", "dog tag", "ทะเบียนบ้าน")
ASPECTS = ("lost {}", "how much is {}", "ขอ{}ออนไลน์", "{}ใช้เอกสารอะไร", "renew {}")
FILLERS = ("", "please", "หน่อยครับ", "today", "for my mother", "ด่วน", "in town", "ตอนนี้")


def made(draw: random.Random, copies: int) -> tuple[list[str], Ints]:
    """Returns different phrases for each thing and aspect, in the order of the classes."""
    kinds = [aspect.format(thing) for thing in THINGS for aspect in ASPECTS]
    texts = [
        f"{first} {kind} {last}".strip()
        for kind in kinds
        for first, last in draw.sample([(a, b) for a in FILLERS for b in FILLERS], copies)
    ]
    return texts, np.repeat(np.arange(len(kinds), dtype=np.int32), copies)


TEXTS, CLASSES = made(random.Random(0), 20)
UNSEEN, TRUTH = made(random.Random(1), 20)
COUNT = len(THINGS) * len(ASPECTS)
VECTORIZER, ROWS = Vectorizer.learn(TEXTS)


def chances(weights: Weights, texts: list[str], vectorizer: Vectorizer = VECTORIZER) -> Floats:
    return softmax(np.array([weights.scores(vectorizer.row(text)) for text in texts]))


@pytest.fixture(scope="module")
def learned() -> Weights:
    return contrast.train(ROWS, CLASSES, COUNT)


def test_what_was_learned_is_known(learned: Weights) -> None:
    assert (chances(learned, TEXTS).argmax(axis=1) == CLASSES).mean() > 0.99


def test_other_phrases_are_told_apart_as_well_as_by_the_regression(learned: Weights) -> None:
    regression = DenseWeights(classifier.train(ROWS, CLASSES, COUNT))

    right = (chances(learned, UNSEEN).argmax(axis=1) == TRUTH).mean()

    assert right >= (chances(regression, UNSEEN).argmax(axis=1) == TRUTH).mean() - 0.02


def test_probabilities_are_surer_of_what_is_asked_than_of_what_is_not(learned: Weights) -> None:
    known, strange = chances(learned, UNSEEN), chances(learned, ["pizza", "ดาวอังคาร", ""])

    assert known.sum(axis=1) == pytest.approx(np.ones(len(UNSEEN)), abs=1e-4)
    assert np.median(known.max(axis=1)) > 0.9
    assert strange.max() < 0.5


def test_training_again_gives_the_same_weights(learned: Weights) -> None:
    again = contrast.train(ROWS, CLASSES, COUNT)

    for part, values in learned.parts().items():
        assert np.array_equal(again.parts()[part], values)


def test_the_order_of_the_texts_changes_hardly_an_answer(learned: Weights) -> None:
    order = np.random.default_rng(2).permutation(len(TEXTS))
    vectorizer, rows = Vectorizer.learn([TEXTS[index] for index in order])

    shuffled = contrast.train(rows, CLASSES[order], COUNT)

    same = chances(shuffled, UNSEEN, vectorizer).argmax(1) == chances(learned, UNSEEN).argmax(1)
    assert same.mean() > 0.98


def test_numbers_that_are_none_end_the_training() -> None:
    spoilt = Sparse(ROWS.starts, ROWS.columns, np.full_like(ROWS.values, np.nan), ROWS.width)

    with pytest.raises(NotConvergedError, match="did not converge"):
        contrast.train(spoilt, CLASSES, COUNT)


@pytest.mark.parametrize("count", [1, 3])
def test_texts_without_any_term_train_nothing(count: int) -> None:
    empty = Sparse(np.zeros(4, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32), 0)

    weights = contrast.train(empty, np.arange(3, dtype=np.int32) % count, count)

    nothing = Row(np.zeros(0, np.int32), np.zeros(0, np.float32), 0.0)
    assert weights.scores(nothing).tolist() == [0.0] * count


def test_weights_come_back_from_their_parts(learned: Weights) -> None:
    row = VECTORIZER.row(UNSEEN[0])
    dense = DenseWeights(np.eye(ROWS.width, 3, dtype=np.float32))

    for weights in (learned, dense):
        assert np.array_equal(restored(weights.parts()).scores(row), weights.scores(row))


def test_presence_tells_which_class_has_a_feature() -> None:
    presence = Presence.of(ROWS, CLASSES, COUNT)
    expected = np.zeros((ROWS.width, COUNT), np.bool_)
    expected[ROWS.columns, CLASSES[ROWS.lines]] = True
    features = np.arange(ROWS.width, dtype=np.int32)

    for index in range(COUNT):
        assert np.array_equal(presence.has(index, features), expected[:, index])
    assert np.array_equal(presence.spread(ROWS.width), expected.sum(axis=1))
