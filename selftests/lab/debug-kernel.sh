#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Builds the debug kernel of debug.config from linux-source-6.12, once, and
# prints its directory in the cache: bzImage, release (its name) and build
# (enough of the tree to build modules against). The hash of the configuration
# and of the source's version is part of that directory's and the kernel's name.
set -u
. "$(dirname "$0")/common.sh"

# take_config SOURCE BUILD: a configuration that has every line of debug.config
take_config()
{
	local source=$1 build=$2 hash line refused=0

	hash=$(basename "$(dirname "$build")")
	hash=${hash#debug-}
	hash=${hash%%.*}

	make -s -C "$source" O="$build" KCONFIG_ALLCONFIG="$LAB_DIR/debug.config" allnoconfig
	"$source/scripts/config" --file "$build/.config" \
		--set-str LOCALVERSION "-vpnha-debug-$hash" --disable LOCALVERSION_AUTO
	make -s -C "$source" O="$build" olddefconfig
	while read -r line; do
		grep -qxF -- "$line" "$build/.config" && continue
		case $line in
		"# CONFIG_"*" is not set")
			grep -q "^${line:2:-11}=" "$build/.config" || continue
			;;
		esac
		lab_say "the configuration does not take: $line"
		refused=1
	done < <(grep -E '^(CONFIG_|# CONFIG_)' "$LAB_DIR/debug.config")
	return $refused
}

build_kernel()
{
	local source=$1 dir=$2 build=$2/build

	mkdir "$build"
	take_config "$source" "$build"
	nice make -s -C "$source" O="$build" -j"$(nproc)" bzImage modules_prepare
	# every symbol that the kernel exports, for modpost
	test -s "$build/Module.symvers" || cp "$build/vmlinux.symvers" "$build/Module.symvers"
	cp "$build/arch/x86/boot/bzImage" "$dir/bzImage"
	cp "$build/System.map" "$dir/System.map"
	cp "$build/include/config/kernel.release" "$dir/release"
	# modules need headers, scripts and objtool; the objects are gigabytes
	find "$build" -mindepth 1 -maxdepth 1 ! -name include ! -name scripts ! -name arch \
		! -name tools ! -name .config ! -name Makefile ! -name Module.symvers \
		! -name source -exec rm -rf {} +
	find "$build/arch" -mindepth 1 -type f ! -path '*/include/*' -delete
	find "$build/tools" -type f ! -name objtool -delete
	find "$build" -type d -empty -delete
}

if [ "${1-}" = build ]; then
	set -e
	build_kernel "$2" "$3"
	exit
fi

source=$("$LAB_DIR/kernel-source.sh") || exit 1
version=$("$LAB_DIR/kernel-source.sh" --version) || exit 1
# the name is in the configuration too: a module built for another debug kernel
# is refused by this one
hash=$({ echo "$version"; gcc -dumpfullversion; cat "$LAB_DIR/debug.config"; } |
	sha256sum | cut -c1-10)
dir=$LAB_CACHE/kernels/debug-$hash
if [ ! -d "$dir" ]; then
	"$LAB_DIR/prepare.sh" build debug || exit 1
	lab_say "building the debug kernel $version ($hash): some minutes, once"
	lab_cached "$dir" "$0" build "$source" || exit 1
fi
echo "$dir"
