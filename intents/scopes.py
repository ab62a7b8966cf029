"""What each intent of a knowledge file speaks of, learned for `agreement`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from intents.agreement import ANY, PLACE, Scope, is_background, named
from intents.knowledge import Knowledge
from intents.text import canonical

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


def scopes_of(
    knowledge: Knowledge, examples: list[tuple[str, int]], offices: Sequence[str]
) -> list[Scope]:
    """Returns what each intent speaks of, from its examples and its reply.

    Args:
        knowledge: the file.
        examples: of all intents, canonical, each with the index of its intent.
        offices: words for those of whom the file has the contacts, such as "embassy".
    """
    everywhere = _identities(_home(knowledge), offices)
    # A restaurant that says what it is need not say so again in each example.
    everywhere |= {it for it in _identities(_purpose(knowledge), offices) if it[0] == PLACE}
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
    found = []
    for index, (intent_id, count) in enumerate(zip(knowledge.intents, counts, strict=True)):
        kinds_needed = max(_KINDS_NEEDED, _KINDS_SHARE * sizes[index])
        own = {key for key, times in count.items() if times >= _NEEDED.get(key[0], kinds_needed)}
        replies = (knowledge.reply_text(intent_id, lang) for lang in knowledge.languages)
        said = _identities(replies, offices)
        often = {key for key, times in count.items() if times >= _SUBJECT_SHARE * sizes[index]}
        subjects = {key for kind, key in often if kind == "country"}
        if ("country", ANY) in free:
            subjects = set()
        # What speaks of a hospital often, or in its reply, may be asked for the hospital's number.
        spoken_of = often | said | everywhere | free
        owners = {("owner", key) for kind, key in spoken_of if kind == PLACE}
        found.append(Scope(frozenset(own | said | everywhere | free | owners), frozenset(subjects)))
    return found


def _identities(texts: Iterable[str], offices: Sequence[str]) -> set[tuple[str, str]]:
    return {thing.identity for text in texts for thing in named(canonical(text), offices)}


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


def _purpose(knowledge: Knowledge) -> Iterator[str]:
    """Yields the texts that say what the bot is for."""
    bot, welcome = knowledge.bot, knowledge.messages.welcome
    for texts in (bot.description, bot.about, welcome):
        yield from texts.values()
