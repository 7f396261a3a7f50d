# SPDX-License-Identifier: GPL-2.0
# What runs in the lab, for the Makefile at the top.

KERNEL ?= 6.12
T      ?= *

#: Try and test, in virtual machines (everything needed is installed and named)
#:   make demo             two gateways, the silent death of one, and a host that does not notice
#:   make check            every test
#:     T=GLOB              those whose file name matches
#:     KERNEL=6.12|6.1|debug|kcsan|all  on this kernel (default 6.12)
#:   make bench            what a packet costs, beside the kernel's own IPsec; also build/bench.json
#:   make shell            a prompt in a running lab of two gateways (KERNEL= is honoured)
#:

check: lab-ready
	selftests/lab/run-tests --kernel '$(KERNEL)' '$(T)'

demo: lab-ready lab-build
	@selftests/lab/demo.sh '$(KERNEL)'

shell: lab-ready lab-build
	@selftests/lab/vm shell --kernel '$(KERNEL)' --smp 2 -- /vpnha/selftests/lib/shell-pair.sh

bench: lab-ready lab-build
	@selftests/lab/bench.sh '$(KERNEL)'

lab-ready:
	@selftests/lab/prepare.sh build lab

lab-build: lab-ready
	@$(MAKE) -s module tools KDIR="$$(readlink -f "$$(selftests/lab/kernel.sh '$(KERNEL)')/build")"

# Modules that only tests load; beside the one under test.
test_modules := selftests/esp/faulty

test-modules: $(if $(KVER),,no-kernel)
	@tools/dev/link-tree '$(OUT)' $(test_modules)
	+@for module in $(test_modules); do \
		$(MAKE) -C '$(KDIR)' M='$(abspath $(OUT))'/$$module modules || exit; \
	done

.PHONY: bench check demo shell lab-ready lab-build test-modules
