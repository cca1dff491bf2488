"""The threat game: a sender whose resolve is private threatens, and a receiver concedes or resists."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, read_only
from bargain.errors import InvalidGameError, UnknownDrawError
from bargain.games.extensive import ExtensiveForm
from bargain.games.tree import Chance, Decision, Outcome

__all__ = ["ThreatGame"]

_FIELDS = ("prior", "prize", "audience_cost", "concession_cost", "loss", "carrying_out")


@dataclass(frozen=True, init=False, eq=False)
class ThreatGame:
    """A batch of games in which a threat may be a bluff.

    Nature makes the sender *tough* or *weak*, which only the sender sees. The sender threatens or stays
    silent; silence leaves everything as it is, worth zero to both. After a threat the receiver concedes or
    resists. A tough sender that is resisted carries its threat out; a weak one backs down before its
    audience. It is the textbook logic of threats that tie hands [Fearon1997]_ [Schultz1998]_.

    Parameters
    ----------
    prior : float or float[N]
        Probability that the sender is tough.
    prize : float or float[N]
        What the sender gains when the receiver concedes; above zero.
    audience_cost : float or float[N]
        What backing down costs the sender; not below zero.
    concession_cost : float or float[N]
        What conceding costs the receiver; below zero where it would rather concede anyway.
    loss : float or float[N]
        What it costs the receiver when the threat is carried out; not below zero.
    carrying_out : float or float[N]
        Payoff of a tough sender that carries its threat out. Where it is below minus the audience cost, not
        even a tough sender would, and there is nobody to be feared.

    Raises
    ------
    InvalidGameError
        If a number is not finite or outside these bounds, or numbers of draws differ.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.ThreatGame(
    ...     prior=0.2, prize=3, audience_cost=2, concession_cost=1.2, loss=3, carrying_out=0.5
    ... )
    >>> print(bg.PerfectBayesian().solve(game).to_frame().T[0].round(3).to_string())
    equilibrium                           0
    kind                    semi-separating
    tough threatens                     1.0
    weak threatens                    0.375
    concession                          0.4
    tough after threat                  0.4
    tough after silence                 0.0
    threat                              0.5
    carried out                        0.12
    backed down                        0.18
    payoff of tough sender              1.5
    payoff of weak sender               0.0
    payoff of receiver                 -0.6
    regret                              0.0
    divine                             True
    """

    prior: Floats
    prize: Floats
    audience_cost: Floats
    concession_cost: Floats
    loss: Floats
    carrying_out: Floats

    def __init__(
        self,
        *,
        prior: npt.ArrayLike,
        prize: npt.ArrayLike,
        audience_cost: npt.ArrayLike,
        concession_cost: npt.ArrayLike,
        loss: npt.ArrayLike,
        carrying_out: npt.ArrayLike,
    ) -> None:
        given = (prior, prize, audience_cost, concession_cost, loss, carrying_out)
        arrays = [_numbers(name, value) for name, value in zip(_FIELDS, given, strict=True)]
        draws = max(array.size for array in arrays)
        for name, array in zip(_FIELDS, arrays, strict=True):
            if array.size not in (1, draws):
                raise InvalidGameError(f"ThreatGame: {name}: {draws} draws were expected, given {array.size}")
            object.__setattr__(self, name, read_only(np.broadcast_to(array, draws)))
        for name, valid, expected in (
            ("prior", (arrays[0] >= 0) & (arrays[0] <= 1), "between 0 and 1"),
            ("prize", arrays[1] > 0, "above 0"),
            ("audience_cost", arrays[2] >= 0, "at least 0"),
            ("loss", arrays[4] >= 0, "at least 0"),
        ):
            if not valid.all():
                bad = int(np.argmin(valid))
                worst = getattr(self, name)[bad]
                raise InvalidGameError(
                    f"ThreatGame: {name}: {expected} was expected, given {worst:.6g} in draw {bad}"
                )

    @property
    def draws(self) -> int:
        """Number of games in the batch, ``N``."""
        return int(self.prior.size)

    def __len__(self) -> int:
        return self.draws

    def __getitem__(self, draw: int | slice | npt.NDArray[np.int64]) -> ThreatGame:
        """Return the game of one draw, or the batch of several.

        Parameters
        ----------
        draw : int, slice or array of int
            Counted from the end where negative.

        Returns
        -------
        ThreatGame

        Raises
        ------
        UnknownDrawError
        """
        if isinstance(draw, int | np.integer):
            if not -self.draws <= draw < self.draws:
                raise UnknownDrawError(f"draw: one of {self.draws} draws was expected, given {draw}")
            draw = slice(int(draw) % self.draws, int(draw) % self.draws + 1)
        return ThreatGame(**{name: getattr(self, name)[draw] for name in _FIELDS})

    def to_extensive(self) -> ExtensiveForm:
        """Return the game as a tree.

        Returns
        -------
        ExtensiveForm
            Of players ``sender`` and ``receiver``, with the information sets ``tough``, ``weak``,
            ``threatened``, ``tough, resisted`` and ``weak, resisted``.
        """
        zero = np.zeros(1)
        backing_down = Outcome((-self.audience_cost, zero))
        resisted = {
            "tough": {"carry out": Outcome((self.carrying_out, -self.loss)), "back down": backing_down},
            "weak": {"back down": backing_down},
        }
        types = {
            kind: Decision(
                "sender",
                kind,
                {
                    "threaten": Decision(
                        "receiver",
                        "threatened",
                        {
                            "concede": Outcome((self.prize, -self.concession_cost)),
                            "resist": Decision("sender", f"{kind}, resisted", ends),
                        },
                    ),
                    "stay silent": Outcome((zero, zero)),
                },
            )
            for kind, ends in resisted.items()
        }
        chance = {"tough": (self.prior, types["tough"]), "weak": (1 - self.prior, types["weak"])}
        return ExtensiveForm(("sender", "receiver"), Chance(chance))

    def __repr__(self) -> str:
        if self.draws == 1:
            return f"ThreatGame({', '.join(f'{name}={getattr(self, name)[0]:.6g}' for name in _FIELDS)})"
        return f"ThreatGame({self.draws} draws)"


def _numbers(name: str, value: npt.ArrayLike) -> Floats:
    try:
        array = np.array(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(f"ThreatGame: {name}: numbers were expected, given {value!r}") from error
    if array.ndim > 1 or not array.size or not np.isfinite(array).all():
        raise InvalidGameError(f"ThreatGame: {name}: finite numbers, one or float[N], were expected")
    return array
