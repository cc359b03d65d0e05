# Two commands: `make run` shows a development year in the browser, `make test` proves it.

VENV := .venv
BIN := $(VENV)/bin
# Stamps: a step is done again only when what it reads has changed.
RUN_READY := $(VENV)/.ready-to-run
TEST_READY := $(VENV)/.ready-to-test
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard idp/translations/*/LC_MESSAGES/*.po))
WORKERS ?= 2

.PHONY: help setup run test test-setup lint types contracts check pytest bench translations lock clean
.DELETE_ON_ERROR:

help:
	@echo 'make setup   the virtual environment, ready: .venv/bin/idp'
	@echo 'make run     set up, build the demonstration years if missing, serve them (PORT=8000)'
	@echo 'make test    set up, check and test everything (ARGS="..." for pytest)'
	@echo 'make lint    ruff, mypy, import contracts'
	@echo 'make bench   run one benchmark: NAME=pdf'
	@echo 'make translations   bring the English catalogue up to date with the Thai messages'
	@echo 'make lock    resolve the locked versions again'
	@echo 'make clean   remove what was built (not var/, which holds data)'

setup: $(RUN_READY) $(CATALOGUES)

# The test lock holds every package of the other, so that whichever ran last leaves a working set.
$(RUN_READY): requirements.lock pyproject.toml .ci/setup
	.ci/setup packages run
	.ci/setup venv
	.ci/setup install requirements.lock
	@touch $@

$(TEST_READY): requirements-test.lock pyproject.toml .ci/setup
	.ci/setup packages test
	.ci/setup venv
	.ci/setup install requirements-test.lock
	@touch $@ $(RUN_READY)

%.mo: %.po | $(RUN_READY)
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

run: setup
	$(BIN)/idp demo --if-missing
	@exec $(BIN)/idp serve $(if $(PORT),--port $(PORT))

test-setup: $(TEST_READY) $(CATALOGUES)

test: test-setup
	@$(MAKE) --no-print-directory check pytest

check: lint types contracts

lint:
	$(BIN)/ruff check --quiet .
types:
	$(BIN)/mypy --no-error-summary
contracts:
	$(BIN)/lint-imports --no-logo

pytest:
	$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadgroup $(ARGS)

bench: test-setup
	@test -n '$(NAME)' || { echo 'bench: say which one: make bench NAME=pdf' >&2; exit 2; }
	$(BIN)/python -m tests.bench $(NAME)

# The messages in the code and the templates are the source; the template between them and the catalogue is
# thrown away. What the test then names as untranslated is written by hand.
translations: $(RUN_READY)
	@template=$$(mktemp) && trap 'rm -f "$$template"' EXIT && \
	$(BIN)/pybabel --quiet extract --mapping-file idp/translations/babel.cfg --no-location --sort-output \
	  --output-file "$$template" . && \
	$(BIN)/pybabel --quiet update --input-file "$$template" --output-dir idp/translations \
	  --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date

# Without headers and notes: the files name packages and hashes, never the place they came from.
lock: test-setup
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra s3 pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --extra s3 --extra test pyproject.toml -o requirements-test.lock

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .import_linter_cache .hypothesis $(CATALOGUES)
	find idp workers tests migrations -name __pycache__ -type d -exec rm -rf {} +
