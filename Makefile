# Two commands: `make run` opens the register with the example company, `make test` runs the suite. Needs CPython 3.11+ with venv, and make.
PYTHON ?= python3
RUN := .venv
DEV := .venv-dev
PORT ?= 8000
MINUTES ?= 5

.PHONY: run test check fuzz test-slow bench law lock clean

run: $(RUN)/ready
	$(RUN)/bin/tanba serve --example examples --port $(PORT)

test: $(DEV)/ready
	$(DEV)/bin/python -m pytest -m "not slow" -n 2 --dist loadfile

check: $(DEV)/ready
	$(DEV)/bin/ruff format --check .
	$(DEV)/bin/ruff check .
	$(DEV)/bin/mypy
	$(DEV)/bin/lint-imports --no-cache
	$(DEV)/bin/tanba law lint --lang en
	$(DEV)/bin/python -m pytest -m "not slow" tests/test_docs.py tests/law/test_cases.py

# Led by coverage where atheris is installed ($(DEV)/bin/python -m pip install atheris); without it inputs are changed blindly.
fuzz: $(DEV)/ready
	cd tests && ../$(DEV)/bin/python -m fuzz --minutes $(MINUTES)

test-slow: $(DEV)/ready
	$(DEV)/bin/python -m pytest -m slow

bench: $(DEV)/ready
	$(DEV)/bin/python -m benchmarks

# Locks name no registry: hashes only. `make lock` refreshes them with uv.
lock:
	uv pip compile --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q pyproject.toml locks/build.in -o locks/run.txt
	uv pip compile --universal --no-strip-extras --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q pyproject.toml --all-extras --group dev locks/build.in -c locks/run.txt -o locks/dev.txt
	python3 locks/both.py locks/run.txt locks/dev.txt

$(RUN)/ready: locks/run.txt pyproject.toml
	$(PYTHON) -m venv $(RUN)
	$(RUN)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r locks/run.txt
	$(RUN)/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(DEV)/ready: locks/dev.txt pyproject.toml
	$(PYTHON) -m venv $(DEV)
	$(DEV)/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r locks/dev.txt
	$(DEV)/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf $(RUN) $(DEV) .mypy_cache .ruff_cache .hypothesis
