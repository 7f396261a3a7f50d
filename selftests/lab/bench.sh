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
"$LAB_DIR/vm" run --kernel "$kernel" --icount --mem 2G --name bench --out "$out" -- \
	bash -c '/vpnha/selftests/lab/guest/load-module && exec /vpnha/selftests/bench/esp_bench.py /out/bench.json' ||
	exit 1
cp "$out/bench.json" "$LAB_TOP/build/bench.json"
