"""Hypothesis profiles, the same examples every time unless exploring is asked for; and a browser.

``HYPOTHESIS_PROFILE=explore pytest tests`` looks for new counterexamples.
"""

import os
import shutil
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

settings.register_profile("deterministic", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "deterministic"))

os.environ.setdefault("MPLBACKEND", "Agg")  # before matplotlib is imported: no display is needed

import bargain  # noqa: E402, F401 - before doctests are collected: pytest would import their modules a second time


class Visit(NamedTuple):
    """A page in the browser, what it asked for, and what went wrong."""

    page: Any
    requests: list[str]
    problems: list[str]


@pytest.fixture(scope="module")  # no longer: its event loop would be in the way of other tests' loops
def browser():
    """Headless Chromium; where there is none, a skip that says so."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("there is no Chromium here; Debian's package is called chromium")
    switches = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
    ]
    switches += ["--disable-sync", "--no-first-run", "--disable-dev-shm-usage"]
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=path, args=switches)
        yield running
        running.close()


@pytest.fixture
def visit(browser):
    """Open a local page without a network: ``visit(path, width=390, color_scheme="dark", media="print")``."""
    contexts = []

    def open_page(path, *, width=1280, height=900, **emulated):
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, offline=True))
        page = contexts[-1].new_page()
        found = Visit(page, [], [])
        page.on("request", lambda request: found.requests.append(request.url))
        page.on("requestfailed", lambda request: found.problems.append(f"failed: {request.url}"))
        page.on("pageerror", lambda error: found.problems.append(str(error)))
        page.on(
            "console",
            lambda said: found.problems.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.emulate_media(**emulated)
        page.goto(path.resolve().as_uri())
        return found

    yield open_page
    for context in contexts:
        context.close()
