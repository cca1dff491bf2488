"""Functions whose Sobol indices are known in closed form."""

import numpy as np

import bargain as bg

ISHIGAMI_FIRST = (0.31390519, 0.44241114, 0.0)
ISHIGAMI_TOTAL = (0.55758886, 0.44241114, 0.24368366)


def unit_space(dimension):
    return bg.Space(tuple(bg.Parameter(f"x{i}", bg.Uniform(0, 1)) for i in range(1, dimension + 1)))


def ishigami_space():
    return bg.Space(tuple(bg.Parameter(f"x{i}", bg.Uniform(-np.pi, np.pi)) for i in (1, 2, 3)))


def ishigami(values, a=7.0, b=0.1):
    """Ishigami and Homma's function of three uniform parameters on (-pi, pi)."""
    x1, x2, x3 = values
    return np.sin(x1) + a * np.sin(x2) ** 2 + b * x3**4 * np.sin(x1)


def ishigami_indices(a=7.0, b=0.1):
    """First and total order, from the variances of its parts."""
    one = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    two = a**2 / 8
    one_three = b**2 * np.pi**8 * 8 / 225
    whole = one + two + one_three
    return np.array([one, two, 0.0]) / whole, np.array([one + one_three, two, one_three]) / whole


def g_function(values, a):
    """Sobol's g function of uniform parameters on (0, 1)."""
    a = np.asarray(a)[:, None]
    return np.prod((np.abs(4 * values - 2) + a) / (1 + a), axis=0)


def g_indices(a):
    """First and total order."""
    parts = 1 / (3 * (1 + np.asarray(a)) ** 2)
    whole = np.prod(1 + parts) - 1
    total = [parts[i] * np.prod(1 + np.delete(parts, i)) for i in range(len(parts))]
    return parts / whole, np.array(total) / whole
