"""Games between governments whose payoffs are uncertain: equilibria, sweeps, policy sensitivity.

>>> import bargain as bg
>>> scenario = bg.load_scenario("gsomia")
>>> solution = bg.solve(scenario.game("2019-11 deadline"), bg.PureNash())
>>> solution.profiles()
[{'ROK': {'suspend': 1.0}, 'JPN': {'relax': 1.0}, 'USA': {'press': 1.0}}]
"""

import lazy_loader

__version__ = "0.1.0.dev0"

# The public names stand in __init__.pyi; each is imported when it is first used.
_attribute, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    if name in __all__:
        return _attribute(name)
    from bargain.errors import suggestion  # noqa: PLC0415 - only where something is amiss

    raise AttributeError(
        f"module 'bargain' has no attribute {name!r};{suggestion(name, __all__)}".rstrip(";")
    )
