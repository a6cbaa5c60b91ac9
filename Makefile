# Imprimatur: `make run` starts the site on this machine, `make test` runs the suite, `make check` reads the code.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$python >/dev/null 2>&1 && $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
SAFE := DJANGO_SETTINGS_MODULE=config.settings SECRET_KEY=only-for-the-checks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG \
	SITE_URL=https://answers.example.org ALLOWED_HOSTS=answers.example.org DEBUG=0 VAR_DIR=var/check

.PHONY: run test check soak clean python

run: $(VENV)/.runs
	@DEBUG=1 PORT=$(PORT) $(BIN)/python manage.py run_site --port $(PORT)

test: $(VENV)/.tests
	@$(BIN)/python -m tests.both

check: $(VENV)/.tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(SAFE) $(BIN)/mypy .
	$(SAFE) $(BIN)/python manage.py check_templates
	$(SAFE) $(BIN)/python manage.py makemigrations --check --dry-run
	$(SAFE) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(SAFE) $(BIN)/python manage.py draw_workflow --check
	@bash .ci/audit $(BIN)

soak: $(VENV)/.tests
	@SOAK=1 $(BIN)/python -m tests.both

python:
	@test -n "$(PYTHON)" || { echo "Imprimatur needs Python 3.11 or newer: install it first (on Debian and Ubuntu: the packages python3 and python3-venv)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install the package python3-venv."; exit 1; }

# A stamp is older than a changed list of pins, so that what changed is installed before the next run.
$(VENV)/.runs: requirements.txt | python
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the site needs (a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.tests: requirements-dev.txt | python
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the tests need (a minute the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.runs

clean:
	rm -rf $(VENV) var .pytest_cache .mypy_cache .ruff_cache
