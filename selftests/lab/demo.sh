#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# demo.sh [KERNEL]: the case study of Documentation/, executed: two
# gateways in the place of two routers, one of which fails and recovers. All of it
# happens in one virtual machine, whose network ends in it. The module and the
# tools are built already: `make demo` does both.
set -u
. "$(dirname "$0")/common.sh"

kernel=${1:-6.12}
directory=$("$LAB_DIR/kernel.sh" "$kernel") || exit 1
"$LAB_DIR/root.sh" > /dev/null || exit 1
printf 'Starting a virtual machine with Linux %s ...\n' "$(cat "$directory/release")"
exec "$LAB_DIR/vm" run --kernel "$kernel" --mem 2G --name demo -- bash -c \
	'/vpnha/selftests/lab/guest/load-module && exec /vpnha/selftests/demo/show.py'
