# SPDX-License-Identifier: GPL-2.0
# What runs in the lab, for the Makefile at the top.

KERNEL ?= 6.12
T      ?= *

#: Try and test, in virtual machines (everything needed is installed and named)
#:   make demo             two gateways, the silent death of one, and a host that does not notice
#:   make check            every test
#:     T=GLOB              those whose file name matches
#:     KERNEL=6.12|6.1|debug|kcsan|all  on this kernel (default 6.12)
#:   make bench            what a packet and a handshake cost, beside XFRM and strongSwan; also
#:                         build/bench.json
#:   make shell            a prompt in a running lab of two gateways (KERNEL= is honoured)
#:

check: lab-ready
	selftests/lab/run-tests --kernel '$(KERNEL)' '$(T)'

demo: lab-ready lab-build
	@selftests/lab/demo.sh '$(KERNEL)'

shell: lab-ready lab-build
	@selftests/lab/vm shell --kernel '$(KERNEL)' --smp 2 -- /vpnha/selftests/lib/shell-pair.sh

bench: lab-ready lab-build bench-load
	@selftests/lab/bench.sh '$(KERNEL)'

lab-ready:
	@selftests/lab/prepare.sh build lab

lab-build: lab-ready
	@$(MAKE) -s module tools KDIR="$$(readlink -f "$$(selftests/lab/kernel.sh '$(KERNEL)')/build")"

# Who begins what is measured of IKE: the engine, with optimizations and without sanitizers.
bench-load: lab-build
	@$(MAKE) -s -C tools ike
	@mkdir -p build/bench
	@$(CC) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -O2 -g -Itools -o build/bench/ike_load \
		selftests/bench/ike_load.c build/tools/libike.a $$(pkg-config --libs libcrypto)

# Modules that only tests load; beside the one under test.
test_modules := selftests/esp/faulty

test-modules: $(if $(KVER),,no-kernel)
	@tools/dev/link-tree '$(OUT)' $(test_modules)
	+@for module in $(test_modules); do \
		$(MAKE) -C '$(KDIR)' M='$(abspath $(OUT))'/$$module modules || exit; \
	done

.PHONY: bench bench-load check demo shell lab-ready lab-build test-modules
