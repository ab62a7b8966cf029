"""Answers that know the time: opening hours, and answers that hold from or until a day.

Pure; the moment is an argument, so that a matcher and its cache hold no time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from intents.dates import (
    CALENDARS,
    days_in_words,
    end_in_words,
    in_words,
    moment_in_words,
    spans_in_words,
    weekdays_in_words,
)
from intents.days_asked import days_asked
from intents.hours import Schedule, parse_date
from intents.knowledge import Knowledge
from intents.words import TimeWords

#: {contacts.embassy.hours}
HOURS_FACT = re.compile(r"\{contacts\.([^{}.]+)\.hours\}")


def reply_text(
    knowledge: Knowledge, intent_id: str, language: str, now_s: float, asked: Sequence[str] = ()
) -> str:
    """Returns an intent's answer as it is at a moment, with everything filled in.

    Args:
        knowledge: the file.
        intent_id: whose answer.
        language: in which language.
        now_s: the moment, in Unix seconds.
        asked: readings of the question, the likeliest first, for the days that it names.
    """
    intent, words = knowledge.intents[intent_id], knowledge.time_words
    if words is None:  # no file without them has hours or answers that expire
        return knowledge.reply_text(intent_id, language)
    now = datetime.fromtimestamp(now_s, UTC).astimezone(ZoneInfo(knowledge.bot.time_zone))
    template = intent.reply[language]
    with_hours = (intent.reply_with_hours or {}).get(language, "")
    if any(knowledge.contacts[key].hours for key in HOURS_FACT.findall(with_hours)):
        template = with_hours

    def hours_of(found: re.Match[str]) -> str:
        return _hours_text(knowledge, words, found[1], language, now, asked)

    text = knowledge.filled(HOURS_FACT.sub(hours_of, template), language)
    notice = _notice(knowledge, words, intent_id, language, now.date())
    return f"{notice}\n\n{text}" if notice else text


def _notice(
    knowledge: Knowledge, words: TimeWords, intent_id: str, language: str, today: date
) -> str:
    """Returns what to say above an answer that does not hold today; empty if it does."""
    valid = knowledge.intents[intent_id].valid
    if valid is None:
        return ""
    first, last = parse_date(valid.from_ or ""), parse_date(valid.until or "")
    if last and today > last:
        day = in_words(last, language, with_weekday=False)
        return knowledge.filled(words.expired[language], language).replace("{until}", day)
    if first and today < first:
        day = in_words(first, language, with_weekday=False)
        return knowledge.filled(words.upcoming[language], language).replace("{from}", day)
    return ""


def _hours_text(
    knowledge: Knowledge,
    words: TimeWords,
    contact: str,
    language: str,
    now: datetime,
    asked: Sequence[str],
) -> str:
    """Returns an office's hours, and how it stands now or on the days that were asked about."""
    hours = knowledge.contacts[contact].hours
    if not hours:
        return knowledge.filled(words.hours_unknown[language], language)
    telling = _Telling(Schedule.of(hours), words, language, now)
    readings = (days_asked(question, now.date(), telling.schedule) for question in asked)
    days = next(filter(None, readings), ())
    is_of_now = days in ((), (now.date(),))
    lines = (*telling.week(), *(telling.at_once() if is_of_now else telling.on(days)))
    return knowledge.filled("\n".join(lines), language)


@dataclass(frozen=True, slots=True)
class _Telling:
    """Tells the hours of one office, in lines."""

    schedule: Schedule
    words: TimeWords
    language: str
    now: datetime

    def week(self) -> Iterator[str]:
        """Yields the hours of the week, days in a row with the same ones as one line."""
        schedule, language = self.schedule, self.language
        for spans, days in groupby(range(7), key=lambda weekday: schedule.week[weekday]):
            first, *others = days
            names = weekdays_in_words(first, others[-1] if others else first, language)
            yield f"{names}: {spans_in_words(spans, language)}"
        if schedule.holidays is not None:
            holidays = spans_in_words(schedule.holidays, language)
            yield f"{CALENDARS[language].public_holidays}: {holidays}"

    def at_once(self) -> Iterator[str]:
        """Yields whether the office is open, until when, and which holidays keep it closed."""
        words, language = self.words, self.language
        opening = self.schedule.opening(self.now)
        if opening.until is None:
            yield (words.open_always if opening.is_open else words.closed_always)[language]
        elif opening.is_open:
            until = end_in_words(opening.until, self.now, language)
            yield words.open_now[language].replace("{until}", until)
        else:
            opens = moment_in_words(opening.until, self.now, language)
            yield words.closed_now[language].replace("{opens}", opens)
            yield from self._closed(self._skipped(opening.until.date()))

    def _skipped(self, opens: date) -> list[date]:
        """Returns the days, from today on, on which the office would else open before it does."""
        today = self.now.date()
        ahead = (today + timedelta(days=days) for days in range((opens - today).days))
        return [day for day in ahead if self.schedule.is_exception(day)]

    def on(self, days: Sequence[date]) -> Iterator[str]:
        """Yields whether the office is open on some days, and when."""
        for spans, group in groupby(days, key=self.schedule.on):
            if not spans:
                yield from self._closed(list(group))
                continue
            for day in group:
                template = self.words.open_on[self.language].replace("{day}", self._told([day]))
                yield template.replace("{hours}", spans_in_words(spans, self.language))

    def _closed(self, days: Sequence[date]) -> Iterator[str]:
        """Yields closed days, those in a row that have one name together."""
        for _, run in groupby(
            enumerate(days), key=lambda item: (item[1].toordinal() - item[0], self._name(item[1]))
        ):
            row = [day for _, day in run]
            yield self.words.closed_on[self.language].replace("{day}", self._told(row))

    def _told(self, row: Sequence[date]) -> str:
        """Returns a day, or days in a row, with the name that makes them special."""
        days = days_in_words(row[0], row[-1], self.language)
        name = self._name(row[0])
        return f"{days} ({name})" if name else days

    def _name(self, day: date) -> str:
        return self.schedule.name(day, self.language)
