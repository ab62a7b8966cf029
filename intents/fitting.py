"""Everything that is learned from a knowledge file once, so that a question takes a millisecond."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from intents import classifier, contrast
from intents.agreement import ANY, PLACE, Scope, is_background, named
from intents.features import Floats, Ints, Row, Sparse, Vectorizer, grams
from intents.knowledge import Intent, Knowledge
from intents.numbers import Numbers
from intents.spelling import Speller, english_words
from intents.text import normalise, without_particles
from intents.vocabulary import Vocabulary, pairs
from intents.weights import DenseWeights, Presence, Weights
from intents.years import unify

Bools = NDArray[np.bool_]

#: An n-gram that at most this share of the intents has speaks for those that have it.
_RARE_SHARE = 0.25

#: A facet ("channel: phone") is an intent's own when this share of its examples names it.
_FACET_SHARE = 0.2

#: In how many examples of an intent a name must stand for the intent to speak of it. A few of many
#: may be chance words where the question is for a price or a person.
_NEEDED = dict.fromkeys(("owner", "country", "city", "organisation", "place", "year", "ordinal"), 1)
_KINDS_NEEDED, _KINDS_SHARE = 2, 0.015

#: A country, or a place, is what an intent is about when this share of its examples names it.
_SUBJECT_SHARE = 0.1

#: A kind of answer that this share of all examples asks for is everyday talk in a file: a bank is
#: asked for prices everywhere.
_EVERYDAY_SHARE = 0.02

#: Names of which a file has at least so many, and that recur no more often than this on average,
#: are examples of any: "a flight to Paris" is asked with every city.
_MANY_NAMES, _RECURRING = 5, 4

#: Texts whose scores are kept: a question is looked at several times, whole and in parts.
_REMEMBERED = 64

#: A vocabulary group is a topic of an intent when this share of its examples uses it.
_TOPIC_SHARE = 0.05


def canonical(text: str) -> str:
    """Returns a text as every part of the matcher reads it: years unified, normalised."""
    return normalise(unify(text))


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


def _scopes(
    knowledge: Knowledge, examples: list[tuple[str, int]], offices: Sequence[str]
) -> list[Scope]:
    """Returns what each intent speaks of, from its examples and its reply."""
    everywhere = {
        thing.identity for text in _home(knowledge) for thing in named(canonical(text), offices)
    }
    counts: list[Counter[tuple[str, str]]] = [Counter() for _ in knowledge.intents]
    sizes: Counter[int] = Counter()
    for phrase, index in examples:
        things = named(phrase, offices)
        counts[index].update({t.identity for t in things if not is_background(t, phrase)})
        sizes[index] += 1
    of_file: Counter[tuple[str, str]] = Counter()
    for count in counts:
        of_file.update(count)
    free = _free(of_file, len(examples))
    scopes = []
    for index, (intent_id, count) in enumerate(zip(knowledge.intents, counts, strict=True)):
        kinds_needed = max(_KINDS_NEEDED, _KINDS_SHARE * sizes[index])
        own = {key for key, times in count.items() if times >= _NEEDED.get(key[0], kinds_needed)}
        replies = (knowledge.reply_text(intent_id, lang) for lang in knowledge.languages)
        said = {thing.identity for text in replies for thing in named(canonical(text), offices)}
        often = {key for key, times in count.items() if times >= _SUBJECT_SHARE * sizes[index]}
        subjects = {key for kind, key in often if kind == "country"}
        if ("country", ANY) in free:
            subjects = set()
        # What speaks of a hospital often, or in its reply, may be asked for the hospital's number.
        spoken_of = often | said | everywhere | free
        owners = {("owner", key) for kind, key in spoken_of if kind == PLACE}
        scopes.append(
            Scope(frozenset(own | said | everywhere | free | owners), frozenset(subjects))
        )
    return scopes


def _free(counts: Counter[tuple[str, str]], examples: int) -> set[tuple[str, str]]:
    """Returns what tells no near miss in a file, as so much of it is named."""
    named_of: dict[str, list[int]] = {}
    free = set()
    for (kind, key), times in counts.items():
        named_of.setdefault(kind, []).append(times)
        if kind == PLACE and times >= _EVERYDAY_SHARE * examples:
            free.add((kind, key))
    for kind, named_times in named_of.items():
        total = sum(named_times)
        if kind in _NEEDED:
            many = len(named_times) >= _MANY_NAMES and kind != "owner"
            if many and total <= _RECURRING * len(named_times):
                free.add((kind, ANY))
        elif total >= _EVERYDAY_SHARE * examples:
            free.add((kind, ""))
    return free


def _home(knowledge: Knowledge) -> Iterator[str]:
    """Yields the texts whose names every intent may be asked with: who speaks, and from where."""
    yield from knowledge.bot.name.values()
    for contact in knowledge.contacts.values():
        yield from contact.name.values()
        yield from (contact.address or {}).values()
    for document in knowledge.documents.values():
        yield from document.title.values()


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
        scopes=tuple(_scopes(knowledge, examples, offices)),
        topics=tuple(
            frozenset(group for group, share in groups.items() if share >= _TOPIC_SHARE)
            for groups in shares
        ),
        facets=tuple(
            _with_card(_facets(vocabulary, groups), intent, vocabulary)
            for groups, intent in zip(shares, knowledge.intents.values(), strict=True)
        ),
    )
