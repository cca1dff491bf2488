# Everything a newcomer needs: `make demo` and `make test`. Needs python3 >= 3.11 with venv, and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test check format docs bench oldest clean help

help:            ## List the verbs
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "bargain needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Try make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.base: pyproject.toml | $(BIN)/python
	$(PIP) install -e .
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	$(PIP) install -e '.[test]'
	@touch $@ $(VENV)/.base

$(VENV)/.check: pyproject.toml | $(BIN)/python
	$(PIP) install -e '.[test,check,docs]'
	@touch $@ $(VENV)/.base $(VENV)/.test

demo: $(VENV)/.base  ## Answer the GSOMIA question: tables on the terminal, one page, pictures and CSV in out/gsomia/
	$(BIN)/bargain report gsomia --out out/gsomia

test: $(VENV)/.test  ## Run the tests
	$(BIN)/python -m pytest -q -n auto

check: $(VENV)/.check  ## Lint, format, strict types, layers, documentation with warnings as errors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py
	$(MAKE) docs VENV=$(VENV)

format: $(VENV)/.check  ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.check  ## Build the site into docs/_build/html, and open it in a browser where there is one
	$(BIN)/sphinx-build -n -T -W --keep-going -q -b html docs docs/_build/html
	$(BIN)/python -m pytest -q tests/test_site.py

bench: $(VENV)/.test  ## Print the tables of benchmarks/
	for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

oldest:          ## Run the tests with the oldest versions that pyproject.toml allows, in an environment of their own
	$(PYTHON) -m venv $(VENV)-oldest
	$(PYTHON) tests/oldest_versions.py > $(VENV)-oldest/constraints.txt
	$(VENV)-oldest/bin/python -m pip --quiet install -e '.[test]' -c $(VENV)-oldest/constraints.txt
	$(VENV)-oldest/bin/python -m pytest -q -n auto -W ignore::DeprecationWarning  # old packages say so of new ones

clean:           ## Remove what was generated
	rm -rf $(VENV) $(VENV)-oldest out docs/_build docs/gallery docs/generated build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
