"""Texts become unit vectors of n-grams, less what was never seen before."""

from __future__ import annotations

import math

import numpy as np
import pytest

from intents.features import Vectorizer, grams

TEXTS = ("embassy phone", "embassy fax", "เบอร์สถานทูต", "where is the embassy")


@pytest.fixture(scope="module")
def vectorizer() -> Vectorizer:
    return Vectorizer.fit(TEXTS)


def test_the_edges_of_a_word_are_part_of_its_n_grams() -> None:
    assert grams("ab") == [" a", "ab", "b ", " ab", "ab ", " ab "]


def test_every_word_has_its_own_n_grams() -> None:
    assert grams("ab c") == grams("ab") + grams("c")
    assert grams("") == []


def test_thai_is_seen_as_typed_and_as_its_skeleton() -> None:
    typed = [gram for gram in grams("เบอร์") if not gram.startswith("~")]
    skeletons = [gram for gram in grams("เบอร์") if gram.startswith("~")]

    assert "อร์" in typed
    assert skeletons == ["~" + gram for gram in grams("เบอ") if not gram.startswith("~")]


def test_a_misspelling_shares_most_of_its_features_and_another_word_few() -> None:
    right, wrong, other = (set(grams(word)) for word in ("แฟกซ์", "แฟก", "โทรศัพท์"))

    assert len(right & wrong) > len(wrong) / 2
    assert len(right & other) < len(other) / 4


@pytest.mark.parametrize("text", TEXTS)
def test_a_known_text_has_length_one(vectorizer: Vectorizer, text: str) -> None:
    row = vectorizer.row(text)

    assert np.linalg.norm(row.values) == pytest.approx(1, abs=1e-6)
    assert row.known == pytest.approx(1)


def test_what_was_never_seen_makes_the_vector_shorter(vectorizer: Vectorizer) -> None:
    row = vectorizer.row("embassy zzzzzz")

    assert 0 < row.known < 1
    assert np.linalg.norm(row.values) == pytest.approx(math.sqrt(row.known), abs=1e-6)


@pytest.mark.parametrize("text", ["", "qqqq", "漢字", "\x00"])
def test_a_text_of_strange_terms_is_near_to_nothing(vectorizer: Vectorizer, text: str) -> None:
    row = vectorizer.row(text)

    assert len(row.columns) == len(row.values) == row.known == 0


def test_a_rare_term_weighs_more_than_a_common_one() -> None:
    vectorizer = Vectorizer.fit(("a b", "a c", "a d"), str.split)
    weights = {term: vectorizer.idf[column] for term, column in vectorizer.columns.items()}

    assert weights["a"] == pytest.approx(1)  # as scikit-learn: log((1 + 3) / (1 + 3)) + 1
    assert weights["b"] == pytest.approx(math.log(4 / 2) + 1)
    assert vectorizer.unseen_idf == pytest.approx(math.log(4) + 1)


def test_a_repeated_term_counts_as_often_as_it_stands() -> None:
    row = Vectorizer.fit(("a", "b"), str.split).row("a a a b")

    assert sorted(row.values) == pytest.approx([1 / math.sqrt(10), 3 / math.sqrt(10)])


def test_many_texts_become_the_rows_of_a_matrix(vectorizer: Vectorizer) -> None:
    rows = vectorizer.rows(["embassy fax", "qqqq", "embassy"])

    assert len(rows) == 3
    assert rows.width == len(vectorizer.columns)
    single = vectorizer.row("embassy fax")
    assert rows.columns[rows.starts[0] : rows.starts[1]].tolist() == single.columns.tolist()
    assert rows.values[rows.starts[0] : rows.starts[1]].tolist() == single.values.tolist()
    assert set(rows.lines.tolist()) == {0, 2}  # the second text has nothing that is known


def test_no_texts_are_a_matrix_without_rows(vectorizer: Vectorizer) -> None:
    assert len(vectorizer.rows([])) == 0


def test_words_read_once_give_the_same_vectors() -> None:
    vectorizer, rows = Vectorizer.learn(TEXTS)
    by_word, same_rows = Vectorizer.learn(TEXTS, by_word=True)

    assert by_word.columns == vectorizer.columns
    assert by_word.idf.tolist() == vectorizer.idf.tolist()
    for name in ("starts", "columns", "values"):
        assert getattr(same_rows, name).tolist() == getattr(rows, name).tolist()
