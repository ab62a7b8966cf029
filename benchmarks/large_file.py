"""A knowledge file of 1,000 intents and 100,000 phrases, and questions that are not in it.

The office of a town: 40 things that it deals with, and 25 questions about each. A phrase is made of
an opening, a question about the thing by one of its names, and an ending, so that neighbouring
intents differ in a word or two, as they do in real files. People type tersely, so that it stays
below the 5 MB that a knowledge file may have. The same each time.
"""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from intents.reading import read

ROOT = Path(__file__).parents[1]

#: Of each intent and language, phrases in the file and questions kept out of it.
PHRASES, UNSEEN = 50, 2

OPENINGS = {
    "en": ("", "hi ", "so ", "pls "),
    "th": ("", "ถาม", "คือ", "แอด "),
}
ENDINGS = {
    "en": ("", " thx", " today", " please"),
    "th": ("", "คะ", "ครับ", "ด้วย"),
}
#: What makes a question one for somebody else: a phrase of each intent's `not:`.
ELSEWHERE = {"en": " in laos", "th": "ที่ลาว"}


def _table(name: str) -> list[list[list[str]]]:
    """Returns the rows of a table in this folder, each cell as its alternatives."""
    lines = (ROOT / "benchmarks" / name).read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return [[cell.split("|") for cell in row] for row in rows]


def topics() -> dict[str, dict[str, list[str]]]:
    """Returns for each intent and language different phrases, in a random order."""
    draw = random.Random(0)
    made: dict[str, dict[str, list[str]]] = {}
    for names, (aspect, *wordings) in product(
        _table("town_things.tsv"), _table("town_questions.tsv")
    ):
        phrases: dict[str, list[str]] = {}
        for lang, own_names, own_wordings in zip(("en", "th"), names, wordings, strict=True):
            parts = (OPENINGS[lang], own_wordings, own_names, ENDINGS[lang])
            phrases[lang] = [
                f"{opening}{wording.replace('{x}', name)}{ending}"
                for opening, wording, name, ending in product(*parts)
            ]
            draw.shuffle(phrases[lang])
        made[f"{names[0][0].replace(' ', '_')}_{aspect[0]}"] = phrases
    return made


def knowledge_file() -> bytes:
    """Returns the knowledge file: everything but the topics is that of the shipped file."""
    shipped = ROOT / "knowledge.yaml"
    tree: Any = read(shipped.read_bytes(), str(shipped)).tree
    tree["intents"] = {
        intent_id: {
            "label": dict.fromkeys(phrases, f"topic {number}"),
            "ask": {lang: texts[:PHRASES] for lang, texts in phrases.items()},
            "not": {lang: [texts[0] + ELSEWHERE[lang]] for lang, texts in phrases.items()},
            "reply": {"th": f"คำตอบเรื่อง {intent_id}", "en": f"The answer on {intent_id}."},
        }
        for number, (intent_id, phrases) in enumerate(topics().items())
    }
    tree["menu"] = [next(iter(tree["intents"]))]
    tree["commands"] = {k: v for k, v in tree["commands"].items() if "intent" not in v}
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    # Lists between brackets: a line for every phrase would be a megabyte of indentation.
    style: dict[str, Any] = {
        "default_flow_style": None,
        "width": 1_000,
        "sort_keys": False,
        "allow_unicode": True,
    }
    text: str = yaml.dump(tree, Dumper=dumper, **style)
    return text.encode()


def unseen() -> list[tuple[str, str]]:
    """Returns questions of the same making that are not in the file, each with its intent."""
    return [
        (text, intent_id)
        for intent_id, phrases in topics().items()
        for texts in phrases.values()
        for text in texts[PHRASES : PHRASES + UNSEEN]
    ]
