"""Documentation is code: every Python block runs, what it shows is what it prints, every command exists.

``UPDATE_DOCS=1 pytest tests/test_docs.py`` rewrites what is shown, and the JSON Schema of the scenario file.
"""

import contextlib
import importlib.util
import io
import json
import os
import re
import shlex
from pathlib import Path

import pytest

import bargain
from bargain.cli.main import VERBS, verb
from bargain.references.bibliography import bibliography
from bargain.scenarios.schema import json_schema

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
GENERATED = {"_build", "generated", "gallery"}
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    if not GENERATED.intersection(path.relative_to(ROOT).parts)
)
FENCE = re.compile(r"^```(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"[+-]?\d+\.\d+")
UPDATE = "UPDATE_DOCS" in os.environ
RUNNING = [page for page in PAGES if "```python\n" in (ROOT / page).read_text(encoding="utf-8")]


def run_page(text):
    """Run a page's Python blocks in one namespace; yield (match of a shown block, what was printed)."""
    namespace = {"__name__": "__page__"}
    printed, end = None, 0
    for block in FENCE.finditer(text):
        if block[1] == "python":
            out = io.StringIO()
            line = text[: block.start()].count("\n") + 1
            with contextlib.redirect_stdout(out):
                # Blank lines in front, so that a traceback names the page's own line.
                exec(compile("\n" * line + block[2], "page", "exec", dont_inherit=True), namespace)  # noqa: S102
            printed, end = "\n".join(line.rstrip() for line in out.getvalue().splitlines()), block.end()
        elif block[1] == "text" and printed is not None and not text[end : block.start()].strip():
            yield block, printed
            printed = None


def same(shown, printed):
    """Compare word by word; numbers with a decimal point may differ by 0.01, or by one in a hundred."""
    first, second = shown.split(), printed.split()
    return len(first) == len(second) and all(map(_same_word, first, second))


def _same_word(first, second):
    numbers = [[float(number) for number in NUMBER.findall(word)] for word in (first, second)]
    return NUMBER.sub("#", first) == NUMBER.sub("#", second) and all(
        abs(a - b) <= 0.01 * max(1, abs(a)) for a, b in zip(*numbers, strict=True)
    )


@pytest.mark.parametrize("page", RUNNING)
def test_python_blocks_run_and_print_what_is_shown(page, tmp_path, monkeypatch):
    from matplotlib import pyplot as plt

    monkeypatch.chdir(tmp_path)
    text = (ROOT / page).read_text(encoding="utf-8")
    scenario = "\n".join(block[2] for block in FENCE.finditer(text) if block[1] == "toml")
    Path("my-dispute.toml").write_text(scenario, encoding="utf-8")
    try:
        shown = list(run_page(text))
    finally:
        plt.close("all")
    if UPDATE:
        for block, printed in reversed(shown):
            text = f"{text[: block.start()]}```text\n{printed}\n```{text[block.end() :]}"
        (ROOT / page).write_text(text, encoding="utf-8")
    else:
        for block, printed in shown:
            assert same(block[2], printed), f"shown:\n{block[2]}\nprinted:\n{printed}"


def test_comparison_of_what_is_shown_can_fail():
    assert same("share 0.783\nlow  0.780", "share 0.784 low 0.781")
    assert not same("share 0.783", "share 0.743")
    assert not same("share 0.783", "shares 0.783")
    assert not same("2 equilibria", "3 equilibria")
    assert not same("one", "one two")


def test_pages_with_python_are_found():
    assert {"README.md", "docs/index.md", "docs/tutorial/first-answer.md"} <= set(RUNNING)


def commands():
    """Yield (page, command line) for every line of a console block."""
    for page in PAGES:
        for block in FENCE.finditer((ROOT / page).read_text(encoding="utf-8")):
            if block[1] in {"console", "sh", "bash", "shell"}:
                for line in block[2].replace("\\\n", " ").splitlines():
                    if line.strip():
                        yield pytest.param(line.strip(), id=f"{page}: {line.strip()}")


@pytest.mark.parametrize("line", list(commands()))
def test_commands_exist_with_their_options(line):
    words = shlex.split(line.removeprefix("$ "))
    while "=" in words[0]:  # settings of the environment
        words.pop(0)
    program, *arguments = words
    if program == "bargain":
        parse(arguments)
    elif program == "make":
        assert set(arguments) <= targets(), f"no such target of the Makefile: {arguments}"
    else:
        assert program.removeprefix(".venv/bin/") in {"python", "python3"}, f"unknown command: {line}"
        if arguments[:1] == ["-m"]:
            assert arguments[1] in {"pip", "pytest", "venv", "bargain"}
        elif arguments:
            assert (ROOT / arguments[0]).is_file()


def parse(arguments):
    """Parse a command line of bargain as it would, without running it."""
    name, *rest = arguments
    assert name in VERBS, f"no such verb: {name}"
    verb(name).make_context(name, rest)


def targets():
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_a_mistyped_command_would_be_found():
    with pytest.raises(AssertionError):
        test_commands_exist_with_their_options("$ bargain sovle gsomia")
    with pytest.raises(Exception, match=r"(?i)no.such.option"):
        test_commands_exist_with_their_options("$ bargain solve gsomia --no-such-option 1")
    with pytest.raises(AssertionError):
        test_commands_exist_with_their_options("$ make coffee")


def test_json_schema_is_current():
    path = DOCS / "reference" / "scenario.schema.json"
    if UPDATE:
        path.write_text(json.dumps(json_schema(), indent=2) + "\n", encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(json.dumps(json_schema()))


def test_readme_shows_the_shares_that_the_demo_prints():
    """The demo's seed with a tenth of its draws: within what sampling allows."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    scenario = bargain.load_scenario("gsomia")
    rows = re.findall(
        r"^  (\d{4}-\d\d \w+) +(\w+/\w+/\w+) +(\d\.\d+) ± \S+ +(\d\.\d+) ± \S+ +(\d\.\d+) ± ",
        text,
        re.MULTILINE,
    )
    assert len(rows) == 6
    assert {name for name, *_ in rows} == set(scenario.settings)
    for setting, outcome, *printed in rows:
        solvers = [bargain.PureNash(), *map(bargain.SubgamePerfect, scenario.orders.values())]
        for solver, share, draws in zip(solvers, printed, (100_000, 20_000, 20_000), strict=True):
            task = scenario.task(setting, draws=draws, seed=7, solver=solver)
            found = bargain.run(task, audit=0).shares().loc[tuple(outcome.split("/")), "share"]
            # In stages the demo has just these draws; all at once it has ten times as many.
            assert float(share) == pytest.approx(found, abs=0.004 if draws > 20_000 else 6e-4)


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page):
    text = FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert ((ROOT / page).parent / target).exists(), target


def test_pictures_are_there():
    for page in PAGES:
        for target in re.findall(r"!\[[^]]*\]\(([^)]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert (ROOT / page).parent.joinpath(target).read_bytes().startswith(b"\x89PNG")


def test_pictures_are_what_the_code_draws_now(tmp_path):
    """Up to what another version of matplotlib moves by a hair."""
    from matplotlib import pyplot as plt
    from matplotlib.testing.compare import calculate_rms

    spec = importlib.util.spec_from_file_location("make_pictures", DOCS / "make_pictures.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    try:
        maker.main(tmp_path)
    finally:
        plt.close("all")
    drawn = {path.name for path in tmp_path.iterdir()}
    assert drawn == {path.name for path in (DOCS / "_static").glob("*.png")}
    for name in drawn:
        kept, now = (
            255 * plt.imread(folder / name)[..., :3].astype(float) for folder in (DOCS / "_static", tmp_path)
        )
        assert kept.shape == now.shape, f"{name}: run docs/make_pictures.py"
        assert calculate_rms(kept, now) < 5, f"{name}: run docs/make_pictures.py"


def test_bibliography_has_every_key_that_a_docstring_cites():
    defined = set(bibliography())
    cited = {
        key
        for path in (ROOT / "src").rglob("*.py")
        for key in re.findall(r"\[(\w+)\]_(?!\w)", path.read_text(encoding="utf-8"))
    }
    assert cited <= defined
    assert {"Nash1951", "Selten1975", "Wilson1927"} <= cited


def test_versions_agree():
    assert f"version: {bargain.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
