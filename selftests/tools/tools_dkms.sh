#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# lab: host kernels=6.12
# `make dkms-install` and `make install` as an administrator meets them. They run
# in the guests' root on this host, whose compiler and depmod need seconds where
# a guest's need minutes; guests then get what was installed, and use it.
set -u
[ $# -gt 0 ] || [ -n "${CHROOT-}" ] || exec "$LAB/chroot.sh" "$KERNEL" "$0"
. ../lib/lib.sh

version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' "$VPNHA_TOP/dkms.conf")

# -- in a guest

gets_changes()
{
	tar -C / -xf "$VPNHA_OUT/changes.tar"
}

found_below()
{
	[[ $(modinfo -F filename vpnha) == "/lib/modules/$(uname -r)/$1/vpnha.ko"* ]]
}

loads()
{
	modprobe vpnha && [ "$(cat /sys/module/vpnha/version)" = "$version" ] && rmmod vpnha
}

# autoloads TOOL: by asking for the family: nobody has to know the module's name
autoloads()
{
	"$1" show standby && lsmod | grep -q '^vpnha ' && rmmod vpnha
}

installed()
{
	dkms status "vpnha/$version" | grep -q "$(uname -r).*installed"
}

case ${1-} in
after-dkms-install)
	test_begin 5
	check "a guest gets what dkms-install installed" gets_changes
	check "dkms knows it as installed" installed
	check "the module is where dkms puts updates" found_below updates/dkms
	check "modprobe finds the module of dkms" loads
	check "asking for the family loads the module" autoloads vpnhactl
	test_end
	;;
after-install)
	test_begin 4
	check "a guest gets what make install installed" gets_changes
	check "the module is among the updates" found_below updates
	check "modprobe finds the module of make install" loads
	check "the tool that was installed loads it" autoloads /usr/local/sbin/vpnhactl
	test_end
	;;
esac

# -- on the host

release=$(cat "$("$LAB/kernel.sh" "$KERNEL")/release")

in_root()
{
	chroot "$CHROOT" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME=/root LANG=C.UTF-8 "$@" < /dev/null
}

module_there()
{
	in_root modinfo -k "$release" -F filename vpnha
}

nothing_left()
{
	! module_there && ! find "$CHANGES" -name '*vpnha*' | grep .
}

dkms_installs()
{
	in_root make -C /tmp/vpnha dkms-install && module_there && return
	cat "$CHROOT"/var/lib/dkms/vpnha/*/build/make.log
	return 1
}

dkms_forgot()
{
	local known

	known=$(in_root dkms status) && ! grep vpnha <<< "$known"
}

# The tool needs libraries' headers, and was built where they are.
install_all()
{
	in_root make -C /tmp/vpnha -o tools -o module install && module_there &&
		in_root test -x /usr/local/sbin/vpnhactl &&
		in_root test -x /usr/local/sbin/vpnhad &&
		in_root test -s /usr/local/lib/systemd/system/vpnhad.service &&
		in_root id vpnha &&
		[ "$(in_root stat -c '%a %U:%G' /etc/vpnha)" = "750 root:vpnha" ] &&
		in_root test -s /usr/local/share/man/man5/vpnha-standby.5 &&
		in_root test -s /usr/local/share/man/man8/vpnhad.8 &&
		in_root test -s /usr/local/share/man/man8/vpnhactl.8 &&
		in_root test -s /usr/local/share/bash-completion/completions/vpnhactl &&
		in_root test -s /usr/local/lib/systemd/system/vpnha.service &&
		in_root test -s /usr/local/include/linux/vpnha.h
}

uninstall_all()
{
	in_root make -C /tmp/vpnha uninstall && nothing_left
}

# depmod reads every module that there is, each time: let there be those that ours needs.
few_modules()
{
	local modules=$CHROOT/usr/lib/modules/$release few=$TMPDIR/modules name path

	mkdir -p "$few"
	for name in $(modinfo -F depends "$VPNHA_TOP/build/$release/vpnha.ko" | tr , ' '); do
		# a line of modules.dep: the module, and what it needs itself
		for path in $(grep -E "/${name//_/[-_]}\.ko[^:]*:" "$modules/modules.dep" | tr -d :); do
			mkdir -p "$few/$(dirname "${path#kernel/}")"
			cp "$modules/$path" "$few/${path#kernel/}"
		done
	done
	mount --bind "$few" "$modules/kernel"
}

# in_guest PART: a fresh guest gets what was changed, and runs that part of this test
in_guest()
{
	# a tar of the changes tells of no file that was removed
	if find "$CHANGES" -type c | grep .; then
		return 1
	fi
	tar -C "$CHANGES" -cf "$VPNHA_OUT/changes.tar" . || return
	"$LAB/vm" run --kernel "$KERNEL" --name "$1" --out "$VPNHA_OUT" -- \
		env -C /vpnha/selftests/tools ./tools_dkms.sh "$1"
}

# The results of a guest are this test's, one level down.
guest_checks()
{
	echo "# Subtest: $1"
	in_guest "$1" 2>&1 | sed 's/^/    /'
	if [ "${PIPESTATUS[0]}" -eq 0 ]; then
		ktap_test_pass "$1"
	else
		ktap_test_fail "$1"
	fi
	rm -f "$VPNHA_OUT/changes.tar"
}

mkdir -p "$CHROOT/tmp/vpnha/build/tools" "$CHROOT/tmp/vpnha/build/$release"
tar -C "$VPNHA_TOP" --exclude=./build --exclude=./.git -cf - . | tar -C "$CHROOT/tmp/vpnha" -xf -
cp -p "$VPNHA_TOP/build/tools/vpnhactl" "$VPNHA_TOP/build/tools/vpnhad" \
	"$CHROOT/tmp/vpnha/build/tools/"
cp -p "$VPNHA_TOP/build/$release/vpnha.ko" "$CHROOT/tmp/vpnha/build/$release/"

few_modules

test_begin 8

check "dkms-install builds and installs the module" dkms_installs
guest_checks after-dkms-install
check "dkms-uninstall removes it" in_root make -C /tmp/vpnha dkms-uninstall
check "dkms knows nothing of it any more" dkms_forgot
check "modprobe finds it no more, and nothing is left" nothing_left

check "make install installs module, tools, manual pages, completion, units and a user" install_all
guest_checks after-install
check "make uninstall leaves nothing" uninstall_all

test_end
