"""The principal branch of the logit equilibria of one game, walked in small steps of one length."""

import numpy as np

STEP = 0.1  # in log probabilities and precision times payoff range


def principal_branch(payoffs, precision):
    """Walk from uniform play to the first point of the branch at a precision.

    ``payoffs[player, a, b, ...]`` of one game. Returns one array of probabilities per player, and the highest and
    the lowest precision between the first turning point and the end (None if there is none).
    """
    scale = np.ptp(payoffs, axis=tuple(range(1, payoffs.ndim))).max() or 1.0
    shape = payoffs.shape[1:]
    table = payoffs / scale
    target = precision * scale

    def equations(point):
        """Unknowns are the logarithms of all probabilities, then the precision."""
        logs, residual = np.split(point[:-1], np.cumsum(shape)[:-1]), []
        for player, own in enumerate(logs):
            values = table[player]
            for other in reversed(range(len(shape))):
                if other != player:
                    values = np.tensordot(values, np.exp(logs[other]), axes=(other, 0))
            residual += list(own[1:] - own[0] - point[-1] * (values[1:] - values[0]))
            residual.append(np.exp(own).sum() - 1)
        return np.array(residual)

    def jacobian(point):
        steps = 1e-6 * np.eye(len(point))
        return np.array([(equations(point + step) - equations(point - step)) / 2e-6 for step in steps]).T

    def corrected(point, held, accuracy):
        """Solve the equations at right angles to a direction."""
        for _ in range(50):
            matrix = np.vstack([jacobian(point), held])
            correction = np.linalg.solve(matrix, np.append(-equations(point), 0.0))
            point = point + correction
            if np.abs(correction).max() < accuracy:
                return point
        raise AssertionError("Newton did not converge: the step of the slow twin is too long")

    point = np.concatenate([*(np.full(size, -np.log(size)) for size in shape), [0.0]])
    ahead = at_precision = np.eye(len(point))[-1]
    top = bottom = None
    while True:
        tangent = np.linalg.svd(jacobian(point))[2][-1]  # what the equations leave free
        tangent *= np.sign(tangent @ ahead)
        if tangent[-1] < 0 and top is None:
            top = bottom = point[-1] / scale
        if bottom is not None:
            bottom = min(bottom, point[-1] / scale)
        following = corrected(point + STEP * tangent, tangent, 1e-4)
        if following[-1] >= target:
            share = (target - point[-1]) / (following[-1] - point[-1])
            start = point + share * (following - point)
            start[-1] = target
            point = corrected(start, at_precision, 1e-12)
            return np.split(np.exp(point[:-1]), np.cumsum(shape)[:-1]), top, bottom
        point, ahead = following, tangent
