"""scikit-learn, https://scikit-learn.org: TF-IDF of character n-grams and a logistic regression."""

from __future__ import annotations

from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from benchmarks.rivals.speaking import Answer, serve

#: There is no threshold in the package; this one is Rasa's and Dialogflow's.
_ANSWER_FROM = 0.3


class CharTfidf:
    """The pipeline that is written first when rapidfuzz is not enough."""

    def __init__(self) -> None:
        self._pipeline = make_pipeline(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
            LogisticRegression(C=10, max_iter=1000, tol=1e-6),
        )

    def fit(self, phrases: Sequence[str], intents: Sequence[str]) -> None:
        """Trains the regression until it converges."""
        self._pipeline.fit(phrases, intents)

    def ask(self, text: str) -> Answer:
        """Returns the likeliest intent and its probability."""
        chances = self._pipeline.predict_proba([text])[0]
        best = chances.argmax()
        chance = float(chances[best])
        return str(self._pipeline.classes_[best]), chance, chance >= _ANSWER_FROM


if __name__ == "__main__":
    serve(CharTfidf, ["scikit-learn"])
