# Everything here needs Python 3.11 or later with venv, and make.
# The first run of a target sets up what it needs; later runs start at once.
# Another Python: make audit PYTHON=python3.12
# Another place for the environment: make audit VENV=/tmp/claimtrack-venv

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

# What is installed, as files: a change of pyproject.toml installs again. The installation is
# editable, so a change of the code counts at once.
INSTALLED := $(VENV)/.claimtrack-installed
INSTALLED_DEV := $(VENV)/.claimtrack-installed-dev
INSTALLED_BENCH := $(VENV)/.claimtrack-installed-bench

PIP := "$(BIN)/python" -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help audit test quick test-long test-any-order coverage sizes lint format docs tables pictures examples bench mutation clean

help:
	@echo "make audit      set up, and print the audit of examples/china_russia_2017 as of today"
	@echo "make test       set up for development, and run the tests"
	@echo "make quick      the tests of the model, the engine and the registry, with few examples (20 s)"
	@echo "make test-long  the laws, spans and files with 5,000 examples each, and many more seeds (hours)"
	@echo "make test-any-order  the tests with other hash seeds, in other orders, and in the year 2031"
	@echo "make coverage   the tests, and which lines and branches they did not reach"
	@echo "make sizes      the modules that may be too long, or too short to stand alone"
	@echo "make lint       ruff and mypy"
	@echo "make format     let ruff rewrite what it can"
	@echo "make docs       build the documentation into docs/_build/html"
	@echo "make tables     write the generated tables in README.md and docs/ again"
	@echo "make examples   run every script in examples/"
	@echo "make bench      print what everything costs beside its target; BENCH=--full for full sizes"
	@echo "make mutation   change the engine in small places, and see that tests notice (long; MUTATE=FILES)"
	@echo "make clean      remove the environment and everything that was built"

audit: $(INSTALLED)
	@"$(BIN)/claimtrack" audit examples/china_russia_2017 --counts speaker --counts kind

test: $(INSTALLED_DEV)
	"$(BIN)/python" -m pytest --numprocesses auto --dist loadgroup

# What to run while editing the rules. Nothing here starts a process, and few examples are drawn.
quick: $(INSTALLED_DEV)
	HYPOTHESIS_PROFILE=fast "$(BIN)/python" -m pytest --numprocesses auto -m "not slow" \
		tests/model tests/engine tests/test_registry.py

# Where properties hold the rules, the spans and the files; the others gain little by more examples.
LAWS := tests/properties tests/oracle tests/strategies tests/bulk tests/engine tests/model \
	tests/files

test-long: $(INSTALLED_DEV)
	CLAIMTRACK_LONG=1 HYPOTHESIS_PROFILE=long "$(BIN)/python" -m pytest \
		--numprocesses auto --dist worksteal $(LAWS)

# No result may depend on the order of hashes, the order of the tests or the day. Extra arguments
# for pytest, such as some of the files: make test-any-order ORDER=tests/plugin
HASH_SEEDS := 1 2 3 4 5 6 7 8 9 10
SHUFFLES := 1 2 3
FAKETIME ?= $(firstword $(wildcard /usr/lib/*/faketime/libfaketime.so.1 /usr/lib/faketime/libfaketime.so.1))

test-any-order: $(INSTALLED_DEV)
	@set -e; for seed in $(HASH_SEEDS); do echo "PYTHONHASHSEED=$$seed"; \
		PYTHONHASHSEED=$$seed "$(BIN)/python" -m pytest --quiet --numprocesses auto --dist loadgroup $(ORDER); done
	@set -e; for seed in $(SHUFFLES); do echo "CLAIMTRACK_TEST_ORDER=$$seed"; \
		CLAIMTRACK_TEST_ORDER=$$seed "$(BIN)/python" -m pytest --quiet --numprocesses auto --dist loadgroup $(ORDER); done
	@if [ -z "$(FAKETIME)" ]; then echo "libfaketime is not installed: not run in 2031"; else \
		echo "in 2031"; LD_PRELOAD="$(FAKETIME)" FAKETIME="@2031-03-01 12:00:00" \
		"$(BIN)/python" -m pytest --quiet --numprocesses auto --dist loadgroup $(ORDER); fi

coverage: $(INSTALLED_DEV)
	"$(BIN)/python" -m coverage run -m pytest
	"$(BIN)/python" -m coverage report

sizes: $(INSTALLED_DEV)
	@"$(BIN)/python" -m tests.test_architecture

lint: $(INSTALLED_DEV)
	"$(BIN)/ruff" check .
	"$(BIN)/ruff" format --check .
	"$(BIN)/mypy"

format: $(INSTALLED_DEV)
	"$(BIN)/ruff" check --fix .
	"$(BIN)/ruff" format .

docs: $(INSTALLED_DEV)
	"$(BIN)/python" -m sphinx --fail-on-warning --keep-going --quiet docs docs/_build/html
	@echo "docs/_build/html/index.html"

tables: $(INSTALLED_DEV)
	"$(BIN)/python" docs/tables.py

pictures: $(INSTALLED_DEV)
	"$(BIN)/python" docs/pictures.py

examples: $(INSTALLED)
	@set -e; for script in examples/*.py; do \
		echo "$$script"; "$(BIN)/python" "$$script"; \
	done

bench: $(INSTALLED_BENCH)
	"$(BIN)/python" benchmarks/bench.py $(BENCH)

# On a copy, so that what is edited meanwhile does not count. For some modules, or some mutants:
# make mutation MUTATE="claimtrack/model/span.py claimtrack/engine/weigh.py --sample 40"
mutation: $(INSTALLED_DEV)
	$(PIP) install cosmic-ray
	rm -rf build/mutation && mkdir -p build/mutation
	cp -R claimtrack tests docs examples pyproject.toml README.md CHANGELOG.md build/mutation
	cd build/mutation && "$(abspath $(BIN))/python" tests/mutation/run.py $(MUTATE)

clean:
	rm -rf build "$(VENV)" docs/_build .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Asked of pip and not of a file, so that an interrupted set-up is mended by the next one.
define ENVIRONMENT
@"$(BIN)/python" -m pip --version >/dev/null 2>&1 || { \
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "claimtrack needs Python 3.11 or later; run: make PYTHON=python3.11" >&2; exit 1; }; \
	echo "making an environment in $(VENV)"; \
	"$(PYTHON)" -m venv "$(VENV)"; }
endef

$(INSTALLED): pyproject.toml
	$(ENVIRONMENT)
	@echo "installing claimtrack into $(VENV)"
	@$(PIP) install --editable .
	@touch "$@"

$(INSTALLED_DEV): pyproject.toml
	$(ENVIRONMENT)
	@echo "installing claimtrack and what its development needs into $(VENV)"
	@$(PIP) install --editable '.[dev]'
	@touch "$(INSTALLED)" "$@"

# What is missing is left out of the benchmarks, so that the others run without a network too.
$(INSTALLED_BENCH): $(INSTALLED_DEV)
	@echo "installing what the benchmarks compare with"
	@if $(PIP) install --editable '.[bench]'; then touch "$@"; fi
