# Needs make, Python 3.11 or newer with its venv module, and PyPI. Everything is made inside .venv;
# another Python: make demo PYTHON=/usr/bin/python3.12

PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3 python; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$name"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test test-slow check bench clean

# A process more than there are processors, since some tests wait; each is told to keep what Python compiles, or
# every service that a test starts compiles it anew.
WORKERS = $(shell $(BIN)/python -c "import os; print(min(4, (os.cpu_count() or 1) + 1))")
TESTED = env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

demo: $(VENV)/.installed  ## put the sample bulletins in, ask, and print the cited answer
	@$(BIN)/jianbao demo

test: $(VENV)/.installed-test  ## run the tests but the slow ones, a file to a process at a time
	$(TESTED)

test-slow: $(VENV)/.installed-test  ## run the rest: in a browser, beside the model's own engine, whole journeys
	$(TESTED) -m slow

check: $(VENV)/.installed-dev  ## style, types, layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Each writes its table into build/benchmarks/, all of them together into build/benchmarks.md. Those that were
# measured at length lie in benchmarks/. SETS holds a folder for each public set (corpus.jsonl, queries.jsonl and
# which answer which); without it the peers and the sizes are left out.
SETS ?=
MEASURED := build/benchmarks
bench: $(VENV)/.installed-dev  ## measure this machine, beside the peers too: make bench SETS=folder (under 30 minutes; the first time longer, as the peers are installed)
	@rm -rf $(MEASURED) && mkdir -p $(MEASURED)
	$(BIN)/python -m benchmarks.floor --passages 100 --output $(MEASURED)/1-floor.md
	$(BIN)/python -m benchmarks.profiling --output $(MEASURED)/2-profile.md
	$(BIN)/python -m benchmarks.runtimes --passages 120 --rounds 2 --output $(MEASURED)/3-runtimes.md
	@test -n "$(SETS)" || echo "没有给出 SETS=公开评测集文件夹：与同类软件的比较和规模测量跳过。"
	test -z "$(SETS)" || $(BIN)/python -m benchmarks.peers "$(SETS)" --passages 100 --queries 100 --turns 1 --output $(MEASURED)/4-peers.md
	test -z "$(SETS)" || $(BIN)/python -m benchmarks.peers.growth "$(SETS)" --sizes 1000 10000 100000 --limit 100 --output $(MEASURED)/5-growth.md
	test -z "$(SETS)" || $(BIN)/python -m benchmarks.scale "$(SETS)" --sizes 10000 1000000 --output $(MEASURED)/6-scale.md
	cat $(MEASURED)/*.md > build/benchmarks.md
	@echo "结果都在 build/benchmarks.md"

clean:  ## remove what these targets made
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新的版本，没有找到。请安装后重试，或指明：make demo PYTHON=路径" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); echo "建立虚拟环境失败。Debian/Ubuntu 请先安装 python3-venv。" >&2; exit 1; }
	@touch $@

# Editable: a changed module needs no new installation, only changed dependencies do.
$(VENV)/.installed: $(VENV)/.made pyproject.toml constraints.txt
	@echo "安装依赖（首次需几分钟）……"
	@$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[test]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed-test
	@$(PIP) install --quiet --constraint constraints.txt --editable '.[test,dev]'
	@touch $@
