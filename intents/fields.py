"""How the fields of `knowledge.yaml` are declared, for all the modules that declare some.

Wherever a text is said to people it is *localized*: a mapping of language code to text. The
languages of a file are the keys of `bot.name`; the first is the one spoken when nothing tells.
"""

from __future__ import annotations

from typing import Any

Localized = dict[str, str]
Phrases = dict[str, tuple[str, ...]]


def yaml_key(name: str) -> str:
    """Returns how a field is spelt in the file: `not_` is `not` there, a Python keyword here."""
    return name.rstrip("_")


#: Read by pydantic in `loading`: unknown keys are faults, `not_` is `not`, the sentences under
#: the fields are descriptions.
CHECKED: dict[str, Any] = {
    "extra": "forbid",
    "alias_generator": yaml_key,
    "use_attribute_docstrings": True,
    "strict": False,
}
