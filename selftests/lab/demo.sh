#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# demo.sh [KERNEL]: two gateways elect an active one over HSRP, and a plain Linux
# host behind them keeps its ping when that one dies. All of it happens in one
# virtual machine, whose network ends in it. The module and the tools are built
# already: `make demo` does both.
set -u
. "$(dirname "$0")/common.sh"

kernel=${1:-6.12}
directory=$("$LAB_DIR/kernel.sh" "$kernel") || exit 1
"$LAB_DIR/root.sh" > /dev/null || exit 1
printf 'Starting a virtual machine with Linux %s ...\n' "$(cat "$directory/release")"
exec "$LAB_DIR/vm" run --kernel "$kernel" --smp 2 --name demo -- /vpnha/selftests/lib/demo-pair.sh
