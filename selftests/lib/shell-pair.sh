#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Builds the two-gateway lab of `make shell`, and leaves it running.
set -u
cd "$(dirname "$0")" || exit 1
. ./lib.sh
. ./topology.sh
. ./pair.sh

../lab/guest/load-module && topo_pair_up && pair_up /root/conf || exit 1

declare -p sw gw1 gw2 host far outside_if inside_if outside_br inside_br \
	outside_vip inside_vip far_outside > /run/lab.env
cat <<EOF
Two gateways, gw1 (active) and gw2, between the LANs outside (bridge $outside_br in
sw, with far) and inside (bridge $inside_br, with host). A namespace's name runs
a command in it:

    gw1 vpnhactl show standby          host ping $far_outside
    gw2 vpnhactl debug standby events  sw tcpdump -ni $inside_br
    die_silently \$gw1, come_back \$gw1   cut and heal its links at the switch
    gw1 vpnhactl                       the shell, with completion and ? for help

The configurations are /root/conf/gw1.conf and gw2.conf. Leave with exit.
EOF
