"""When a pact that renews itself every year must be denounced, and when it then ends."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from bargain.errors import InvalidArgumentError

__all__ = ["NoticeRule"]


@dataclass(frozen=True)
class NoticeRule:
    """A pact in force for a year at a time, extended unless written notice comes so many days before.

    Parameters
    ----------
    month, day : int
        The day on which the pact came into force, and on which each further year begins.
    days : int
        Of notice.

    Raises
    ------
    InvalidArgumentError
        If there is no such day in every year, or the notice is not within the year.

    Examples
    --------
    The pact of 23 November 2016 between Japan and South Korea, with ninety days:

    >>> import bargain as bg
    >>> rule = bg.NoticeRule(month=11, day=23, days=90)
    >>> rule.notice_deadline(2019), rule.last_day(2019), rule.expiry(2019)
    (datetime.date(2019, 8, 24), datetime.date(2019, 11, 22), datetime.date(2019, 11, 23))
    """

    month: int
    day: int
    days: int

    def __post_init__(self) -> None:
        try:
            datetime.date(2001, self.month, self.day)
        except (TypeError, ValueError) as error:
            raise InvalidArgumentError(
                f"NoticeRule: a month and day of every year were expected, given {self.month!r} and"
                f" {self.day!r}"
            ) from error
        if not 0 <= self.days < 365:
            raise InvalidArgumentError(f"NoticeRule: days: 0 to 364 was expected, given {self.days!r}")

    def expiry(self, year: int) -> datetime.date:
        """Return the day on which the pact is no longer in force if notice was given in time.

        Parameters
        ----------
        year : int
            Of the expiry.

        Returns
        -------
        datetime.date
            The pact ends as this day begins.
        """
        return datetime.date(year, self.month, self.day)

    def last_day(self, year: int) -> datetime.date:
        """Return the last day in force, on which a notice can still be taken back.

        Parameters
        ----------
        year : int

        Returns
        -------
        datetime.date
        """
        return self.expiry(year) - datetime.timedelta(days=1)

    def notice_deadline(self, year: int) -> datetime.date:
        """Return the last day on which notice ends the pact at the expiry of a year.

        Parameters
        ----------
        year : int
            Of the expiry.

        Returns
        -------
        datetime.date
            So many days before the last day in force.
        """
        return self.last_day(year) - datetime.timedelta(days=self.days)

    def expiry_after(self, notice: datetime.date) -> datetime.date:
        """Return when the pact ends after a notice.

        Parameters
        ----------
        notice : datetime.date

        Returns
        -------
        datetime.date
            The first expiry whose deadline is not before the notice.

        Examples
        --------
        >>> import bargain as bg
        >>> rule = bg.NoticeRule(month=11, day=23, days=90)
        >>> rule.expiry_after(datetime.date(2019, 8, 23)), rule.expiry_after(datetime.date(2019, 8, 25))
        (datetime.date(2019, 11, 23), datetime.date(2020, 11, 23))
        """
        year = notice.year
        while self.notice_deadline(year) < notice:
            year += 1
        return self.expiry(year)
