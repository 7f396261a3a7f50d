#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# root.sh [image]: makes the guests' root file system, one of the lab's own with
# the packages of section root, and prints its directory in the cache, or the file
# that is its image. The peers in it (FRR, strongSwan, libreswan, keepalived) are
# never installed or started on the host.
set -u
. "$(dirname "$0")/common.sh"

build_root()
{
	local dir=$1 packages package

	packages=$(lab_packages root | paste -sd,)
	# The host's own sources: what the host may use, the image may use. In a
	# mount namespace of its own, since mmdebstrap mounts the host's /proc, /sys
	# and /dev in the image, where an interrupted run would leave them. FRR ends its
	# daemons, and what gives them their configuration, where a machine is slow.
	# shellcheck disable=SC2016 # $1 is the image, for the hooks' own shell
	unshare --mount --propagation private mmdebstrap --quiet --mode=root --variant=apt --include="$packages" \
		--aptopt='APT::Install-Recommends "false"' \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--setup-hook='mkdir -p "$1/usr/sbin" && printf "#!/bin/sh\nexit 101\n" > "$1/usr/sbin/policy-rc.d" && chmod +x "$1/usr/sbin/policy-rc.d"' \
		--customize-hook='rm "$1/usr/sbin/policy-rc.d"' \
		--customize-hook='echo lab > "$1/etc/hostname"; echo "127.0.0.1 localhost lab" > "$1/etc/hosts"' \
		--customize-hook='sed -i "s/^#watchfrr_options=.*/watchfrr_options=\"-t 900 -T 900\"/" "$1/etc/frr/daemons"' \
		bookworm "$dir/root" >&2
	for package in $(lab_packages beside); do
		unpack_beside "$package" "$dir/root/opt/$package"
	done
	test -x "$dir/root/usr/sbin/ip" || test -x "$dir/root/usr/bin/ip"
}

# unpack_beside PACKAGE DIR: what conflicts with the image's packages, by itself
unpack_beside()
{
	local package=$1 dir=$2 download

	download=$(mktemp -d)
	mkdir -p "$dir"
	(cd "$download" && apt-get -qq -o APT::Sandbox::User=root download "$package" >&2 &&
		dpkg -x "$package"_*.deb "$dir")
	rm -rf "$download" "$dir/usr/share/doc" "$dir/usr/share/man"
}

case ${1-} in
build)
	set -e
	build_root "$2"
	exit
	;;
build-image)
	mkfs.erofs --quiet "$3/root.erofs" "$2" > /dev/null
	exit
	;;
esac

hash=$({ lab_packages root beside; declare -f build_root unpack_beside; } | sha256sum | cut -c1-10)
dir=$LAB_CACHE/root-$hash
if [ ! -d "$dir" ]; then
	"$LAB_DIR/prepare.sh" lab || exit 1
	lab_apt_update || lab_die "apt-get update failed"
	lab_say "making the guests' root ($(lab_packages root | wc -l) packages)"
	lab_cached "$dir" "$0" build || exit 1
fi
if [ "${1-}" != image ]; then
	echo "$dir/root"
	exit
fi
image=$LAB_CACHE/image-$hash
if [ ! -d "$image" ]; then
	"$LAB_DIR/prepare.sh" lab || exit 1
	lab_cached "$image" "$0" build-image "$dir/root" || exit 1
fi
echo "$image/root.erofs"
