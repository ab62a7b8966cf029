"""What must hold between the parts of a knowledge file.

The checks read the file as plain dicts, lists and texts and pass over whatever has the wrong shape
(`loading` reports that), so one misspelt key never hides the other faults. To add a check of one
text, write a function into `values` and a line into `TEXT_CHECKS`; to add one of the whole file, a
function from tree to findings and a line into `TREE_CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache, partial
from typing import Any, get_args, get_origin, get_type_hints

from intents import time_checks, values
from intents.faults import Finding, Path, named, quoted
from intents.fields import Localized, yaml_key
from intents.knowledge import PLACEHOLDER, Knowledge
from intents.tree import Tree, find, names, nodes, repeats, texts

#: What `Knowledge.fact` can put in the place of {section.key.field}.
FACT_FIELDS = {
    "contacts": ("phones", "faxes", "email", "address", "name"),
    "documents": ("title", "issued_by", "date"),
}
#: Texts that are sent with their facts filled in.
SENT = (
    *("intents.*.reply.*", "intents.*.reply_with_hours.*"),
    *("messages.*.*", "page.*.*", "time_words.*.*"),
)
#: Messages with placeholders of their own, which the bot fills, and what these become.
OWN_PLACEHOLDERS: dict[Path, dict[str, str]] = {
    ("messages", "near_miss"): {"name": "the thing asked about"},
    ("messages", "near_miss_owner"): {"name": "whose office is asked about"},
    ("messages", "privacy"): {"days": "how long data is kept"},
    **{("time_words", word): own for word, own in time_checks.PLACEHOLDERS.items()},
}
#: What the bot does itself; every other command asks an intent.
BUILT_IN_COMMANDS = ("start", "language", "privacy", "forget")
#: Where keys of another section are named.
REFERENCES = (
    ("intents.*.card", "contacts"),
    ("intents.*.source.document", "documents"),
    ("intents.*.next.*", "intents"),
    ("menu.*", "intents"),
    ("commands.*.intent", "intents"),
    ("facets.*.*", "vocabulary"),
)
TEXT_CHECKS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("bot.description.*", partial(values.length_fault, limit=512)),
    ("bot.about.*", partial(values.length_fault, limit=120)),
    ("commands.*.description.*", partial(values.length_fault, limit=256)),
    ("bot.time_zone", values.time_zone_fault),
    ("documents.*.date", values.date_fault),
    ("contacts.*.phones.*", values.phone_fault),
    ("contacts.*.faxes.*", values.phone_fault),
    ("contacts.*.email", values.email_fault),
    ("contacts.*.location.latitude", partial(values.degrees_fault, limit=90)),
    ("contacts.*.location.longitude", partial(values.degrees_fault, limit=180)),
    ("intents.*.label.*", values.label_fault),
    ("intents.*.ask.*.*", values.phrase_fault),
    ("intents.*.not.*.*", values.phrase_fault),
)
KEY_CHECKS: tuple[tuple[str, Callable[[str], str | None]], ...] = (
    ("intents.*", values.intent_id_fault),
    ("commands.*", values.command_fault),
    ("bot.name.*", values.language_fault),
)


def places(
    hint: Any = Knowledge, at: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yields every place that the model has, "*" for names of one's own, and the type there."""
    if type(None) in get_args(hint):
        hint = get_args(hint)[0]
    yield at, hint
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        for field in fields(hint):
            yield from places(hints[field.name], (*at, yaml_key(field.name)))
    elif get_origin(hint) is dict:
        yield from places(get_args(hint)[1], (*at, "*"))


def check_emptiness(tree: Tree) -> Iterator[Finding]:
    """Finds texts, lists and mappings without content."""
    for path, node in nodes(tree):
        is_blank = values.is_blank(node) if isinstance(node, str) else node in ([], {})
        if path and is_blank:
            yield Finding(path, f"{named(path)} is empty; fill it or leave it out")


def check_controls(tree: Tree) -> Iterator[Finding]:
    """Finds control characters in texts and keys."""
    for path, node in nodes(tree):
        key = path[-1] if path else None
        for text, on_key in ((node, False), (key, True)):
            if isinstance(text, str) and (message := values.control_fault(text)):
                yield Finding(path, message, on_key=on_key)


def check_languages(tree: Tree) -> Iterator[Finding]:
    """Finds localized texts that lack a language of `bot.name` or have one that it lacks."""
    languages = names(tree, "bot.name")
    # Without sure languages every text in the file would be at fault.
    if not languages or any(map(values.language_fault, languages)):
        return
    for pattern in localized_patterns():
        for path, value in find(tree, pattern):
            if isinstance(value, dict) and value:
                yield from _check_languages_at(path, tuple(value), languages)


def localized_patterns() -> tuple[str, ...]:
    """Returns where texts stand by language, phrases too."""
    said = [".".join(at) for at, hint in places() if hint == Localized]
    return (*said, "intents.*.ask", "intents.*.not", "contacts.*.hours.*")


def _check_languages_at(
    path: Path, found: tuple[str, ...], languages: tuple[str, ...]
) -> Iterator[Finding]:
    for language in found:
        if language not in languages:
            known = values.nearest(language, languages)
            message = f"{quoted(language)} is no language of this file (see bot: name:){known}"
            yield Finding((*path, language), message, on_key=True)
    missing = () if path[-1] == "not" else languages
    for language in missing:
        if language not in found:
            message = f"{named(path)} lacks the language {quoted(language)}"
            yield Finding(path, f"{message}; add a line {language}: ...")


def check_references(tree: Tree) -> Iterator[Finding]:
    """Finds names of things that are not in the file, and an intent that follows itself."""
    for pattern, section in REFERENCES:
        targets = names(tree, section)
        for path, name in texts(tree, pattern):
            if targets is not None and name not in targets:
                known = values.nearest(name, targets)
                yield Finding(path, f"there is no {quoted(name)} under {section}{known}")
    for path, name in texts(tree, "intents.*.next.*"):
        if name == path[1]:
            yield Finding(path, f"{quoted(name)} follows itself; name another intent")
    listed = dict(texts(tree, "intents.*.next.*", "menu.*", "facets.*.*"))
    for path, first in repeats((path, (path[:-1], name)) for path, name in listed.items()):
        yield Finding(path, f"{quoted(listed[path])} is named twice; keep one", see=first)


def facts(tree: Tree) -> dict[str, Tree]:
    """Returns what may stand between braces, and the value, which may be missing (None)."""
    return {
        f"{section}.{path[1]}.{field}": thing.get(field)
        for section, known in FACT_FIELDS.items()
        for path, thing in find(tree, f"{section}.*")
        if isinstance(thing, dict) and "." not in str(path[1])
        for field in known
    }


def check_placeholders(tree: Tree) -> Iterator[Finding]:
    """Finds {placeholders} that stand for nothing in the file."""
    known = facts(tree)
    for path, text in texts(tree, *SENT):
        own = set(OWN_PLACEHOLDERS.get(path[:2], ())) | time_checks.hours_facts(tree, path)
        for name in PLACEHOLDER.findall(text):
            found = quoted(f"{{{name}}}")
            if name not in known and name not in own:
                meant = values.nearest(name, {*own, *filter(known.get, known)})
                yield Finding(path, f"{found} stands for nothing in this file{meant}")
            elif name in known and not known[name]:
                message = f"{found} is empty in this file; fill it in there or take it out here"
                yield Finding(path, message)


def check_own_placeholders(tree: Tree) -> Iterator[Finding]:
    """Finds a near miss that does not say what was missed, and the like."""
    wanted = [(at, *own) for at, names in OWN_PLACEHOLDERS.items() for own in names.items()]
    for place, name, meaning in wanted:
        for path, text in texts(tree, f"{'.'.join(map(str, place))}.*"):
            if name not in PLACEHOLDER.findall(text):
                message = f"{quoted(text)} must hold {{{name}}}, which becomes {meaning}"
                yield Finding(path, message)


def check_commands(tree: Tree) -> Iterator[Finding]:
    """Finds commands that do nothing: neither the bot's own nor asking an intent."""
    for path, command in find(tree, "commands.*"):
        asks = isinstance(command, dict) and command.get("intent")
        if not asks and path[-1] not in BUILT_IN_COMMANDS:
            message = f"{quoted(str(path[-1]))} needs intent: and the intent that it asks; only"
            yield Finding(path, f"{message} {', '.join(BUILT_IN_COMMANDS)} do without")


def check_braces(tree: Tree) -> Iterator[Finding]:
    """Finds braces that belong to no placeholder, and any where none is filled in."""
    filled = {path for path, _ in texts(tree, *SENT)}
    for path, text in texts(tree, *(f"{pattern}.*" for pattern in localized_patterns())):
        left = PLACEHOLDER.sub("", text) if path in filled else text
        if "{" in left or "}" in left:
            message = f"stray brace in {quoted(text)}; braces only enclose a fact, such as "
            where = "{contacts.NAME.phones}, in replies, messages and page"
            yield Finding(path, message + where)


def check_lengths(tree: Tree) -> Iterator[Finding]:
    """Finds replies and messages that no platform would send once their facts are in."""
    known = facts(tree)

    # Each fact is measured once and lengths are added up: filled in, a small file could be huge.
    @cache
    def length_of(name: str, language: str) -> int:
        return values.utf16_length(_filled(known.get(name), language))

    for path, text in texts(tree, *SENT):
        length = values.utf16_length(PLACEHOLDER.sub("", text))
        length += sum(length_of(name, str(path[-1])) for name in PLACEHOLDER.findall(text))
        if message := values.reply_fault(text, length):
            yield Finding(path, message)


def _filled(value: Tree, language: str) -> str:
    if isinstance(value, dict):
        return _filled(value.get(language), language)
    return ", ".join(map(str, value)) if isinstance(value, list) else value or ""


def check_phrases(tree: Tree) -> Iterator[Finding]:
    """Finds phrases that stand in two places, so that no one could say which answer is meant."""
    asked: dict[str, Path] = {}
    for path, phrase in texts(tree, "intents.*.ask.*.*"):
        first = asked.setdefault(values.alike(phrase), path)
        if first is not path:
            where = "twice under" if first[1] == path[1] else f"under {first[1]} and"
            yield Finding(path, f"{quoted(phrase)} stands {where} {path[1]}; keep one", see=first)
    for path, phrase in texts(tree, "intents.*.not.*.*"):
        if answered := asked.get(values.alike(phrase)):
            message = f"{quoted(phrase)} is asked under {answered[1]}, so not: must not name it"
            yield Finding(path, f"{message}; keep one", see=answered)


def check_vocabulary(tree: Tree) -> Iterator[Finding]:
    """Finds words that stand in two groups or twice in one."""
    words = dict(texts(tree, "vocabulary.*.*"))
    for path, first in repeats((path, values.alike(word)) for path, word in words.items()):
        where = "twice in" if first[1] == path[1] else f"in {first[1]} and in"
        yield Finding(path, f"{quoted(words[path])} stands {where} {path[1]}; keep one", see=first)


TREE_CHECKS: tuple[Callable[[Tree], Iterator[Finding]], ...] = (
    check_emptiness,
    check_controls,
    check_languages,
    check_references,
    check_placeholders,
    check_own_placeholders,
    check_commands,
    check_braces,
    check_lengths,
    check_phrases,
    check_vocabulary,
    *time_checks.TIME_CHECKS,
)


def check(tree: Tree) -> Iterator[Finding]:
    """Yields all that is wrong in a file besides its shape, in no order."""
    for pattern, fault_of in TEXT_CHECKS:
        for path, text in texts(tree, pattern):
            if message := fault_of(text):
                yield Finding(path, message)
    for pattern, fault_of in KEY_CHECKS:
        for path, _ in find(tree, pattern):
            if message := fault_of(str(path[-1])):
                yield Finding(path, message, on_key=True)
    for findings_of in TREE_CHECKS:
        yield from findings_of(tree)
