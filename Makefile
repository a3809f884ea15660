# `make demo` shows the product on the sample newsroom, `make test` checks it. Both do their own set-up.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test check near returns fuzz-api bench crash-test lock words clean

demo: $(VENV)/.installed
	$(BIN)/digest run --dry-run

test: check
	$(BIN)/python -m pytest -n auto --dist worksteal

check: $(VENV)/.developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/.developed
	$(BIN)/python -m bench

# Near duplicates against labelled stories: precision, recall, and each pair that was taken wrongly.
near: $(VENV)/.developed
	$(BIN)/python -m tests.near

# Mail that comes back against real bounces: what is understood rightly, and each mail that is not.
returns: $(VENV)/.developed
	$(BIN)/python -m tests.returns

# Asks the JSON of the sign-up whatever its description allows, and what it does not: a minute or two.
fuzz-api: $(VENV)/.developed
	$(BIN)/python -m tests.api

# Kills senders at some hundred instants and counts what arrived: a quarter of an hour.
crash-test: $(VENV)/.developed
	$(BIN)/python -m tests.crash

# Brings the catalogues up to what the templates say; a test then names what is left to translate.
words: $(VENV)/.developed
	mkdir -p var
	$(BIN)/pybabel --quiet extract --mapping=pyproject.toml --no-location --no-wrap --sort-by-file --output=var/words.pot .
	for file in digest/render/locale/*.po; do \
		$(BIN)/pybabel --quiet update --ignore-obsolete --no-wrap --no-fuzzy-matching --ignore-pot-creation-date \
			--input-file=var/words.pot --output-file=$$file --locale=$$(basename $$file .po) && \
		sed --in-place '/^"\(Project-Id\|Report-Msgid\|POT-Cre\|PO-Rev\|Last-Tr\|Language-Team\|Generated\)/d' $$file; done

# New pins for everything, for every system and Python that the package supports.
lock: $(VENV)/.developed
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 \
		pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header --python-version 3.11 --extra dev \
		pyproject.toml --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) build dist *.egg-info var outbox issues

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it like this: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is incomplete. On Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --editable .
	@touch $@

$(VENV)/.developed: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	$(PIP) install --no-deps --editable .
	@touch $@ $(VENV)/.installed
