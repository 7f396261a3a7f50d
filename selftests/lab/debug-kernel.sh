#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# debug-kernel.sh debug|kcsan: builds a kernel of debug.config (with kcsan.config
# for the latter) from linux-source-6.12, once, and prints its directory in the
# cache: bzImage, release (its name) and build (enough of the tree to build
# modules against). The hash of the configuration and of the source's version is
# part of that directory's and the kernel's name.
set -u
. "$(dirname "$0")/common.sh"

# config_of VARIANT: its configuration, each symbol once
config_of()
{
	local symbols

	if [ "$1" = debug ]; then
		cat "$LAB_DIR/debug.config"
		return
	fi
	symbols=$(sed -nE 's/^(#-? )?(CONFIG_[A-Z0-9_]+)([ =].*)?$/\2/p' "$LAB_DIR/$1.config" |
		paste -sd'|')
	grep -vE "^(# )?($symbols)[ =]" "$LAB_DIR/debug.config"
	cat "$LAB_DIR/$1.config"
}

# take_config SOURCE BUILD CONFIG NAME: a configuration that has all of its lines
take_config()
{
	local source=$1 build=$2 config=$3 name=$4 line refused=0

	make -s -C "$source" O="$build" KCONFIG_ALLCONFIG="$config" allnoconfig
	"$source/scripts/config" --file "$build/.config" \
		--set-str LOCALVERSION "-vpnha-$name" --disable LOCALVERSION_AUTO
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
	done < <(grep -E '^(CONFIG_|# CONFIG_)' "$config")
	return $refused
}

build_kernel()
{
	local source=$1 variant=$2 name=$3 dir=$4 build=$4/build

	mkdir "$build"
	config_of "$variant" > "$dir/config"
	take_config "$source" "$build" "$dir/config" "$name"
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
	build_kernel "$2" "$3" "$4" "$5"
	exit
fi

variant=${1-}
[ "$variant" = debug ] || [ "$variant" = kcsan ] || lab_die "usage: debug-kernel.sh debug|kcsan"
source=$("$LAB_DIR/kernel-source.sh") || exit 1
version=$("$LAB_DIR/kernel-source.sh" --version) || exit 1
# the name is in the configuration too: a module built for another debug kernel
# is refused by this one
hash=$({ echo "$version"; gcc -dumpfullversion; config_of "$variant"; } |
	sha256sum | cut -c1-10)
name=$variant-$hash
dir=$LAB_CACHE/kernels/$name
if [ ! -d "$dir" ]; then
	"$LAB_DIR/prepare.sh" build debug || exit 1
	lab_say "building the $variant kernel $version ($hash): some minutes, once"
	lab_cached "$dir" "$0" build "$source" "$variant" "$name" || exit 1
fi
echo "$dir"
