# Sluice: `make run` sets up and runs the demo, `make test` sets up and passes the tests.
# Both work on a fresh Debian 12 machine with Swift 6.3 on the PATH.

# Build: the libraries' headers. Test: a real upstream and the clients that the end-to-end tests drive.
BUILD_PACKAGES = libcurl4-openssl-dev libhiredis-dev libssl-dev libyaml-dev pkg-config
TEST_PACKAGES = chromium prometheus haproxy nginx-light curl openssl python3 python3-venv nodejs node-graphql redis-server
BENCH_PACKAGES = valgrind python3
SHELL := /bin/bash
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
RELEASE = swift build -c release --product sluice --static-swift-stdlib

# $(call install,PACKAGES): installs those of PACKAGES that are missing, and asks apt only then.
define install
	@missing=; for package in $(1); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  echo "installing:$$missing"; \
	  $(SUDO) apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	fi
endef

.PHONY: run test build release lint format clean

run: release
	.build/release/sluice demo

release:
	$(call install,$(BUILD_PACKAGES))
	$(RELEASE)

build:
	$(call install,$(BUILD_PACKAGES))
	swift build

test: python
	$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	swift build --build-tests
	@swift test --skip-build --disable-xctest 2>&1 | tee .build/test.log; code=$${PIPESTATUS[0]}; \
	if [ $$code != 0 ]; then echo "what failed, again:"; grep -A3 '✘' .build/test.log; fi; exit $$code

# The clients from PyPI that tests drive, in a folder of their own; anew when the list of them changes.
.PHONY: python
python: .build/python/installed
.build/python/installed: Tests/requirements.txt
	$(call install,$(TEST_PACKAGES))
	python3 -m venv .build/python
	.build/python/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

# The suite under the sanitizers; each keeps a build folder of its own. Leaks aren't looked for: the detector doesn't
# know the pointers that Swift keeps in the payloads of enums. Loops of tests may end with the process.
.PHONY: test-address test-thread
test-address test-thread: test-%: python
	$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES))
	ASAN_OPTIONS=detect_leaks=0:suppressions=$(CURDIR)/Tests/address-sanitizer.supp \
	  TSAN_OPTIONS=report_thread_leaks=0:suppressions=$(CURDIR)/Tests/thread-sanitizer.supp \
	  swift test --disable-xctest --sanitize $* --scratch-path .build-$*

# Instructions that each part of the work takes, against Benchmarks/Instructions/ceilings.txt: TOLERANCE percent above one
# are too many.
TOLERANCE ?= 2
.PHONY: bench-instructions
bench-instructions:
	$(call install,$(BUILD_PACKAGES) $(BENCH_PACKAGES))
	Benchmarks/Instructions/run --tolerance $(TOLERANCE)

# The parsers under libFuzzer, each for FUZZ_SECONDS, from a copy of its corpus: ENTRY=document for one alone. What is new
# stays in .build-fuzz/corpus, what crashes a parser is written to .build-fuzz.
FUZZ_SECONDS ?= 60
ENTRY ?= $(notdir $(wildcard Tests/Fuzz/Corpus/*))
.PHONY: fuzz
fuzz:
	$(call install,$(BUILD_PACKAGES))
	SLUICE_FUZZ=1 swift build -c release --product Fuzz --sanitize fuzzer --scratch-path .build-fuzz
	for entry in $(ENTRY); do \
	  mkdir -p .build-fuzz/corpus/$$entry && \
	  SLUICE_FUZZ_ENTRY=$$entry SWIFT_BACKTRACE=enable=no .build-fuzz/release/Fuzz .build-fuzz/corpus/$$entry \
	    Tests/Fuzz/Corpus/$$entry -artifact_prefix=.build-fuzz/$$entry- -max_total_time=$(FUZZ_SECONDS) \
	    -max_len=4096 -timeout=5 -rss_limit_mb=256 -print_final_stats=1 || exit 1; \
	done

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

format:
	swift format --in-place --recursive Package.swift Sources Tests

clean:
	rm -rf .build .build-*
