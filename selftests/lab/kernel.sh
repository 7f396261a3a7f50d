#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kernel.sh 6.12|6.1|debug|kcsan: fetches (or builds) a guest's kernel into the cache
# and prints a directory there:
#   release   the kernel's name, as uname -r prints it
#   image     what QEMU boots
#   initrd    loads what the stock kernels have as modules, mounts the root
#   root/     the kernel's files as they lie on a Debian system: modules and
#             headers; a layer of the guest's root file system
#   build     what modules are built against, on this host
# Nothing of it is installed on this host but the headers packages.
set -u
. "$(dirname "$0")/common.sh"

extract_packages()
{
	local image=$1 dir=$2 release=${1#linux-image-} package

	cd "$dir"
	mkdir root
	# the headers are for guests that build modules themselves (dkms)
	for package in "$image" "linux-headers-$release" "linux-headers-${release%-amd64}-common" \
		"$(kbuild_of "linux-headers-$release")"; do
		apt-get download -qq -o APT::Sandbox::User=root "$package" >&2
		dpkg-deb -x "$package"_*.deb root
		rm "$package"_*.deb
	done
	# a layer must not hide the root's /lib, a link to usr/lib
	if [ -d root/lib ]; then
		mkdir -p root/usr/lib
		cp -a root/lib/. root/usr/lib/
		rm -rf root/lib
	fi
	ln -s usr/lib root/lib
	cp "root/boot/vmlinuz-$release" image
	rm -rf root/boot root/usr/share/doc root/usr/share/bug
	depmod -b root "$release"
	rm root/lib
	echo "$release" > release
	ln -s "/usr/src/linux-headers-$release" build
}

kbuild_of()
{
	apt-cache depends --important "$1" | awk '$2 ~ /^linux-kbuild-/ { print $2; exit }'
}

# What the directory of a kernel built here lacks of what the others have.
complete_debug()
{
	local kernel=$1 dir=$2 modules

	cp "$kernel/bzImage" "$dir/image"
	cp "$kernel/release" "$dir/release"
	modules=$dir/root/usr/lib/modules/$(cat "$dir/release")
	mkdir -p "$modules"
	: > "$modules/modules.dep"
	ln -s "$kernel/build" "$dir/build"
}

# The kernel as it was fetched, and an initramfs for it.
add_initrd()
{
	local kernel=$1 dir=$2

	ln -s "$kernel"/* "$dir/"
	unpack "$dir/image" "$dir/vmlinux" && mv "$dir/vmlinux" "$dir/image"
	rm -f "$dir/vmlinux"
	"$LAB_DIR/initramfs.sh" "$kernel" "$dir/initrd"
}

# Without KVM a kernel takes seconds to unpack itself. What can be entered without
# that has a note of Xen's PHYS32_ENTRY.
unpack()
{
	"$("$LAB_DIR/kernel-source.sh")/scripts/extract-vmlinux" "$1" > "$2" &&
		readelf -n "$2" 2>/dev/null | grep -q 'Xen.*(0x00000012)'
}

case ${1-} in
extract | complete-debug | add-initrd)
	set -e
	case $1 in
	extract) extract_packages "$2" "$3" ;;
	complete-debug) complete_debug "$2" "$3" ;;
	add-initrd) add_initrd "$2" "$3" ;;
	esac
	exit
	;;
debug | kcsan)
	"$LAB_DIR/prepare.sh" build lab || exit 1
	built=$("$LAB_DIR/debug-kernel.sh" "$1") || exit 1
	kernel=$LAB_CACHE/kernels/$(cat "$built/release")
	lab_cached "$kernel" "$0" complete-debug "$built" || exit 1
	;;
6.12 | 6.1)
	meta=linux-headers-6.12-amd64
	[ "$1" = 6.1 ] && meta=linux-headers-amd64
	"$LAB_DIR/prepare.sh" build lab || exit 1
	# the image that belongs to the headers installed here: modules are
	# built against those
	headers=$(dpkg-query -W -f '${Depends}' "$meta" | grep -o 'linux-headers-[^ ,]*')
	release=${headers#linux-headers-}
	kernel=$LAB_CACHE/kernels/$release
	if [ ! -d "$kernel" ]; then
		lab_apt_update || lab_die "apt-get update failed"
		lab_say "fetching linux-image-$release"
		lab_cached "$kernel" "$0" extract "linux-image-$release" || exit 1
	fi
	;;
*)
	lab_die "usage: kernel.sh 6.12|6.1|debug|kcsan"
	;;
esac

recipe=$(cat "$0" "$LAB_DIR/initramfs.sh" "$LAB_DIR/guest/initramfs-init" | sha256sum | cut -c1-8)
dir=$LAB_CACHE/guests/$(basename "$kernel")-$recipe
lab_cached "$dir" "$0" add-initrd "$kernel" || exit 1
echo "$dir"
