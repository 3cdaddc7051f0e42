from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.playbooks.language import Collect
from kit.playbooks.reading import read_field, volunteered

WEDNESDAY = date(2026, 3, 11)
PAST = Collect(name="d", ask="?", type="date")
FUTURE = Collect(name="d", ask="?", type="date", past="future")
BRITISH = Collect(name="d", ask="?", type="date", country="GB")
same = settings(deadline=None, derandomize=True, database=None)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@pytest.mark.parametrize(
    ("field", "message", "day"),
    [
        (PAST, "the 3rd", "2026-03-03"), (PAST, "the 20th", "2026-02-20"), (PAST, "the 31st", "2026-01-31"),
        (PAST, "the 11th", "2026-03-11"), (FUTURE, "the 11th", "2026-03-11"), (FUTURE, "the 3rd", "2026-04-03"),
        (PAST, "the third of march", "2026-03-03"), (PAST, "the 3rd of last month", "2026-02-03"),
        (PAST, "3 March", "2026-03-03"), (PAST, "Mar 3rd 2026", "2026-03-03"), (PAST, "December 5th", "2025-12-05"),
        (FUTURE, "3 March", "2027-03-03"), (FUTURE, "11 March", "2026-03-11"), (PAST, "29 Feb", "2024-02-29"),
        (PAST, "5 December last year", "2025-12-05"), (PAST, "Tue 3 March", "2026-03-03"),
        (PAST, "3/3/26", "2026-03-03"), (PAST, "01/02", "2026-01-02"), (BRITISH, "01/02", "2026-02-01"),
        (PAST, "14/2", "2026-02-14"), (BRITISH, "12/31/25", "2025-12-31"), (PAST, "5/5/75", "1975-05-05"),
        (PAST, "5/5/26", "2026-05-05"), (PAST, "2026-03-03T09:30", "2026-03-03"), (PAST, "28.02.2026", "2026-02-28"),
        (PAST, "last Friday", "2026-03-06"), (PAST, "Friday", "2026-03-06"), (FUTURE, "Friday", "2026-03-13"),
        (PAST, "last Wednesday", "2026-03-04"), (PAST, "Monday last week", "2026-03-02"),
        (FUTURE, "next Tuesday", "2026-03-17"), (FUTURE, "this Friday", "2026-03-13"),
        (FUTURE, "Friday next week", "2026-03-20"), (PAST, "on sat", "2026-03-07"), (PAST, "Sun.", "2026-03-08"),
        (PAST, "yesterday", "2026-03-10"), (PAST, "the day before yesterday", "2026-03-09"),
        (PAST, "today", "2026-03-11"),
        (PAST, "two weeks ago", "2026-02-25"), (PAST, "a week ago today", "2026-03-04"),
        (FUTURE, "in 3 days", "2026-03-14"),
        (FUTURE, "three weeks from now", "2026-04-01"), (PAST, "a fortnight ago", "2026-02-25"),
        (PAST, "it did not come on the 3rd but on the 5th", "2026-03-05"),
        (PAST, "the 3rd, no wait, the 5th", "2026-03-05"),
        (PAST, "order BL-104233 for $20 came 3 March", "2026-03-03"),
    ],
)  # fmt: skip
def test_dates(field: Collect, message: str, day: str) -> None:
    assert read_field(field, message, today=WEDNESDAY) == day


@pytest.mark.parametrize(
    "message",
    [
        # there is no such day
        "31 February", "2026-02-30", "the 45th", "13/13/2026", "Monday, 3 March 2026", "Monday the 3rd",
        # which of two, or how far
        "the 3rd or the 4th", "between the 3rd and the 5th", "before the 3rd", "until Friday", "a few days ago",
        "a couple of weeks ago", "some weeks back", "last week", "in March", "next Friday", "Wednesday",
        "a week from Friday",
        "two Fridays ago",
        # a year, a time of day, a length of time
        "2026", "5pm", "at 10:30", "March 2026", "3 days", "two years ago",
        # words that are no dates here
        "I may 3 times have called", "may I", "the sun shone", "it sat there", "we wed", "march on", "Black Friday",
        "every Friday", "on Mondays", "the 3rd time", "the second one", "the first I saw", "second",
        # other things with digits
        "BL-104233", "$3.40", "212-736-5000", "3.4", "3-4", "v1.2.3", "192.168.1.1", "20260303",
        "not the 3rd", "", "no idea",
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", ["past", "future"])
def test_what_is_no_date_or_not_one_date(message: str, way: Any) -> None:
    field = Collect(name="d", ask="?", type="date", past=way)
    assert read_field(field, message, today=WEDNESDAY) is None


@same
@given(day=DAYS, today=DAYS)
def test_a_date_in_full_does_not_depend_on_today(day: date, today: date) -> None:
    forms = [
        day.isoformat(), f"{day.day} {day:%B} {day.year}", f"{day:%b} {day.day}, {day.year}",
        f"{day.month}/{day.day}/{day.year}",
        f"{NAMES[day.weekday()]}, {day.day} {day:%B} {day.year}", f"{day.day}-{day:%b}-{day.year}",
    ]  # fmt: skip
    assert {read_field(field, form, today=today) for form in forms for field in (PAST, FUTURE)} == {day.isoformat()}
    assert read_field(BRITISH, f"{day.day}/{day.month}/{day.year}", today=today) == day.isoformat()


@same
@given(today=DAYS, number=st.integers(1, 31), weekday=st.sampled_from(NAMES))
def test_what_is_left_open_lies_on_the_asked_side_of_today(today: date, number: int, weekday: str) -> None:
    ordinal = f"{number}{ {1: 'st', 21: 'st', 31: 'st', 2: 'nd', 22: 'nd', 3: 'rd', 23: 'rd'}.get(number, 'th') }"
    for said in (f"the {ordinal}", weekday, f"{number} {today:%B}" if number <= 28 else weekday):
        past, future = (read_field(field, said, today=today) for field in (PAST, FUTURE))
        if said == weekday and NAMES[today.weekday()] == weekday:
            assert past is None and future is None
            continue
        assert isinstance(past, str) and isinstance(future, str)
        assert past <= today.isoformat() <= future
        if said == weekday:
            assert NAMES[date.fromisoformat(past).weekday()] == weekday
            assert date.fromisoformat(future) - date.fromisoformat(past) == timedelta(days=7)
        else:
            assert date.fromisoformat(past).day == date.fromisoformat(future).day == number


@same
@given(today=DAYS, count=st.integers(1, 300))
def test_days_and_weeks_are_counted_from_today(today: date, count: int) -> None:
    for unit, days in (("days", 1), ("weeks", 7)):
        past = read_field(PAST, f"{count} {unit} ago", today=today)
        assert past == (today - timedelta(days=days * count)).isoformat()
        assert (
            read_field(FUTURE, f"in {count} {unit}", today=today) == (today + timedelta(days=days * count)).isoformat()
        )


@pytest.mark.parametrize(
    ("field", "message", "alone", "day"),
    [
        (PAST, "I bought it on 3 March and it is broken", True, "2026-03-03"),
        (PAST, "I bought it on 3 March and it is broken", False, None),
        (PAST, "it came yesterday", True, "2026-03-10"),
        (PAST, "it came last Friday", True, "2026-03-06"),
        (PAST, "bought two weeks ago", True, "2026-02-25"),
        # none of these says for certain when it was
        (PAST, "I want it today", True, None),
        (PAST, "it came Friday", True, None),
        (PAST, "it came on the 3rd", True, None),
        (PAST, "it came 3/3", True, None),
        (PAST, "bought 3 March, came 5 March", True, None),
        # the other side of today
        (PAST, "I am away tomorrow", True, None),
        (FUTURE, "it broke yesterday", True, None),
        (FUTURE, "send it tomorrow", True, "2026-03-12"),
        (FUTURE, "from 1 April 2026", True, "2026-04-01"),
    ],
)
def test_a_date_is_taken_unasked_only_in_full(field: Collect, message: str, alone: bool, day: str | None) -> None:
    assert volunteered(field, message, today=WEDNESDAY, alone=alone) == day
