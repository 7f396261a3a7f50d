# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What the lab's scripts share: where things are kept and how they get there.

LAB_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this
LAB_TOP=$(cd "$LAB_DIR/../.." && pwd)
LAB_CACHE=${VPNHA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vpnha}

lab_say()
{
	printf 'lab: %s\n' "$*" >&2
}

lab_die()
{
	lab_say "$*"
	exit 1
}

# lab_packages SECTION...: the packages of these sections, one a line
lab_packages()
{
	local section

	for section in "$@"; do
		awk -v s="$section" '$1 == s { for (i = 2; i <= NF; i++) print $i }' \
			"$LAB_DIR/packages"
	done | sort -u
}

lab_installed()
{
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Package lists are fetched once per boot of the host and at most daily: a bare
# machine has none, and a stale list names packages the mirror has removed.
lab_apt_update()
{
	local stamp=$LAB_CACHE/apt-updated

	mkdir -p "$LAB_CACHE"
	[ -n "$(find "$stamp" -mmin -1440 2>/dev/null)" ] &&
		[ -n "$(ls /var/lib/apt/lists/*_Packages* 2>/dev/null)" ] && return 0
	lab_say "apt-get update"
	apt-get update -qq >&2 || return
	touch "$stamp"
}

# lab_newest META: the package that the metapackage META stands for today
lab_newest()
{
	apt-cache depends --important "$1" 2>/dev/null |
		awk '$1 == "Depends:" && $2 ~ /^linux-(image|headers)-[0-9]/ { print $2; exit }'
}

# lab_cached DIR COMMAND...: makes DIR by running COMMAND... TMPDIR, unless it is
# there already. DIR appears whole or not at all, and of two that build it at
# once the second waits for the first. COMMAND is a program, not a function: one
# that relies on `set -e` would go on after an error if this were called in a
# condition.
lab_cached()
{
	local dir=$1 tmp lock rc=0
	shift

	[ -d "$dir" ] && return 0
	mkdir -p "$(dirname "$dir")"
	exec {lock}>"$dir.lock"
	flock "$lock"
	if [ ! -d "$dir" ]; then
		find "$(dirname "$dir")" -maxdepth 1 -name "$(basename "$dir").tmp.*" \
			-exec rm -rf --one-file-system {} +
		tmp=$(mktemp -d "$dir.tmp.XXXXXX") || return
		chmod 755 "$tmp"
		# the lock is not for the builder's children to keep
		if "$@" "$tmp" {lock}>&-; then
			mv -T "$tmp" "$dir"
		else
			rc=1
			rm -rf --one-file-system "$tmp"
			lab_say "could not make $dir"
		fi
	fi
	exec {lock}>&-
	return $rc
}
