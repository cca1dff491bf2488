"""Random multi-affine models with one dated setting, for tests of what depends on their parameters."""

import itertools

import numpy as np

import bargain as bg
from bargain.payoffs.model import PayoffModel

SHAPES = ((2, 2), (3, 3), (2, 2, 2), (3, 2, 2), (4, 2))


class RandomModel:
    """A scenario with random payoffs: constants, parameters, and products of two or three of them."""

    name, settings = "random", ("now",)

    def __init__(self, rng, shape=None, parameters=4):
        shape = SHAPES[rng.integers(len(SHAPES))] if shape is None else shape
        labels = bg.Labels.of(
            {f"P{k}": [f"{'abc'[k]}{n}" for n in range(size)] for k, size in enumerate(shape)}
        )
        names = [f"x{k}" for k in range(parameters)]
        products = [p for size in (2, 3) for p in itertools.combinations(range(parameters), size)]
        some = rng.permutation(len(products))[:4]
        monomials = ((), *((k,) for k in range(parameters)), *(products[k] for k in some))
        coefficients = rng.normal(size=(len(shape), labels.size, len(monomials)))
        coefficients *= rng.random(coefficients.shape) < 0.6
        self.model = PayoffModel(labels, tuple(names), (), monomials, coefficients, {})
        lows, widths = rng.normal(0, 1, parameters), rng.uniform(0.5, 3, parameters)
        self.space = bg.Space(
            [
                bg.Parameter(name, bg.Triangular(low, low + width * rng.random(), low + width))
                for name, low, width in zip(names, lows.tolist(), widths.tolist(), strict=True)
            ]
        )

    def space_at(self, setting):
        assert setting == "now"
        return self.space

    def payoffs_at(self, parameters, values):
        """Return payoffs where one parameter, given by its number, has a value, and the others their modes."""
        table = self.space.mode().repeat(len(values), axis=1)
        table[parameters, np.arange(len(values))] = values
        return self.model.evaluate(table)
