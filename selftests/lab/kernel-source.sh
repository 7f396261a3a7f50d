#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Prints the path of Debian's linux-source-6.12, extracted in the cache.
# With --version prints the package's version instead.
set -u
. "$(dirname "$0")/common.sh"

extract_source()
{
	local version=$1 dir=$2

	cd "$dir"
	apt-get download -qq -o APT::Sandbox::User=root "linux-source-6.12=$version" >&2
	dpkg-deb --fsys-tarfile linux-source-6.12_*.deb |
		tar -xO ./usr/src/linux-source-6.12.tar.xz |
		tar -xJ --strip-components=1
	rm linux-source-6.12_*.deb
	test -e tools/testing/selftests/lib.mk
}

if [ "${1-}" = build ]; then
	set -e
	extract_source "$2" "$3"
	exit
fi

# An extracted source answers without a look at the package lists, so that the
# makefiles may ask often.
newest=$(find "$LAB_CACHE/linux-source" -mindepth 1 -maxdepth 1 -type d \
	! -name '*.tmp.*' -printf '%f\n' 2>/dev/null | sort -V | tail -n 1)
if [ -z "$newest" ]; then
	lab_apt_update || lab_die "apt-get update failed"
	newest=$(apt-cache policy linux-source-6.12 | awk '$1 == "Candidate:" { print $2 }')
	[ -n "$newest" ] || lab_die "no package linux-source-6.12"
	lab_say "extracting linux-source-6.12 $newest"
	lab_cached "$LAB_CACHE/linux-source/$newest" "$0" build "$newest" || exit 1
fi
if [ "${1-}" = --version ]; then
	echo "$newest"
else
	echo "$LAB_CACHE/linux-source/$newest"
fi
