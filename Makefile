# `make demo` and `make test` do everything on a machine that has Python 3.11 or newer and make.

PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11,$(shell \
	$(name) -c 'import sys; sys.version_info >= (3, 11) and print("$(name)")' 2>/dev/null)) \
	a-python3-of-at-least-3.11)
BIN := .venv/bin
DEMO := build/demo/hello.exe
PYTEST := $(BIN)/python -m pytest -n 2
JOBS := $(MAKE) --no-print-directory -j 2 --output-sync=target

export ZIG_GLOBAL_CACHE_DIR := $(CURDIR)/build/guest/zig
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export NO_MKDOCS_2_WARNING := 1

.PHONY: demo test bench corpus docs clean guest-dlls check-static check-quick check-slow

demo: .venv/.installed guest-dlls $(DEMO)
	$(BIN)/picorun --trace $(DEMO) one "two words"

test: .venv/.test-installed .venv/.docs-installed guest-dlls
	@$(JOBS) check-slow check-quick docs

docs: .venv/.docs-installed
	$(BIN)/mkdocs build --quiet --strict

bench: .venv/.test-installed guest-dlls
	mkdir -p build && $(BIN)/python -m bench --json build/bench.json

# Every case of the corpus, where there is one: programs from public registries, and what they print.
CORPUS ?= $(firstword $(wildcard ../shared/corpus ../../shared/corpus))

corpus: .venv/.test-installed guest-dlls
ifeq ($(CORPUS),)
	@echo "skipped: there is no ../shared/corpus; CORPUS=DIR names a directory with corpus.py"
else
	$(BIN)/python $(CORPUS)/corpus.py fetch
	$(BIN)/python $(CORPUS)/corpus.py run --jobs 2 --command '$(CURDIR)/$(BIN)/picorun --rw --env'
endif

clean:
	rm -rf build dist guest/system32 provider/nt/call_index.txt .mypy_cache .pytest_cache .ruff_cache .hypothesis

# The project is built without pip's isolation, so that zig (90 MB) is unpacked once, not twice.
.venv/.created: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -c 'import tomllib; \
		print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' \
		> .venv/build-requirements.txt
	$(BIN)/python -m pip install --quiet -r .venv/build-requirements.txt
	touch $@

.venv/.installed: .venv/.created
	$(BIN)/python -m pip install --quiet --no-build-isolation --editable .
	$(BIN)/python -m compileall -q emu loader provider guest picorun
	touch $@

.venv/.test-installed: .venv/.installed
	$(BIN)/python -m pip install --quiet --no-build-isolation --editable '.[test]'
	touch $@

.venv/.docs-installed: .venv/.installed
	$(BIN)/python -m pip install --quiet --no-build-isolation --editable '.[docs]'
	touch $@

# Incremental by the content of its inputs, so it may run every time.
guest-dlls: .venv/.installed
	@$(BIN)/python -m guest.build

$(DEMO): tests/programs/hello.c .venv/.created
	@mkdir -p $(@D)
	$(BIN)/python -m ziglang cc -target x86-windows-gnu -s -o $@ $<

check-static:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check-quick: check-static
	$(PYTEST) -m "not slow"

check-slow:
	$(PYTEST) -m slow
