"""Everything that is learned from a knowledge file once, so that a question takes a millisecond."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from intents import classifier, contrast
from intents.agreement import Scope
from intents.features import Floats, Ints, Row, Sparse, Vectorizer, grams
from intents.knowledge import Intent, Knowledge
from intents.numbers import Numbers
from intents.scopes import scopes_of
from intents.spelling import Speller, english_words
from intents.text import canonical, normalise, without_particles
from intents.vocabulary import Vocabulary, pairs
from intents.weights import DenseWeights, Presence, Weights

Bools = NDArray[np.bool_]

#: An n-gram that at most this share of the intents has speaks for those that have it.
_RARE_SHARE = 0.25

#: A facet ("channel: phone") is an intent's own when this share of its examples names it.
_FACET_SHARE = 0.2

#: Texts whose scores are kept: a question is looked at several times, whole and in parts.
_REMEMBERED = 64

#: A vocabulary group is a topic of an intent when this share of its examples uses it.
_TOPIC_SHARE = 0.05


@dataclass(frozen=True)
class Fitted:
    """A knowledge file, learned."""

    knowledge: Knowledge
    phrases: tuple[str, ...]
    """Every example, canonical and without particles, grouped by intent."""
    owners: Ints
    """For each phrase the index of its intent."""
    lookalikes: tuple[tuple[str, int], ...]
    """The `not:` phrases, canonical and without particles, with the index of their intent."""
    vectorizer: Vectorizer
    presence: Presence
    """For each intent the n-grams of its examples."""
    weights: Weights
    """From n-grams to intents."""
    pair_vectorizer: Vectorizer
    pair_weights: Weights
    vocabulary: Vocabulary
    speller: Speller
    offices: tuple[str, ...]
    """Words for the offices of the file's contacts, such as "embassy"."""
    scopes: tuple[Scope, ...]
    """For each intent what it speaks of: see `agreement`."""
    topics: tuple[frozenset[str], ...]
    """For each intent the vocabulary groups that its examples use."""
    facets: tuple[dict[str, str], ...]
    """For each intent its place in every facet, such as {"channel": "phone"}."""

    @cached_property
    def exact(self) -> dict[str, int]:
        """The intent that each example belongs to."""
        return dict(zip(self.phrases, self.owners.tolist(), strict=True))

    @cached_property
    def numbers(self) -> Numbers:
        """The telephone numbers that the replies give."""
        return Numbers(self.knowledge)

    @cached_property
    def rare(self) -> Bools:
        """For each feature, whether at most `_RARE_SHARE` of the intents have the n-gram."""
        limit = max(1.0, _RARE_SHARE * len(self.knowledge.intents))
        return np.asarray(self.presence.spread(len(self.vectorizer.columns)) <= limit)

    @cached_property
    def row(self) -> Callable[[str], Row]:
        """Turns a canonical text without particles into its vector; remembers the last few."""
        return lru_cache(_REMEMBERED)(self.vectorizer.row)

    @cached_property
    def scores(self) -> Callable[[str], Floats]:
        """Scores such a text for every intent by its n-grams; remembers the last few."""
        return lru_cache(_REMEMBERED)(lambda text: self.weights.scores(self.row(text)))

    @cached_property
    def pair_scores(self) -> Callable[[str], Floats | None]:
        """Scores such a text by its vocabulary pairs, None if it has none; remembers the last."""

        def scores(text: str) -> Floats | None:
            row = self.pair_vectorizer.row(text)
            return self.pair_weights.scores(row) if len(row.columns) else None

        return lru_cache(_REMEMBERED)(scores)

    @property
    def intent_ids(self) -> tuple[str, ...]:
        """The intents, in the order of the file."""
        return tuple(self.knowledge.intents)


def _examples(knowledge: Knowledge) -> list[tuple[str, int]]:
    return [
        (canonical(phrase), index)
        for index, intent in enumerate(knowledge.intents.values())
        for phrases in intent.ask.values()
        for phrase in phrases
    ]


def _offices(knowledge: Knowledge) -> tuple[str, ...]:
    """Returns the vocabulary of those groups that bear the name of a contact."""
    words = (word for key in knowledge.contacts for word in knowledge.vocabulary.get(key, ()))
    return tuple(dict.fromkeys(map(normalise, words)))


def _group_shares(
    groups: Iterable[Sequence[str]], owners: Ints, count: int
) -> list[dict[str, float]]:
    """Returns for each intent the share of its examples that uses each vocabulary group."""
    seen: list[Counter[str]] = [Counter() for _ in range(count)]
    sizes = np.bincount(owners, minlength=count)
    for found, index in zip(groups, owners, strict=True):
        seen[index].update(found)
    return [
        {group: float(times / size) for group, times in used.items()}
        for used, size in zip(seen, sizes, strict=True)
    ]


def _facets(vocabulary: Vocabulary, shares: dict[str, float]) -> dict[str, str]:
    """Returns an intent's place in every facet: the group that enough of its examples name."""
    own: dict[str, str] = {}
    for group, share in sorted(shares.items(), key=lambda item: item[1]):
        facet = vocabulary.facet_of(group)
        if facet and share >= _FACET_SHARE:
            own[facet] = group
    return own


def _with_card(own: dict[str, str], intent: Intent, vocabulary: Vocabulary) -> dict[str, str]:
    """Returns facets completed by the contact that the intent shows, if that is a group of one."""
    facet = vocabulary.facet_of(intent.card) if intent.card else None
    return {facet: intent.card, **own} if facet and intent.card else own


def _weights(rows: Sparse, owners: Ints, count: int) -> Weights:
    if len(rows) > classifier.MAX_TRAINED:
        return contrast.train(rows, owners, count)
    return DenseWeights(classifier.train(rows, owners, count))


def fit(knowledge: Knowledge) -> Fitted:
    """Learns a knowledge file; takes a few seconds for some thousand phrases.

    Raises:
        NotConvergedError: training failed; nothing of it is usable.
    """
    examples = _examples(knowledge)
    phrases = [without_particles(phrase) for phrase, _ in examples]
    owners = np.array([index for _, index in examples], np.int32)
    count = len(knowledge.intents)
    vocabulary = Vocabulary.of(knowledge.vocabulary, knowledge.facets)
    offices = _offices(knowledge)
    groups = {phrase: vocabulary.found(phrase) for phrase in phrases}
    shares = _group_shares(map(groups.__getitem__, phrases), owners, count)
    vectorizer, rows = Vectorizer.learn(phrases, grams, by_word=True)
    pair_vectorizer, pair_rows = Vectorizer.learn(phrases, lambda text: pairs(groups[text]))
    return Fitted(
        knowledge=knowledge,
        phrases=tuple(phrases),
        owners=owners,
        lookalikes=tuple(
            (without_particles(canonical(phrase)), index)
            for index, intent in enumerate(knowledge.intents.values())
            for group in intent.not_.values()
            for phrase in group
        ),
        vectorizer=vectorizer,
        presence=Presence.of(rows, owners, count),
        weights=_weights(rows, owners, count),
        pair_vectorizer=replace(pair_vectorizer, analyzer=vocabulary.pairs),
        pair_weights=_weights(pair_rows, owners, count),
        vocabulary=vocabulary,
        speller=Speller.of(phrases, english_words()),
        offices=offices,
        scopes=tuple(scopes_of(knowledge, examples, offices)),
        topics=tuple(
            frozenset(group for group, share in groups.items() if share >= _TOPIC_SHARE)
            for groups in shares
        ),
        facets=tuple(
            _with_card(_facets(vocabulary, groups), intent, vocabulary)
            for groups, intent in zip(shares, knowledge.intents.values(), strict=True)
        ),
    )
