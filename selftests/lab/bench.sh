#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# bench.sh [KERNEL]: measures in a guest whose time is instructions executed, and
# writes build/bench.json. The module is built already: `make bench` does that.
set -u
. "$(dirname "$0")/common.sh"

kernel=${1:-6.12}
out=$LAB_TOP/build/bench
mkdir -p "$out"
rm -f "$out/bench.json"
# shellcheck disable=SC2016 # expanded in the guest
"$LAB_DIR/vm" run --kernel "$kernel" --icount --mem 4G --name bench --out "$out" -- \
	bash -c '/vpnha/selftests/lab/guest/load-module || exit
		for bench in esp rri hsrp ike; do
			/vpnha/selftests/bench/${bench}_bench.py /out/bench.json || status=1
		done
		exit ${status-0}'
status=$?
# A figure above its limit is told with all the others.
if [ -e "$out/bench.json" ]; then
	cp "$out/bench.json" "$LAB_TOP/build/bench.json"
fi
exit "$status"
