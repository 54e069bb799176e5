# make dashboard: set everything up and serve the dashboard.  make test: set everything up and run all tests.
PORT ?= 8501
PYTHON ?= python3
BIN := .venv/bin

.PHONY: dashboard test lint update check clean

dashboard: .venv/runtime
	$(BIN)/streamlit run dashboard/server.py --server.port $(PORT)

test: .venv/development
	$(BIN)/python tests/chromium.py
	$(BIN)/python -m pytest -n 3 --dist loadfile  # two cores: much of the time is waiting for answers and pages

lint: .venv/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

update: .venv/runtime
	$(BIN)/python -m fetchers update

check: .venv/runtime
	$(BIN)/python -m data check

.venv/runtime: requirements.txt
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || { echo "The venv module is missing: sudo apt-get install python3-venv"; exit 1; }
	@echo "Setting up .venv, once: this takes a minute"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/development: .venv/runtime requirements-dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache test-results
