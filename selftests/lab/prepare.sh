#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# prepare.sh SECTION...: installs, on this host, the Debian packages that the
# sections of the file `packages` name. Says what it installs, and is quick when
# there is nothing to do. The guests' own packages (section root) are not for
# the host: root.sh makes an image of them.
set -u
. "$(dirname "$0")/common.sh"

[ $# -gt 0 ] || lab_die "usage: prepare.sh SECTION... (build, lint, lab, debug, ci)"

missing=()
for package in $(lab_packages "$@"); do
	lab_installed "$package" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

[ "$(id -u)" -eq 0 ] ||
	lab_die "these packages are missing, and only root can install them: ${missing[*]}"
lab_apt_update || lab_die "apt-get update failed"
lab_say "apt-get install ${missing[*]}"
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
	-o DPkg::Lock::Timeout=600 "${missing[@]}" >&2 </dev/null ||
	lab_die "apt-get install failed"
