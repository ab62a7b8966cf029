from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import BURST, PER_SECOND, Limiter


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def taken(limiter: Limiter, times: int, person: str = "a") -> int:
    return sum(limiter.takes(person) for _ in range(times))


def test_a_burst_is_taken_and_no_more(clock: Clock) -> None:
    limiter = Limiter(clock=clock)

    assert (BURST, PER_SECOND) == (10, 1.0)
    assert [limiter.takes("a") for _ in range(12)] == [True] * 10 + [False] * 2


def test_after_the_burst_one_a_second_is_taken(clock: Clock) -> None:
    limiter = Limiter(clock=clock)
    taken(limiter, 10)
    clock.now += 0.9
    too_early = limiter.takes("a")
    clock.now += 0.1

    assert not too_early
    assert taken(limiter, 3) == 1


def test_a_long_silence_gives_one_burst_and_not_two(clock: Clock) -> None:
    limiter = Limiter(clock=clock)
    taken(limiter, 10)
    clock.now += 3600

    assert taken(limiter, 30) == 10


def test_a_refused_message_costs_nothing(clock: Clock) -> None:
    limiter = Limiter(clock=clock)
    taken(limiter, 500)
    clock.now += 1

    assert limiter.takes("a")


def test_people_are_counted_apart(clock: Clock) -> None:
    limiter = Limiter(burst=2, clock=clock)
    taken(limiter, 5, "a")

    assert taken(limiter, 5, "b") == 2


def test_the_rate_is_what_it_is_given(clock: Clock) -> None:
    limiter = Limiter(burst=1, per_second=0.5, clock=clock)
    taken(limiter, 1)
    clock.now += 1
    after_one_second = limiter.takes("a")
    clock.now += 1

    assert (after_one_second, limiter.takes("a")) == (False, True)


def test_of_too_many_people_the_one_silent_longest_is_forgiven(clock: Clock) -> None:
    limiter = Limiter(burst=1, clock=clock)
    for number in range(20_000):
        limiter.takes(str(number))
    limiter.takes("0")
    limiter.takes("one more")

    assert not limiter.takes("0")
    assert limiter.takes("1")


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60))
def test_never_more_than_the_burst_and_the_rate_are_taken(pauses: list[float]) -> None:
    clock = Clock()
    limiter = Limiter(burst=3, per_second=2, clock=clock)
    count = 0
    for pause in pauses:
        clock.now += pause
        count += limiter.takes("a")

    assert count <= 3 + 2 * sum(pauses) + 1e-6
