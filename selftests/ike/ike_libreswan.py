#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
# lab: own-machine mem=2G kernels=6.12 timeout=36000
"""vpnhad and libreswan, each as initiator and as responder. CELLS= picks test lines."""

import matrix
from libreswan import LibreSwan

if __name__ == "__main__":
    matrix.main(LibreSwan)
