"""What must hold of `hours`, of `valid`, and of the words in which both are told.

Like all of `consistency`, which runs these: from a tree of any shape to findings.
"""

from __future__ import annotations

from collections.abc import Iterator

from intents import values
from intents.faults import Finding, Path, quoted
from intents.hours import (
    CLOSED,
    OPEN,
    PUBLIC_HOLIDAYS,
    WEEKDAYS,
    parse_date,
    parse_span,
    parse_weekdays,
    texts_of,
)
from intents.tree import Tree, find, texts

#: What the words for times hold between braces, which the bot fills in, and what it becomes.
PLACEHOLDERS = {
    "open_now": {"until": "when the office closes"},
    "closed_now": {"opens": "when the office opens next"},
    "open_on": {"day": "the day asked about", "hours": "the hours of that day"},
    "closed_on": {"day": "the day or days on which the office is closed"},
    "expired": {"until": "the last day on which the answer held"},
    "upcoming": {"from": "the first day on which the answer holds"},
}
_DAYS_ADVICE = "write a weekday (monday-friday), a date (2026-12-31) or public_holidays"
_HOURS_ADVICE = "write 09:00-16:00, several in a list, or closed"


def check_hours(tree: Tree) -> Iterator[Finding]:
    """Finds days and hours that are none, and those that contradict each other."""
    for path, hours in find(tree, "contacts.*.hours"):
        if isinstance(hours, dict):
            yield from _check_days(path, hours)
            for key, value in hours.items():
                yield from _check_value((*path, key), value)


def _check_days(path: Path, hours: dict[str, Tree]) -> Iterator[Finding]:
    first_under: dict[int, str] = {}
    for key in hours:
        weekdays = parse_weekdays(key)
        if not weekdays and key != PUBLIC_HOLIDAYS:
            day = parse_date(key)
            if message := values.date_fault(key) if day else _no_days(key):
                yield Finding((*path, key), message, on_key=True)
        for weekday in weekdays:
            other = first_under.setdefault(weekday, key)
            if other != key:
                message = f"{WEEKDAYS[weekday]} stands under {other} and under {key}; keep one"
                yield Finding((*path, key), message, on_key=True, see=(*path, other))


def _no_days(key: str) -> str:
    known = values.nearest(key, (*WEEKDAYS, PUBLIC_HOLIDAYS)) if key.isascii() else ""
    meant = known if "did you mean" in known else f"; {_DAYS_ADVICE}"
    return f"{quoted(key)} is no day{meant}"


def _check_value(path: Path, value: Tree) -> Iterator[Finding]:
    key = path[-1]
    if isinstance(value, dict):
        if parse_date(str(key)) is None:
            message = f"only of a date can be said why it is closed, not of {quoted(str(key))}"
            yield Finding(path, f"{message}; {_HOURS_ADVICE}")
        return
    if value == CLOSED or (value == OPEN and key == PUBLIC_HOLIDAYS):
        return
    latest = 0
    for at, text in _written(path, value):
        span = parse_span(text)
        if span is None:
            yield Finding(at, f"{quoted(text)} is no span of hours; {_HOURS_ADVICE}")
        elif span[0] < latest:
            message = f"{quoted(text)} begins before the hours in front of it end"
            yield Finding(at, f"{message}; write them in order, from one midnight on")
        latest = max(latest, span[1] if span else 0)


def _written(path: Path, value: Tree) -> Iterator[tuple[Path, str]]:
    """Yields the hours of some days one by one, each with its place."""
    if isinstance(value, str):
        yield from ((path, text) for text in texts_of(value))
    elif isinstance(value, list):
        yield from (((*path, at), text) for at, text in enumerate(value) if isinstance(text, str))


def check_valid(tree: Tree) -> Iterator[Finding]:
    """Finds answers whose time is no time."""
    for path, valid in find(tree, "intents.*.valid"):
        if not isinstance(valid, dict):
            continue
        first, last = valid.get("from"), valid.get("until")
        for key, text in (("from", first), ("until", last)):
            if isinstance(text, str) and not values.is_blank(text):
                if parse_date(text) is None:
                    message = f"{quoted(text)} is not a day; write YYYY-MM-DD, such as 2026-12-31"
                    yield Finding((*path, key), message)
                elif found := values.date_fault(text):
                    yield Finding((*path, key), found)
        if first is None and last is None:
            yield Finding(path, "'valid' needs from: or until:, with a day such as 2026-12-31")
        elif isinstance(first, str) and isinstance(last, str) and first > last:
            message = f"{quoted(last)} is before {quoted(first)}; exchange them"
            yield Finding((*path, "until"), message)


def check_time_words(tree: Tree) -> Iterator[Finding]:
    """Finds hours and times in a file that has no words to tell them."""
    if not isinstance(tree, dict) or tree.get("time_words"):
        return
    told = [*find(tree, "contacts.*.hours"), *find(tree, "intents.*.valid")]
    for path, value in told:
        if value:
            message = f"{quoted(str(path[-1]))} needs the section time_words, which says it"
            yield Finding(path, f"{message}; copy it from the file that comes with infobot")


def hours_facts(tree: Tree, path: Path) -> set[str]:
    """Returns what may stand between the braces of the text at `path` for an office's hours.

    In `reply_with_hours` those of any office, in `reply` only those that are filled in.
    """
    if path[0] != "intents":
        return set()
    return {
        f"contacts.{at[1]}.hours"
        for at, contact in find(tree, "contacts.*")
        if isinstance(contact, dict) and (path[2] == "reply_with_hours" or contact.get("hours"))
    }


def check_replies_with_hours(tree: Tree) -> Iterator[Finding]:
    """Finds replies with hours that tell none."""
    for path, text in texts(tree, "intents.*.reply_with_hours.*"):
        if ".hours}" not in text:
            message = f"{quoted(text)} must tell hours, such as {{contacts.NAME.hours}}"
            yield Finding(path, f"{message}; else reply: is enough")


TIME_CHECKS = (check_hours, check_valid, check_time_words, check_replies_with_hours)
