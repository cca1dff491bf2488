"""Parameter values as a table, whichever way they were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnknownNameError

__all__ = ["value_table"]


def value_table(parameters: Sequence[str], values: Mapping[str, npt.ArrayLike] | Floats) -> Floats:
    """Return the values of all parameters.

    Parameters
    ----------
    parameters : sequence of str, length D
    values : mapping of str to float or float[N], or float[D, N]

    Returns
    -------
    float[D, N]
        In the order of `parameters`.

    Raises
    ------
    UnknownNameError
        If a name is not a parameter.
    InvalidArgumentError
        If a parameter has no value or the shape is wrong.

    Examples
    --------
    >>> value_table(["credit", "anger"], {"anger": 2, "credit": [1, 3]})
    array([[1., 3.],
           [2., 2.]])
    """
    if isinstance(values, Mapping):
        for name in values:
            if name not in parameters:
                raise UnknownNameError.of("parameter", name, parameters, where="values")
        missing = [name for name in parameters if name not in values]
        if missing:
            raise InvalidArgumentError(f"values: no value for {', '.join(missing)}")
        table = _stacked(parameters, values)
    else:
        table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != len(parameters):
        raise InvalidArgumentError(
            f"values: shape ({len(parameters)}, draws) was expected, given {table.shape}"
        )
    return table


def _stacked(parameters: Sequence[str], values: Mapping[str, npt.ArrayLike]) -> Floats:
    columns = []
    for name in parameters:
        try:
            column = np.atleast_1d(np.asarray(values[name], dtype=np.float64))
        except (TypeError, ValueError) as error:
            raise InvalidArgumentError(
                f"values: {name}: a number or an array of numbers was expected, given {values[name]!r}"
            ) from error
        columns.append(column)
    try:
        return np.stack(np.broadcast_arrays(*columns)) if columns else np.empty((0, 1))
    except ValueError as error:
        shapes = {name: column.shape for name, column in zip(parameters, columns, strict=True)}
        raise InvalidArgumentError(
            f"values: as many draws of every parameter were expected, given {shapes}"
        ) from error
