import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError
from bargain.games.notice_rule import NoticeRule

PACT = NoticeRule(month=11, day=23, days=90)


@pytest.mark.parametrize("year", range(2017, 2032))
def test_the_deadline_of_the_pact_is_the_24th_of_august(year):
    assert PACT.notice_deadline(year) == datetime.date(year, 8, 24)
    assert PACT.last_day(year) == datetime.date(year, 11, 22)


def test_the_notice_of_2019_was_in_time_and_a_day_after_the_deadline_is_too_late():
    assert PACT.expiry_after(datetime.date(2019, 8, 22)) == datetime.date(2019, 11, 23)
    assert PACT.expiry_after(datetime.date(2019, 8, 24)) == datetime.date(2019, 11, 23)
    assert PACT.expiry_after(datetime.date(2019, 8, 25)) == datetime.date(2020, 11, 23)


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2090, 1, 1)), st.integers(1, 12), st.integers(1, 28),
       st.integers(0, 364))  # fmt: skip
def test_whoever_gives_notice_waits_at_least_so_many_days_and_less_than_a_year_more(day, month, first, days):
    rule = NoticeRule(month, first, days)
    left = (rule.expiry_after(day) - datetime.timedelta(days=1) - day).days
    assert days <= left <= days + 366


@pytest.mark.parametrize("wrong", [(2, 29, 90), (13, 1, 90), (11, 23, 365), (11, 23, -1), ("11", 23, 90)])
def test_what_is_no_rule_is_refused(wrong):
    with pytest.raises(InvalidArgumentError, match="NoticeRule"):
        NoticeRule(*wrong)
