"""The payoff table: what is bold, what is framed, and that it stays readable."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

import bargain as bg
from bargain.plots.payoff_table import payoff_table

CHICKEN = bg.NormalForm(
    {"row": ("swerve", "straight"), "column": ("swerve", "straight")},
    [[[0, -1], [1, -10]], [[0, 1], [-1, -10]]],
)


def is_number(text):
    return bool(text) and not text.strip("\N{MINUS SIGN}0123456789.e+")


def bold_numbers(ax):
    return sorted(
        text.get_text() for text in ax.texts if text.get_fontweight() == "bold" and is_number(text.get_text())
    )


def frames(ax, style):
    """Cells (column, row) that are framed so."""
    return sorted(
        (round(patch.get_x()), int(patch.get_y()))
        for patch in ax.patches
        if isinstance(patch, Rectangle)
        and patch.get_zorder() == 3
        and (patch.get_linestyle() == "solid") == (style == "solid")
    )


def test_best_replies_are_bold_and_pure_equilibria_framed():
    ax = payoff_table(CHICKEN)
    assert bold_numbers(ax) == ["1", "1", "\N{MINUS SIGN}1", "\N{MINUS SIGN}1"]
    assert frames(ax, "solid") == [(0, 1), (1, 0)]
    assert frames(ax, "dashed") == []


def test_mixed_equilibria_are_dashed_with_their_probabilities():
    ax = payoff_table(CHICKEN, equilibria=bg.solve(CHICKEN, bg.BimatrixNash()))
    assert len(frames(ax, "solid")) == 2
    assert len(frames(ax, "dashed")) == 4
    assert {"0.81", "0.09", "0.01"} <= {text.get_text() for text in ax.texts}
    assert "mixed" in ax.texts[-1].get_text()


def test_one_draw_of_a_batch_is_shown():
    payoffs = np.stack([CHICKEN.payoffs[..., 0], 2 + CHICKEN.payoffs[..., 0]], axis=-1)
    batch = bg.NormalForm(CHICKEN.labels, payoffs)
    assert bold_numbers(payoff_table(batch, draw=1)) == ["1", "1", "3", "3"]
    given = payoff_table(batch, draw=1, equilibria=bg.solve(batch, bg.PureNash()))
    assert frames(given, "solid") == [(0, 1), (1, 0)]


def test_a_held_player_has_no_panel_but_is_named():
    game = bg.load_scenario("gsomia").game("2019-11 deadline", fix={"USA": "press"})
    ax = payoff_table(game)
    assert ax.get_xlabel() == "action of JPN (columns), USA held to press"
    assert not any("USA:" in text.get_text() for text in ax.texts)


@pytest.mark.parametrize("shape", [(3,), (1, 1), (4, 5, 3), (2, 2, 6)])
def test_every_payoff_has_its_place(shape):
    rng = np.random.default_rng(1)
    game = bg.NormalForm(
        {f"player {p}": [f"action {k}" for k in range(size)] for p, size in enumerate(shape)},
        rng.normal(size=(len(shape), *shape)),
    )
    ax = payoff_table(game)
    numbers = [text for text in ax.texts if is_number(text.get_text())]
    assert len(numbers) == game.payoffs.size
    assert len({text.get_position() for text in numbers}) == len(numbers)
    assert all(text.get_fontsize() >= 5 for text in numbers)


def test_numbers_are_as_long_as_they_need_to_be():
    def written(payoffs):
        ax = payoff_table(bg.NormalForm({"solo": [f"a{k}" for k in range(len(payoffs))]}, [payoffs]))
        return [text.get_text() for text in ax.texts if is_number(text.get_text())]

    assert written([1, 2]) == ["1", "2"]
    assert "0.50" in written([0.5, 2])
    assert "0.00" in written([-1e-15, 2.5])
    assert "3e+06" in written([1, 3e6])
    assert "0.0012" in written([0.0012, 0.01])


def test_four_players_with_a_choice_are_refused():
    game = bg.NormalForm(dict.fromkeys("WXYZ", ("a", "b")), np.zeros((4, 2, 2, 2, 2)))
    with pytest.raises(bg.errors.UnsupportedGameError, match="W, X, Y, Z"):
        payoff_table(game)
    assert payoff_table(game.hold({"W": "a"}))


def test_equilibria_of_another_game_are_refused():
    with pytest.raises(bg.errors.InvalidArgumentError, match="equilibria"):
        payoff_table(
            CHICKEN, equilibria=bg.solve(bg.load_scenario("gsomia").game("2019-08 notice"), bg.PureNash())
        )
