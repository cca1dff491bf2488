"""Every exception that bargain raises on purpose.

All derive from `BargainError`. Their messages say what was given, what was expected and where, and
suggest the nearest known name. A draw that cannot be solved is not an error: it is a
`bargain.Status` in the result.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BargainError",
    "InvalidArgumentError",
    "InvalidGameError",
    "InvalidParameterError",
    "InvalidTermError",
    "MissingExtraError",
    "ScenarioError",
    "StoreError",
    "UnknownDrawError",
    "UnknownNameError",
    "UnsupportedGameError",
]


class BargainError(Exception):
    """Base of every deliberate error of the library."""


class InvalidArgumentError(BargainError, ValueError):
    """An argument has a value outside what the function accepts."""


class InvalidGameError(BargainError, ValueError):
    """Labels or payoffs do not form a game: wrong shape, repeated names, NaN or infinite payoffs."""


class InvalidParameterError(BargainError, ValueError):
    """A parameter or its distribution is malformed, such as a triangular one with low above mode."""


class InvalidTermError(BargainError, ValueError):
    """A payoff term cannot be brought to multi-affine form, such as one naming a parameter twice."""


class UnknownNameError(BargainError, LookupError):
    """A setting, player, action, parameter, source, solver or scenario of that name does not exist."""

    @classmethod
    def of(cls, kind: str, given: object, known: Iterable[object], *, where: str = "") -> UnknownNameError:
        """Build the error for a name that was not found.

        Parameters
        ----------
        kind : str
            What was looked up, such as ``"player"``.
        given : object
            The name that was given.
        known : iterable
            The names that exist, in the order in which to list them.
        where : str, optional
            File, table or argument in which the name stood.

        Returns
        -------
        UnknownNameError
            With the known names and the closest one in its message.

        Examples
        --------
        >>> print(UnknownNameError.of("player", "JAP", ["ROK", "JPN", "USA"]))
        unknown player 'JAP'; did you mean 'JPN'? Known: 'ROK', 'JPN', 'USA'
        """
        names = [str(name) for name in known]
        place = f"{where}: " if where else ""
        shown = ", ".join(repr(name) for name in names[:40]) or "none at all"
        more = f" and {len(names) - 40} more" if len(names) > 40 else ""
        return cls(f"{place}unknown {kind} {given!r};{suggestion(given, names)} Known: {shown}{more}")


class UnknownDrawError(BargainError, IndexError):
    """A batch has no draw of that number."""


class ScenarioError(BargainError, ValueError):
    """A scenario file cannot be read; the message names the file, the table and the key."""


class StoreError(BargainError, OSError):
    """A store of finished blocks cannot be read or written, or belongs to another task."""


class UnsupportedGameError(BargainError, ValueError):
    """The solver does not treat games of this form, such as three movers given to a bimatrix solver."""

    @classmethod
    def unless(cls, given: object, form: type, *, where: str) -> None:
        """Raise the error unless something is a game of a form.

        Parameters
        ----------
        given : object
        form : type
            Such as ``NormalForm``.
        where : str
            The function that was called.

        Raises
        ------
        UnsupportedGameError
            With how to get a game of that form, where that is known.

        Examples
        --------
        >>> UnsupportedGameError.unless(3, int, where="half")
        >>> UnsupportedGameError.unless("3", int, where="half")
        Traceback (most recent call last):
        bargain.errors.UnsupportedGameError: half: int was expected, given str
        """
        if isinstance(given, form):
            return
        tabled = form.__name__ == "NormalForm" and callable(getattr(given, "normal_form", None))
        hint = "; its method normal_form() gives one" if tabled else ""
        raise cls(f"{where}: {form.__name__} was expected, given {type(given).__name__}{hint}")


class MissingExtraError(BargainError, ImportError):
    """An optional dependency is not installed; the message names the extra that brings it."""

    @classmethod
    def of(cls, package: str, extra: str, purpose: str) -> MissingExtraError:
        """Build the error that names the extra.

        Parameters
        ----------
        package : str
            The import that failed.
        extra : str
            The extra of this library that installs it.
        purpose : str
            What needs it.

        Returns
        -------
        MissingExtraError
        """
        return cls(f"{purpose} needs {package}, which is not installed: pip install 'bargain[{extra}]'")


def suggestion(given: object, known: Iterable[str]) -> str:
    """Return ``" did you mean 'x'?"`` for the closest known name, or an empty string.

    Parameters
    ----------
    given : object
        The name that was not found.
    known : iterable of str
        The names that exist.

    Returns
    -------
    str

    Examples
    --------
    >>> suggestion("presing_cost", ["pressing_cost", "chip_value"])
    " did you mean 'pressing_cost'?"
    """
    folded: dict[str, str] = {}
    for name in known:
        folded.setdefault(name.casefold(), name)
    close = difflib.get_close_matches(str(given).casefold(), list(folded), n=1, cutoff=0.5)
    return f" did you mean {folded[close[0]]!r}?" if close else ""
