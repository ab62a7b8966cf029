"""How well a version of the knowledge does in its test, and whether that is good enough."""

from __future__ import annotations

from dataclasses import dataclass

#: Percent of its own examples that a version must understand: below, the file is a mistake.
_LEAST_OWN_EXAMPLES = 90.0
#: Percentage points by which fewer labelled questions may be answered right than before.
_MOST_FALL = 5.0


@dataclass(frozen=True, slots=True)
class Performance:
    """How a version did."""

    own_examples: float
    """Percent of its own examples that are understood as their own intent."""
    questions: int
    """How many labelled questions in scope were asked of those beside the file; 0: none."""
    right: float
    """Percent of them that are answered right; 0 without questions."""

    def __str__(self) -> str:
        """Returns the figures in words."""
        own = f"{self.own_examples:g} % of its own examples understood"
        asked = f"{self.right:g} % of {self.questions} questions right"
        return f"{own}, {asked}" if self.questions else own


def objections(figures: Performance, before: Performance | None) -> list[str]:
    """Returns why a content without faults is not to be served: it does too badly."""
    found = []
    if figures.own_examples < _LEAST_OWN_EXAMPLES:
        found.append(
            f"only {figures.own_examples:g} % of its examples are understood as their own intent;"
            f" {_LEAST_OWN_EXAMPLES:g} % are needed, so see which intents have mixed examples"
        )
    if before and before.questions and figures.questions:
        fall = before.right - figures.right
        if fall > _MOST_FALL:
            found.append(
                f"{figures.right:g} % of the labelled questions would be answered right, now it is"
                f" {before.right:g} %; a fall of more than {_MOST_FALL:g} points is refused"
            )
    return found
