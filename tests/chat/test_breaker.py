"""The breaker over a clock of its own: who is let through, and when."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from rag.chat.breaker import Breaker, Breakers, Pass, Resting


class Clock:
    """Seconds that pass when told so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def made() -> tuple[Breaker, Clock]:
    clock = Clock()
    return Breaker(30.0, clock), clock


def let_through(breaker: Breaker) -> Pass:
    given = breaker.ask()
    assert isinstance(given, Pass)
    return given


def opened() -> tuple[Breaker, Clock]:
    breaker, clock = made()
    breaker.failed(let_through(breaker))
    return breaker, clock


def test_a_closed_breaker_lets_every_question_through() -> None:
    breaker, _ = made()
    assert [let_through(breaker).probe for _ in range(3)] == [False] * 3
    assert breaker.state == "closed"


def test_after_a_failure_questions_are_turned_away_until_the_endpoint_has_rested() -> None:
    breaker, clock = opened()
    assert (breaker.state, breaker.ask()) == ("open", Resting(0.0, 30.0))
    clock.now += 12.5
    assert breaker.ask() == Resting(12.5, 17.5)


def test_after_the_rest_one_question_is_the_probe_and_the_others_do_not_wait_for_it() -> None:
    breaker, clock = opened()
    clock.now += 30
    assert breaker.state == "half-open"
    assert let_through(breaker).probe is True
    clock.now += 1
    assert breaker.ask() == Resting(31.0, 29.0, probing=True)
    assert breaker.state == "half-open"


def test_a_probe_that_is_answered_closes_the_breaker() -> None:
    breaker, clock = opened()
    clock.now += 30
    breaker.answered(let_through(breaker))
    assert breaker.state == "closed"
    assert let_through(breaker).probe is False


def test_a_probe_that_fails_opens_it_again_and_the_outage_is_still_the_same() -> None:
    breaker, clock = opened()
    clock.now += 30
    probe = let_through(breaker)
    clock.now += 5
    breaker.failed(probe)
    assert (breaker.state, breaker.ask()) == ("open", Resting(35.0, 30.0))


def test_a_probe_that_is_given_up_leaves_its_place_to_the_next_question() -> None:
    breaker, clock = opened()
    clock.now += 30
    breaker.given_up(let_through(breaker))
    assert breaker.state == "half-open"
    assert let_through(breaker).probe is True


def test_a_probe_that_never_reports_is_replaced() -> None:
    breaker, clock = opened()
    clock.now += 30
    lost = let_through(breaker)
    clock.now += 30
    second = let_through(breaker)
    assert second.probe is True
    breaker.failed(lost)
    breaker.given_up(lost)
    assert breaker.ask() == Resting(60.0, 30.0, probing=True)


def test_a_failure_is_no_news_where_the_endpoint_answered_since() -> None:
    breaker, clock = made()
    slow = let_through(breaker)
    clock.now += 1
    breaker.answered(let_through(breaker))
    clock.now += 20
    breaker.failed(slow)
    assert breaker.state == "closed"
    breaker.failed(let_through(breaker))
    assert breaker.state == "open"


def test_questions_that_fail_together_do_not_prolong_the_rest() -> None:
    breaker, clock = made()
    first, second = let_through(breaker), let_through(breaker)
    breaker.failed(first)
    clock.now += 5
    breaker.failed(second)
    assert breaker.ask() == Resting(5.0, 25.0)


def test_an_answer_that_was_on_its_way_closes_an_open_breaker() -> None:
    breaker, _ = made()
    first, second = let_through(breaker), let_through(breaker)
    breaker.failed(first)
    breaker.answered(second)
    assert breaker.state == "closed"


def test_each_endpoint_has_a_breaker_of_its_own_that_all_share() -> None:
    clock = Clock()
    breakers = Breakers(30.0, clock)
    one = breakers.of("http://a/v1")
    one.failed(let_through(one))
    assert breakers.of("http://a/v1").state == "open"
    assert breakers.of("http://b/v1").state == "closed"
    breakers.forget()
    assert breakers.of("http://a/v1").state == "closed"


def test_many_threads_get_one_probe() -> None:
    breaker, clock = opened()
    clock.now += 30
    given: list[Pass | Resting] = []
    threads = [threading.Thread(target=lambda: given.append(breaker.ask())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in given) == ["Pass"] + ["Resting"] * 19


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ask", "answered", "failed", "given_up"]),
        st.integers(0, 40),
        st.integers(0, 9),
    ),
    max_size=60,
)


@given(STEPS)
def test_an_endpoint_that_never_answers_is_asked_once_a_rest(
    steps: list[tuple[str, int, int]],
) -> None:
    """Probes stand a rest apart unless one was given up; whoever is turned away is told a time in
    the future."""
    breaker, clock = opened()
    passes: list[Pass] = []
    free_at = clock.now + 30
    for action, seconds, which in steps:
        clock.now += seconds
        if action == "ask":
            given = breaker.ask()
            if isinstance(given, Pass):
                assert given.probe and clock.now >= free_at
                passes.append(given)
                free_at = clock.now + 30
            else:
                assert 0 < given.again_s <= 30 and given.silent_s >= 0
        elif passes:
            one = passes[which % len(passes)]
            if action == "failed":
                breaker.failed(one)
            elif action == "given_up":
                breaker.given_up(one)
                free_at = min(free_at, clock.now)
        assert breaker.state != "closed"
