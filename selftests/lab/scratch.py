# SPDX-License-Identifier: GPL-2.0
"""Directories that a host may write, and that are forgotten with its mount namespace."""


def scratch(*directories):
    """A shell's words that make them such, with what they have in them."""
    return f"""
for dir in {" ".join(directories)}; do
    mkdir -p /tmp/keep
    cp -a "$dir/." /tmp/keep
    mount -t tmpfs -o mode=755 tmpfs "$dir"
    cp -a /tmp/keep/. "$dir"
    rm -rf /tmp/keep
done
"""
