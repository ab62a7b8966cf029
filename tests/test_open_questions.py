"""Open questions are summed piece by piece, and come to the same as if they were summed at once."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.asked import Asked, digest
from bot.open_questions import OpenGroup, OpenQuestions

_TEXTS = ("visa fee", "visa fees", "car park", "ที่จอดรถ", "วีซ่า")
_ASKED = Asked(0.0, "web", "c", "en", "unknown", (), (), 0.1, "", 1.0)
_GROUPS = [["visa fee", "visa fees", "วีซ่า"], ["car park", "ที่จอดรถ"]]

_STEPS = st.one_of(
    st.tuples(st.just("ask"), st.sampled_from(_TEXTS)),
    st.tuples(st.just("settle"), st.sampled_from(_TEXTS)),
    st.tuples(st.just("open"), st.sampled_from(_TEXTS)),
    st.tuples(st.sampled_from(["group", "drop", "look", "sum"]), st.just("")),
)


def _told(groups: list[OpenGroup]) -> dict[frozenset[str], tuple[int, float]]:
    return {
        frozenset(wording.text for wording in group.wordings): (group.count, group.last_asked_at)
        for group in groups
    }


@given(st.lists(_STEPS, max_size=30))
def test_groups_are_those_of_a_log_that_is_read_anew(steps: list[tuple[str, str]]) -> None:
    lived, asked, settled = OpenQuestions(), list[Asked](), set[str]()
    is_grouped = False
    for at, (step, text) in enumerate(steps):
        if step == "ask":
            asked.append(replace(_ASKED, text=text, asked_at=float(at)))
            lived.add(asked[-1], "unknown")
        elif step == "group":
            lived.group(_GROUPS)
            is_grouped = True
        elif step == "drop":
            asked = [one for one in asked if one.asked_at >= at - 3]
            lived.drop_before(at - 3)
        elif step == "look":
            lived.groups(settled)
        elif step == "sum":
            next(lived.sum_up(1), None)
        else:
            settled = settled | {digest(text)} if step == "settle" else settled - {digest(text)}

    found = lived.groups(settled)

    assert sum(group.count for group in found) == sum(
        digest(one.text) not in settled for one in asked
    )
    assert [group.count for group in found] == sorted((g.count for g in found), reverse=True)
    if not is_grouped:
        anew = OpenQuestions()
        for one in asked:
            anew.add(one, "unknown")
        assert _told(found) == _told(anew.groups(settled))
