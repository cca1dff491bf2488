"""Names of the scenario as the page writes them, with links to where they are explained."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from bargain.games.labels import Outcome
from bargain.report.answers import outcome_name
from bargain.report.mathml import mathml
from bargain.scenarios.scenario import Scenario

__all__ = ["address", "breakable", "link", "outcome", "parameter", "prediction", "sources"]

_BREAK = Markup("<wbr>")


def breakable(text: str) -> Markup:
    """Return a text that may be broken behind slashes and underscores.

    Parameters
    ----------
    text : str

    Returns
    -------
    markupsafe.Markup

    Examples
    --------
    >>> print(breakable("keep/relax"))
    keep/<wbr>relax
    """
    shown = Markup("{}").format(text)
    return shown.replace("/", Markup("/") + _BREAK).replace("_", Markup("_") + _BREAK)


def outcome(given: Outcome | str) -> Markup:
    """Return an outcome in words.

    Parameters
    ----------
    given : tuple of str, or str

    Returns
    -------
    markupsafe.Markup
    """
    return breakable(outcome_name(given))


def parameter(scenario: Scenario, name: str) -> Markup:
    """Return the name of a parameter with its symbol, linked to its row in the table of parameters.

    Parameters
    ----------
    scenario : Scenario
    name : str

    Returns
    -------
    markupsafe.Markup
    """
    symbol = scenario.space[name].symbol
    shown = Markup(' <a class="quiet" href="#{}">{}</a>').format(address("parameter", name), breakable(name))
    return shown + (Markup(" {}").format(mathml(symbol)) if symbol else Markup())


def prediction(said: str) -> Markup:
    """Return what pure equilibria lead to, as tables of thresholds write it.

    Parameters
    ----------
    said : str

    Returns
    -------
    markupsafe.Markup
    """
    return breakable("no pure equilibrium" if said == "(none)" else said)


def sources(scenario: Scenario, identifiers: Iterable[str]) -> Markup:
    """Return identifiers of evidence, linked to the statements.

    Parameters
    ----------
    scenario : Scenario
    identifiers : iterable of str

    Returns
    -------
    markupsafe.Markup
    """
    return Markup(" ").join(
        Markup('<a href="#{}">{}</a>').format(address("evidence", name), name)
        if name in scenario.evidence
        else Markup("{}").format(name)
        for name in identifiers
    )


def link(text: str) -> Markup:
    """Return a source: an address that can be followed, or the text that it is.

    Parameters
    ----------
    text : str

    Returns
    -------
    markupsafe.Markup
        Only addresses of the web become links.

    Examples
    --------
    >>> print(link("https://example.org/a"), link("javascript:alert(1)"))
    <a href="https://example.org/a" rel="noreferrer">example.org/<wbr>a</a> javascript:alert(1)
    """
    if not text.startswith(("https://", "http://")):
        return Markup("{}").format(text)
    shown = breakable(text.partition("://")[2].rstrip("/"))
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(text, shown)


def address(kind: str, name: str) -> str:
    """Return the address of something within the page.

    Parameters
    ----------
    kind, name : str

    Returns
    -------
    str
        Letters, digits, hyphens and underscores; different for different names.

    Examples
    --------
    >>> address("evidence", "E 12")
    'evidence-E_20_12'
    """
    safe = "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in name)
    return f"{kind}-{safe}"
