#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: own-machine load-module=no smp=2 mem=3G kernels=6.12
# `make install` and `make dkms-install` as an administrator meets them.
set -u
. ../lib/lib.sh

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$VPNHA_TOP/dkms.conf")
release=$(uname -r)
tree=$(mktemp -d)

not()
{
	! "$@"
}

loads()
{
	modprobe vpnha && [ "$(cat /sys/module/vpnha/version)" = "$version" ] && rmmod vpnha
}

autoloads()
{
	# by asking for the family: nobody has to know the module's name
	vpnhactl show standby && lsmod | grep -q '^vpnha ' && rmmod vpnha
}

installed()
{
	dkms status "vpnha/$version" | grep -q "$release.*installed"
}

# What was copied must be enough: git, tests and tools stay behind.
tar -C "$VPNHA_TOP" --exclude=./build --exclude=./.git -cf - . | tar -C "$tree" -xf -
mkdir -p "$tree/build/tools"
cp -p "$VPNHA_TOP/build/tools/vpnhactl" "$tree/build/tools/"

test_begin 10

check "dkms-install builds and installs for the running kernel" \
	make -C "$tree" dkms-install
check "dkms knows it as installed" installed
check "modprobe finds the module of dkms" loads
check "asking for the family loads the module" autoloads
check "dkms-uninstall removes it" make -C "$tree" dkms-uninstall
check "dkms knows nothing of it any more" sh -c "! dkms status | grep -q vpnha"
check "modprobe finds it no more" not modinfo vpnha

check "make install installs module, tool, manual page, completion and unit" \
	sh -c "make -C $tree -o tools -o module install OUT=$VPNHA_TOP/build/$release && modinfo vpnha > /dev/null &&
	       test -x /usr/local/sbin/vpnhactl &&
	       test -s /usr/local/share/man/man8/vpnhactl.8 &&
	       test -s /usr/local/share/bash-completion/completions/vpnhactl &&
	       test -s /usr/local/lib/systemd/system/vpnha.service &&
	       test -s /usr/local/include/linux/vpnha.h"
check "modprobe finds the module of make install" loads
check "make uninstall leaves nothing" \
	sh -c "make -C $tree uninstall && ! modinfo vpnha 2> /dev/null &&
	       ! find /usr/local -name '*vpnha*' | grep ."

rm -rf "$tree"
test_end
