# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion of vpnhactl: the tool itself knows which words may come next.

_vpnhactl()
{
	local word line
	local -a words=()

	for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
		# Options stand outside the grammar, and what bash cut at "=" is one word.
		if [[ $word == -j || $word == --json ]]; then
			continue
		elif ((${#words[@]})) && [[ $word == = || ${words[-1]} == *= ]]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
	done
	COMPREPLY=()
	while IFS=$'\t' read -r line _; do
		COMPREPLY+=("$line")
	done < <("${COMP_WORDS[0]}" --complete "${words[@]}" 2>/dev/null)
}

# Where no word of the grammar fits, a file name may.
complete -o default -F _vpnhactl vpnhactl
