"""Games in extensive form: trees with chance and information sets, labelled, batched over draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats, Ints, read_only
from bargain.errors import InvalidArgumentError, InvalidGameError, UnknownDrawError, UnknownNameError
from bargain.games.behaviour import (
    action_values,
    beliefs,
    end_probabilities,
    gains,
    node_values,
    reach,
    tree_regrets,
)
from bargain.games.normal import NormalForm
from bargain.games.strategic_form import StrategicForm
from bargain.games.tree import GameTree, InformationSet, Node, read_tree

__all__ = ["ExtensiveForm"]

Behaviour = str | Mapping[str, npt.ArrayLike] | npt.ArrayLike


@dataclass(frozen=True, init=False, eq=False)
class ExtensiveForm:
    """A batch of games in extensive form that share their tree.

    Parameters
    ----------
    players : sequence of str
    root : Decision, Chance or Outcome
        The tree, as nested nodes. Payoffs and probabilities are numbers or float[N], one for each draw.

    Attributes
    ----------
    players : tuple of str
    root : Decision, Chance or Outcome
    tree : GameTree
        The same as tables.
    payoffs : float[P, Z, N]
        Of each outcome, in the order of the tree. Read-only.
    chance : float[C, N]
        Probabilities of all branches of chance nodes. Read-only.

    Raises
    ------
    InvalidGameError
        If the nodes are not a game with perfect recall: actions differ within an information set, a player
        would forget an own move, probabilities do not add to one, payoffs are not finite, and so on.

    Examples
    --------
    A threat that may be a bluff: only the sender knows whether it would carry it out.

    >>> import bargain as bg
    >>> def threat(resisted):
    ...     reply = bg.Decision(
    ...         "receiver", "threatened", {"concede": bg.Outcome([3, -1]), "resist": bg.Outcome(resisted)}
    ...     )
    ...     return {"threaten": reply, "wait": bg.Outcome([0, 0])}
    >>> game = bg.ExtensiveForm(
    ...     ("sender", "receiver"),
    ...     bg.Chance(
    ...         {
    ...             "tough": (0.25, bg.Decision("sender", "tough", threat([1, -2]))),
    ...             "weak": (0.75, bg.Decision("sender", "weak", threat([-1, 0]))),
    ...         }
    ...     ),
    ... )
    >>> game.normal_form().shape
    (4, 2)
    >>> print(game.expected_payoffs({"tough": "threaten", "weak": "wait", "threatened": "concede"})[:, 0])
    [ 0.75 -0.25]
    """

    root: Node
    tree: GameTree
    payoffs: Floats
    chance: Floats

    def __init__(self, players: Sequence[str], root: Node) -> None:
        tree, payoffs, chance = read_tree(players, root)
        if not tree.information_sets:
            raise InvalidGameError("a game needs at least one decision, given none")
        self._set(root, tree, payoffs, chance)

    def _set(self, root: Node, tree: GameTree, payoffs: Floats, chance: Floats) -> None:
        object.__setattr__(self, "root", root)
        object.__setattr__(self, "tree", tree)
        object.__setattr__(self, "payoffs", read_only(payoffs))
        object.__setattr__(self, "chance", read_only(chance))

    def _with(self, payoffs: Floats, chance: Floats) -> ExtensiveForm:
        other = object.__new__(ExtensiveForm)
        other._set(self.root, self.tree, payoffs, chance)
        return other

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return self.tree.players

    @property
    def information_sets(self) -> tuple[InformationSet, ...]:
        """The information sets, in the order in which they first appear."""
        return self.tree.information_sets

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the ends of the tree."""
        return self.tree.ends

    @property
    def draws(self) -> int:
        """Number of games in the batch, ``N``."""
        return int(self.payoffs.shape[-1])

    @property
    def perfect_information(self) -> bool:
        """Whether everybody who moves knows all that happened: every information set is a single node."""
        return all(len(one.nodes) == 1 for one in self.information_sets)

    def __len__(self) -> int:
        return self.draws

    def __getitem__(self, draw: int | slice | Ints) -> ExtensiveForm:
        """Return the game of one draw, or the batch of several.

        Parameters
        ----------
        draw : int, slice or array of int
            Counted from the end where negative.

        Returns
        -------
        ExtensiveForm

        Raises
        ------
        UnknownDrawError
        """
        if isinstance(draw, int | np.integer):
            if not -self.draws <= draw < self.draws:
                raise UnknownDrawError(f"draw: one of {self.draws} draws was expected, given {draw}")
            draw = slice(int(draw) % self.draws, int(draw) % self.draws + 1)
        if isinstance(draw, slice):
            return self._with(self.payoffs[..., draw], self.chance[..., draw])
        # np.take keeps draws contiguous, as indexing would not.
        return self._with(np.take(self.payoffs, draw, axis=-1), np.take(self.chance, draw, axis=-1))

    def with_payoffs(self, payoffs: npt.ArrayLike, chance: npt.ArrayLike | None = None) -> ExtensiveForm:
        """Return the same tree with other payoffs, such as those of a payoff model.

        Parameters
        ----------
        payoffs : array_like of float, shape (P, Z) or (P, Z, N)
            Of each player at each of the `outcomes`.
        chance : array_like of float, shape (C, N), optional
            Probabilities of all branches of chance nodes, in the order of the tree; by default as they are.

        Returns
        -------
        ExtensiveForm
            Where this game has a single draw it is repeated for every draw of the payoffs.

        Raises
        ------
        InvalidGameError
        """
        array = np.array(payoffs, dtype=np.float64)
        if array.ndim == 2:
            array = array[..., None]
        expected = self.payoffs.shape[:2]
        if array.shape[:2] != expected or array.ndim != 3 or not np.isfinite(array).all():
            raise InvalidGameError(
                f"payoffs: finite numbers of shape {expected} (player, outcome), or with draws behind,"
                f" were expected, given {array.shape}"
            )
        if chance is not None:
            given = np.array(chance, dtype=np.float64)
            if given.shape != (len(self.chance), array.shape[-1]):
                raise InvalidGameError(
                    f"chance: shape {(len(self.chance), array.shape[-1])} was expected, given {given.shape}"
                )
            return self._with(array, given)
        if self.draws not in (1, array.shape[-1]):
            raise InvalidGameError(f"payoffs: {self.draws} draws were expected, given {array.shape[-1]}")
        chance = np.broadcast_to(self.chance, (len(self.chance), array.shape[-1]))
        return self._with(array, chance)

    def behaviour(self, profile: Mapping[str, Behaviour]) -> tuple[Floats, ...]:
        """Return a behaviour profile as one probability array per information set.

        Parameters
        ----------
        profile : mapping of information set to behaviour
            The name of an action, ``{action: probability}``, or an array ``float[action]`` or
            ``float[action, N]``; probabilities may be float[N]. Sets with a single action may be left out.

        Returns
        -------
        tuple of float[action, N]

        Raises
        ------
        UnknownNameError
        InvalidArgumentError
            If a set is missing, or probabilities are negative or do not add to one within 1e-9.
        """
        for name in profile:
            self.tree.set(name, where="profile")
        result = []
        for one in self.information_sets:
            if one.name not in profile and len(one.actions) > 1:
                raise InvalidArgumentError(
                    f"profile: behaviour at every information set was expected; none at {one.name!r}"
                )
            array = self._probabilities(one.name, one.actions, profile.get(one.name, one.actions[0]))
            result.append(array)
        return tuple(result)

    def beliefs(self, profile: Mapping[str, Behaviour]) -> dict[str, Floats]:
        """Return what a player who moves believes of where it is, by Bayes' rule.

        Parameters
        ----------
        profile : mapping
            As for `behaviour`.

        Returns
        -------
        dict of information set to float[node, N]
            NaN where Bayes' rule says nothing: chance and the others never lead to any of several nodes.

        Examples
        --------
        >>> import bargain as bg
        >>> answer = lambda left, right: bg.Decision(
        ...     "second", "seen", {"yes": bg.Outcome([left, 1]), "no": bg.Outcome([right, 0])}
        ... )
        >>> game = bg.ExtensiveForm(
        ...     ("first", "second"), bg.Decision("first", "begin", {"up": answer(1, 0), "down": answer(0, 1)})
        ... )
        >>> game.beliefs({"begin": {"up": 0.25, "down": 0.75}, "seen": "yes"})["seen"].tolist()
        [[0.25], [0.75]]
        """
        found = beliefs(self.tree, self.chance, self.behaviour(profile))
        return {one.name: belief for one, belief in zip(self.information_sets, found, strict=True)}

    def reach(self, profile: Mapping[str, Behaviour]) -> dict[str, Floats]:
        """Return the probability that each information set is reached.

        Parameters
        ----------
        profile : mapping
            As for `behaviour`.

        Returns
        -------
        dict of information set to float[N]
        """
        coming = reach(self.tree, self.chance, self.behaviour(profile))
        return {one.name: coming[list(one.nodes)].sum(axis=0) for one in self.information_sets}

    def outcome_probabilities(self, profile: Mapping[str, Behaviour]) -> Floats:
        """Return the probability of each outcome.

        Parameters
        ----------
        profile : mapping
            As for `behaviour`.

        Returns
        -------
        float[Z, N]
        """
        return end_probabilities(self.tree, self.chance, self.behaviour(profile))

    def expected_payoffs(self, profile: Mapping[str, Behaviour]) -> Floats:
        """Return each player's expected payoff.

        Parameters
        ----------
        profile : mapping
            As for `behaviour`.

        Returns
        -------
        float[P, N]
        """
        result: Floats = node_values(self.tree, self.payoffs, self.chance, self.behaviour(profile))[0]
        return result

    def regret(self, profile: Mapping[str, Behaviour]) -> Floats:
        """Return the largest gain that any player has from another plan for the whole game.

        Parameters
        ----------
        profile : mapping
            As for `behaviour`.

        Returns
        -------
        float[N]
            In payoff units; zero exactly at a Nash equilibrium.
        """
        behaviour = self.behaviour(profile)
        result: Floats = tree_regrets(self.tree, self.payoffs, self.chance, behaviour).max(axis=0)
        return result

    def action_values(
        self, profile: Mapping[str, Behaviour], believed: Mapping[str, npt.ArrayLike] | None = None
    ) -> dict[str, Floats]:
        """Return what each action is worth to who moves, given its beliefs and how all go on.

        Parameters
        ----------
        profile : mapping
            As for `behaviour`.
        believed : mapping of information set to float[node] or float[node, N], optional
            For sets that are not named, beliefs follow from the profile by Bayes' rule.

        Returns
        -------
        dict of information set to float[action, N]
            NaN where there is no belief.
        """
        behaviour = self.behaviour(profile)
        values = node_values(self.tree, self.payoffs, self.chance, behaviour)
        found = action_values(self.tree, values, self.believed(behaviour, believed))
        return {one.name: worth for one, worth in zip(self.information_sets, found, strict=True)}

    def one_shot_gains(
        self, profile: Mapping[str, Behaviour], believed: Mapping[str, npt.ArrayLike] | None = None
    ) -> dict[str, Floats]:
        """Return what could be gained at each information set by acting otherwise there and only there.

        Parameters
        ----------
        profile, believed : mapping
            As for `action_values`.

        Returns
        -------
        dict of information set to float[N]
            NaN where there is no belief.
        """
        worth = tuple(self.action_values(profile, believed).values())
        found = gains(self.behaviour(profile), worth)
        return {one.name: gain for one, gain in zip(self.information_sets, found, strict=True)}

    def believed(
        self, behaviour: Sequence[Floats], given: Mapping[str, npt.ArrayLike] | None = None
    ) -> tuple[Floats, ...]:
        """Return beliefs at every information set: those given, by Bayes' rule elsewhere.

        Parameters
        ----------
        behaviour : sequence of float[action, N]
        given : mapping of information set to float[node] or float[node, N], optional
            Or to ``{node: probability}``, where a node is named by its history, or by any move of it that
            leads to no other node of the set; nodes left out have none.

        Returns
        -------
        tuple of float[node, N]

        Raises
        ------
        UnknownNameError
        InvalidArgumentError
            If a belief has another number of nodes, is negative or does not add to one within 1e-9.
        """
        result = list(beliefs(self.tree, self.chance, behaviour))
        for name, belief in (given or {}).items():
            index = self.tree.set(name, where="beliefs")
            nodes = self.information_sets[index].histories
            held = _by_node(name, nodes, belief) if isinstance(belief, Mapping) else belief
            result[index] = self._checked(f"beliefs: {name!r}", nodes, held)
        return tuple(result)

    @cached_property
    def strategic_forms(self) -> dict[bool, StrategicForm]:
        """Plans of the players: the reduced ones under ``True``, all of them under ``False``."""
        return {reduced: StrategicForm(self.tree, reduced) for reduced in (True, False)}

    def normal_form(self, *, reduced: bool = True) -> NormalForm:
        """Return the strategic form, in which each plan of a player is one action.

        Parameters
        ----------
        reduced : bool, default True
            Plans that differ only at information sets which they themselves keep from being reached are
            taken for one. Otherwise a plan names an action everywhere.

        Returns
        -------
        NormalForm
            Plans are named by their actions in the order of the player's information sets, joined with
            ``/``, with ``*`` where none is named; ``"nothing"`` is that of a player who never moves.

        Raises
        ------
        UnsupportedGameError
            If there are too many plans to write the table down.
        """
        form = self.strategic_forms[reduced]
        every = [np.ones((len(one.actions), 1)) for one in self.information_sets]
        chance = end_probabilities(self.tree, self.chance, every)
        return NormalForm(form.labels, form.payoffs(self.payoffs, chance))

    def behaviour_of(self, strategies: Sequence[npt.ArrayLike], *, reduced: bool = True) -> dict[str, Floats]:
        """Return the behaviour that amounts to mixtures of plans, such as an equilibrium of `normal_form`.

        Parameters
        ----------
        strategies : sequence of float[plan, E]
            One per player, such as `Solution.strategies`.
        reduced : bool, default True
            As it was for `normal_form`.

        Returns
        -------
        dict of information set to float[action, E]
            Uniform at sets that the player's own moves never lead to.

        Examples
        --------
        >>> import bargain as bg
        >>> game = bg.ExtensiveForm(
        ...     ("entrant", "incumbent"),
        ...     bg.Decision("entrant", "market", {
        ...         "stay out": bg.Outcome([0, 2]),
        ...         "enter": bg.Decision(
        ...             "incumbent", "entered",
        ...             {"fight": bg.Outcome([-1, -1]), "share": bg.Outcome([1, 1])},
        ...         ),
        ...     }),
        ... )
        >>> solution = bg.solve(game.normal_form(), bg.PureNash())
        >>> game.behaviour_of(solution.strategies)["entered"].tolist()
        [[1.0, 0.0], [0.0, 1.0]]
        """
        form = self.strategic_forms[reduced]
        arrays = [np.asarray(mixed, dtype=np.float64) for mixed in strategies]
        arrays = [array[:, None] if array.ndim == 1 else array for array in arrays]
        shape = form.labels.shape
        if tuple(len(array) for array in arrays) != shape:
            raise InvalidArgumentError(
                f"strategies: {' x '.join(map(str, shape))} plans were expected,"
                f" given {' x '.join(str(len(array)) for array in arrays)}"
            )
        found = form.behaviour(arrays)
        return {one.name: own for one, own in zip(self.information_sets, found, strict=True)}

    def to_frame(self, draw: int = 0) -> pd.DataFrame:
        """Return one draw's payoffs.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        pandas.DataFrame
            One row per outcome, one column per player.
        """
        return pd.DataFrame(
            self[draw].payoffs[..., 0].T,
            index=pd.Index(self.outcomes, name="outcome"),
            columns=pd.Index(self.players, name="payoff to"),
        )

    def to_gambit(self, draw: int = 0) -> Any:
        """Return one draw as a tree of Gambit; see `bargain.games.gambit_tree.tree_to_gambit`.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        pygambit.gambit.Game
        """
        return _gambit_tree().tree_to_gambit(self, draw)

    @staticmethod
    def from_gambit(game: Any) -> ExtensiveForm:
        """Return a tree of Gambit as a game; see `bargain.games.gambit_tree.tree_from_gambit`.

        Parameters
        ----------
        game : pygambit.gambit.Game

        Returns
        -------
        ExtensiveForm
        """
        converted: ExtensiveForm = _gambit_tree().tree_from_gambit(game)
        return converted

    def __repr__(self) -> str:
        moves = ", ".join(
            f"{one.player} at {one.name!r}: {'/'.join(one.actions)}" for one in self.information_sets
        )
        return f"ExtensiveForm({moves}; {self.draws} draw{'s' if self.draws != 1 else ''})"

    def _probabilities(self, name: str, actions: tuple[str, ...], given: Behaviour) -> Floats:
        if isinstance(given, str):
            given = {given: 1.0}
        if isinstance(given, Mapping):
            for action in given:
                if action not in actions:
                    raise UnknownNameError.of(f"action at {name!r}", action, actions, where="profile")
            rows = np.broadcast_arrays(*(np.asarray(given.get(action, 0.0), float) for action in actions))
            given = np.stack(rows)
        return self._checked(f"profile: {name!r}", actions, given)

    def _checked(self, what: str, names: Sequence[str], given: npt.ArrayLike) -> Floats:
        try:
            array = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise InvalidArgumentError(f"{what}: probabilities were expected, given {given!r}") from error
        size = len(names)
        if array.shape == (size,):
            array = array[:, None]
        if array.shape not in {(size, 1), (size, self.draws)}:
            raise InvalidArgumentError(
                f"{what}: shape ({size},) or ({size}, {self.draws}) was expected, for {', '.join(names)};"
                f" given {array.shape}"
            )
        if not (array >= 0).all() or not (np.abs(array.sum(axis=0) - 1) <= 1e-9).all():
            raise InvalidArgumentError(
                f"{what}: probabilities must be non-negative and add to 1, given {given!r}"
            )
        return np.broadcast_to(array, (size, self.draws))


def _gambit_tree() -> Any:
    from bargain.games import gambit_tree  # noqa: PLC0415 - gambit_tree imports this file

    return gambit_tree


def _by_node(name: str, nodes: Sequence[str], given: Mapping[str, npt.ArrayLike]) -> npt.ArrayLike:
    """Return beliefs given by history, or by a move that only one history has, in the order of the nodes."""
    rows: list[npt.ArrayLike] = [0.0] * len(nodes)
    for key, belief in given.items():
        fits = [place for place, node in enumerate(nodes) if key == node]
        fits = fits or [place for place, node in enumerate(nodes) if key in node.split("/")]
        if not fits:
            raise UnknownNameError.of(f"node of {name!r}", key, nodes, where="beliefs")
        if len(fits) > 1:
            several = ", ".join(nodes[place] for place in fits)
            raise InvalidArgumentError(f"beliefs: {name!r}: {key!r} leads to several nodes, {several}")
        rows[fits[0]] = belief
    try:
        return np.stack(np.broadcast_arrays(*(np.asarray(row, dtype=np.float64) for row in rows)))
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"beliefs: {name!r}: numbers were expected, given {given!r}") from error
