#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# initramfs.sh KERNELDIR OUT: busybox, guest/initramfs-init and the modules
# that a stock kernel needs before it can see its root file system.
set -eu
. "$(dirname "$0")/common.sh"

kernel=$1 out=$(realpath -m "$2")
release=$(cat "$kernel/release")
modules=$kernel/root/usr/lib/modules/$release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# add_module NAME: copies a module and what it depends on, dependencies first.
# One that is built in has no line in modules.dep, and needs nothing.
add_module()
{
	local path name
	local -a paths

	read -r -a paths < <(grep -E "(^|/)$1\.ko[^:]*:" "$modules/modules.dep" | tr -d :) || return 0
	for ((i = ${#paths[@]} - 1; i >= 0; i--)); do
		path=${paths[i]}
		name=$(basename "$path" .xz)
		[ -e "$work/modules/$name" ] && continue
		case $path in
		*.xz) xz -dc "$modules/$path" > "$work/modules/$name" ;;
		*) cp "$modules/$path" "$work/modules/$name" ;;
		esac
		echo "$name" >> "$work/modules/order"
	done
}

mkdir -p "$work"/{bin,proc,sys,dev,modules,image,layer,rw,newroot}
cp /bin/busybox "$work/bin/busybox"
: > "$work/modules/order"
for module in virtio_pci virtio_blk crc32c_generic erofs 9pnet_virtio 9p overlay virtio_console virtio_net; do
	add_module "$module"
done
install -m 755 "$LAB_DIR/guest/initramfs-init" "$work/init"
(cd "$work" && find . | cpio -o -H newc --quiet | gzip -1) > "$out"
