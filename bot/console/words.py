"""The console's own words, from `words.tsv`: a row for each, a column for each language."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

#: The console's languages by what they call themselves; the first is spoken unless another is
#: wished for.
LANGUAGES = {"th": "ไทย", "en": "English"}


@cache
def words(language: str) -> Mapping[str, str]:
    """Returns every word of a language by its key."""
    text = files("bot.console").joinpath("words.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["key"]: row[language] for row in rows}
