# Everything happens in .venv, which this file makes. `make help` lists the targets.
.NOTPARALLEL:
.PHONY: help lab test bench fuzz pyodide outputs slides wheelhouse screenshots constraints clean

PYTHON ?= python3
ARGS ?=
SECONDS ?= 60
SEED ?=
WHEELHOUSE ?=
FOR ?=
FOR_PYTHON ?= 3.12
PYODIDE = 314.0.6

PIP = .venv/bin/python -m pip --disable-pip-version-check --no-input
# Tests and stored outputs know nothing of the progress of whoever makes them.
test bench outputs screenshots: export MFA_LAB_PROGRESS = off
# A file's tests stay together: they share an account, a kernel or a page. In their own order, since
# the files with the fewest tests, in a browser, take longest and must not begin last.
PARALLEL = -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
NBVAL = --nbval --nbval-current-env --nbval-cell-timeout=120

# Where packages come from: the usual index, or the folder that `make wheelhouse` filled, alone.
FROM = $(if $(WHEELHOUSE),--no-index --find-links '$(WHEELHOUSE)')

# What uv and pip call the systems that FOR may name. pip takes only what is tagged exactly so.
UV_windows = x86_64-pc-windows-msvc
UV_macos = aarch64-apple-darwin
UV_linux = x86_64-manylinux_2_28
TAGS_windows = win_amd64
TAGS_macos = macosx_14_0_arm64 macosx_14_0_universal2
TAGS_linux = manylinux_2_28_x86_64 manylinux_2_17_x86_64 manylinux2014_x86_64 manylinux_2_5_x86_64

# .venv/made holds the folder that .venv was made in. Where the folder was moved or copied, or the
# Python under .venv is gone, it is forgotten here, and with it everything is made anew.
FORGOTTEN := $(shell test -x .venv/bin/python && test "$$(cat .venv/made 2>&1)" = "$$(pwd -P)" \
	|| rm -f .venv/made)

help:
	@echo 'make lab          build .venv, install, open JupyterLab at the first notebook'
	@echo '                  make lab ARGS="--lang ja --no-browser --port 8899" passes options on'
	@echo 'make test         run every check and test; MFA_LAB_BROWSER=required makes a missing'
	@echo '                  Chromium a failure instead of a skip'
	@echo 'make bench        run the benchmarks'
	@echo 'make fuzz         compare the evaluator with the reference on drawn cases, then the outcomes'
	@echo '                  of cells with drawn requests, on all cores;'
	@echo '                  make fuzz SECONDS=600 SEED=1 says for how long and on which'
	@echo 'make pyodide      run what a browser will need in the Python of browsers; needs npm'
	@echo 'make outputs      run every notebook and store its outputs'
	@echo 'make slides       write the lessons as slides into slides/, one HTML file each, for any browser'
	@echo 'make wheelhouse   collect every package in wheelhouse/, for a room without a network;'
	@echo '                  make wheelhouse FOR=windows (or macos, linux) FOR_PYTHON=3.12 adds those'
	@echo '                  of another system; make lab WHEELHOUSE=wheelhouse then installs from there'
	@echo 'make screenshots  take the pictures of the READMEs anew'
	@echo 'make constraints  renew constraints.txt: the newest versions within the ranges'
	@echo 'make clean        remove .venv, slides/ and what the tools left behind, but not wheelhouse/'
	@echo
	@echo 'Python 3.11 or newer is needed; make PYTHON=python3.12 lab chooses one.'

lab: .venv/installed-lab
	@.venv/bin/mfa-lab open $(ARGS)

test: .venv/installed-test
	@echo '== ruff check'
	@.venv/bin/ruff check
	@echo '== ruff format --check'
	@.venv/bin/ruff format --check
	@echo '== mypy'
	@.venv/bin/mypy
	@echo '== pytest'
	@.venv/bin/pytest -q -rs $(PARALLEL)
	@echo '== pytest --nbval'
	@if find notebooks -name '*.ipynb' 2>/dev/null | grep -q .; then \
		.venv/bin/pytest -q -rs $(PARALLEL) $(NBVAL) notebooks; \
	else \
		echo 'no notebook yet'; \
	fi

bench: .venv/installed-bench
	@if test -d tests/benchmarks; then \
		.venv/bin/pytest -q tests/benchmarks; \
	else \
		echo 'no benchmark yet'; \
	fi

fuzz: .venv/installed-test
	@.venv/bin/python -m tests.reference.fuzz --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))
	@.venv/bin/python -m tests.analysis.requests.fuzz --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

# The packages are those of .venv: what is compiled there cannot be imported, as in a browser.
pyodide: .venv/installed-lab
	@command -v npm > /dev/null 2>&1 || { echo 'npm is needed, which brings Pyodide.' >&2; exit 1; }
	@npm install --silent --no-save --no-audit --no-fund --prefix .venv/pyodide pyodide@$(PYODIDE)
	@node tests/pyodide/run.mjs .venv/pyodide/node_modules/pyodide tests/pyodide/steps.py . \
		"$$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"

outputs: .venv/installed-test
	@.venv/bin/python tests/notebooks/store_outputs.py

slides: .venv/installed-lab
	@.venv/bin/mfa-lab slides $(ARGS) slides

# hatchling and editables build the package itself, for `make lab WHEELHOUSE=wheelhouse`.
# For another system uv says what it needs, since pip asks the markers of this one.
wheelhouse: .venv/made
	@test -z '$(FOR)' || test -n '$(UV_$(FOR))' || { \
		echo 'FOR must be windows, macos or linux, but is $(FOR).' >&2; exit 1; }
	@echo 'Collecting packages into wheelhouse/ (a minute or two) ...'
	@rm -f wheelhouse/mfa_lab-*.whl
	@$(PIP) wheel -qq -c constraints.txt -w wheelhouse . hatchling editables
	@cp constraints.txt wheelhouse/constraints.txt
	@cp data/workshop/install.en.md wheelhouse/README.md
	@cp data/workshop/install.ja.md wheelhouse/README.ja.md
ifneq ($(FOR),)
	@echo 'Collecting those of $(FOR), Python $(FOR_PYTHON) ...'
	@$(PIP) install -qq --upgrade --target .venv/uv uv
	@.venv/uv/bin/uv pip compile -q --python-platform $(UV_$(FOR)) --python-version $(FOR_PYTHON) \
		--no-annotate --no-header --no-emit-index-url -c constraints.txt pyproject.toml \
		> .venv/for.txt
	@$(PIP) download -qq --no-deps --only-binary=:all: -d wheelhouse --python-version $(FOR_PYTHON) \
		$(TAGS_$(FOR):%=--platform %) -r .venv/for.txt
endif
	@echo 'Copy wheelhouse/ to the other machines; its README says what to do there.'

screenshots: .venv/installed-test
	@.venv/bin/pytest -q tests/browser/take_screenshots.py

# uv resolves for every system and Python at once, with markers where they differ. It stands in a
# folder of its own, since it is no part of what constraints.txt names. --fork-strategy fewest: one
# version for all where there is one, since stored outputs are compared.
constraints: .venv/made
	@echo 'Resolving the newest versions within the ranges of pyproject.toml ...'
	@$(PIP) install -qq --upgrade --target .venv/uv uv
	@.venv/uv/bin/uv pip compile -q --universal --python-version 3.11 \
		--fork-strategy fewest --extra test --extra bench \
		--no-annotate --no-header --no-emit-index-url pyproject.toml > .venv/pins.txt
	@{ sed -n '/^#/p' constraints.txt; cat .venv/pins.txt; } > .venv/constraints.txt
	@mv .venv/constraints.txt constraints.txt
	@echo 'constraints.txt is renewed. Run make test before committing it.'

clean:
	@rm -rf .venv slides build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .benchmarks
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp that is newer than these files says that nothing needs to be installed again.
.venv/installed-lab: .venv/made pyproject.toml constraints.txt
	@echo 'Installing the lab into .venv (a minute or two the first time) ...'
	@$(PIP) install -qq $(FROM) -c constraints.txt -e .
	@touch $@

.venv/installed-test: .venv/made pyproject.toml constraints.txt
	@echo 'Installing the lab and its tests into .venv (a minute or two the first time) ...'
	@$(PIP) install -qq $(FROM) -c constraints.txt -e '.[test]'
	@touch $@

.venv/installed-bench: .venv/made pyproject.toml constraints.txt
	@echo 'Installing the lab, its tests and benchmarks into .venv ...'
	@$(PIP) install -qq $(FROM) -c constraints.txt -e '.[test,bench]'
	@touch $@

.venv/made:
	@command -v '$(PYTHON)' > /dev/null 2>&1 || { \
		echo 'Python 3.11 or newer is needed, but there is no $(PYTHON) here; make PYTHON=/path/to/python3 names another.' >&2; \
		exit 1; }
	@'$(PYTHON)' -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, but $(PYTHON) is $$('$(PYTHON)' -V 2>&1); make PYTHON=/path/to/python3 names another." >&2; \
		exit 1; }
	@'$(PYTHON)' -c 'import venv, ensurepip' 2> /dev/null || { \
		echo '$(PYTHON) cannot make a virtual environment; on Debian and Ubuntu, "apt-get install python3-venv" mends that.' >&2; \
		exit 1; }
	@echo 'Making .venv with $(PYTHON) ...'
	@'$(PYTHON)' -m venv --clear .venv
	@pwd -P > $@
