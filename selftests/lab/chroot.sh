#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# chroot.sh KERNEL COMMAND...: runs COMMAND on this host, where it finds the
# guests' root with that kernel's layer, to be changed and to chroot into:
#   $CHROOT    the root; /proc cannot be written, /sys is empty
#   $CHANGES   what was changed in it, as a tree
# For what takes a guest too long, compilers above all. The changes are in memory
# and all mounts in a namespace of their own: they end with COMMAND's last
# process, however that dies. No capability to load a module into this host's
# kernel is left to it.
set -eu
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

if [ "$1" != mounted ]; then
	kernel=$("$LAB_DIR/kernel.sh" "$1")
	image=$("$LAB_DIR/root.sh")
	shift
	exec unshare --mount --propagation private setpriv --inh-caps=-sys_module \
		--bounding-set=-sys_module "$LAB_DIR/chroot.sh" mounted \
		"$(realpath "$kernel/root")" "$image" "$@"
fi

layer=$2 image=$3
shift 3
# an empty place that outlives its use: each namespace has its own mounts there
place=$LAB_CACHE/chroot
mkdir -p "$place"
mount -t tmpfs -o mode=755 chroot "$place"
export CHROOT=$place/root CHANGES=$place/changes
# COMMAND's temporary files, too, end with it
export TMPDIR=$place/tmp
mkdir "$CHROOT" "$CHANGES" "$TMPDIR" "$place/work"
mount -t overlay -o "lowerdir=$layer:$image,upperdir=$CHANGES,workdir=$place/work" \
	chroot "$CHROOT"
mount -o bind,ro /proc "$CHROOT/proc"
mount -t tmpfs -o mode=1777 tmp "$CHROOT/tmp"
mount -t tmpfs -o mode=755 dev "$CHROOT/dev"
for device in null zero full random urandom; do
	: > "$CHROOT/dev/$device"
	mount --bind "/dev/$device" "$CHROOT/dev/$device"
done
ln -s /proc/self/fd "$CHROOT/dev/fd"
exec "$@"
