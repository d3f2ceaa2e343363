# Lắng Nghe. `make run` sets up everything and serves the hotline; `make test` sets up and tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check install --no-deps --require-hashes --progress-bar on
CODE := app.py config recordings transcription casebook ivr tests

.PHONY: help run call test test-quick check format bench bench-speech bench-understanding models lock setup setup-dev clean

help:
	@echo "make run        cài đặt và chạy đường dây nóng"
	@echo "make call       gọi thử một cuộc (khi đường dây nóng đang chạy)"
	@echo "make test       cài đặt và chạy mọi kiểm thử"
	@echo "make check      ruff, mypy, import-linter"
	@echo "make bench      đo tốc độ"

run: setup
	@exec $(PY) app.py run

call: setup
	@$(PY) app.py call $(ARGS)

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Cần Python 3.11 trở lên; đang có: $$($(PYTHON) --version 2>&1). Chạy: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "Không tạo được môi trường Python; trên Debian/Ubuntu: apt-get install python3-venv"; exit 1; }

$(VENV)/.ready: requirements.txt | $(VENV)/bin/python
	@echo "Cài các gói cần thiết (lần đầu mất khoảng một phút)…"
	@$(PIP) -r requirements.txt || { echo "Không cài được gói; kiểm tra kết nối tới kho gói Python rồi chạy lại."; exit 1; }
	@touch $@

$(VENV)/.ready-dev: requirements-dev.txt $(VENV)/.ready
	@echo "Cài các gói để kiểm thử…"
	@$(PIP) -r requirements-dev.txt || { echo "Không cài được gói kiểm thử; kiểm tra kết nối rồi chạy lại."; exit 1; }
	@touch $@

# Tests that need a model say that they were skipped where none can be fetched.
models: setup
	@$(PY) app.py models install viet-ctc whisper-base $(EXTRA_MODELS) || echo "Chưa cài được mô hình; các kiểm thử cần mô hình sẽ được bỏ qua."

test: setup-dev models
	@$(BIN)/pytest

test-quick: setup-dev
	@$(BIN)/pytest -m "not slow"

check: setup-dev
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy app.py
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup-dev
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

bench: setup-dev models
	@$(PY) -m tests.bench

bench-speech: setup-dev models
	@$(PY) -m tests.bench.speech $(ARGS)

bench-understanding: setup-dev
	@$(PY) -m tests.bench.understanding $(ARGS)

# Pins and hashes for every platform; torch is named by Silero's wheel but its ONNX model does not need it.
lock: setup-dev
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--override requirements-overrides.txt requirements.in -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--override requirements-overrides.txt requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
