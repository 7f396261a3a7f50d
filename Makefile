# SPDX-License-Identifier: GPL-2.0

# The version has one home, dkms.conf, because dkms insists on reading it there.
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"$$/\1/p' dkms.conf)

# The kernel to build for: the running one if its headers are installed, else
# the newest one whose headers are.
kernels := $(notdir $(patsubst %/build/Makefile,%,$(wildcard /lib/modules/*/build/Makefile)))
running := $(shell uname -r)
newest  := $(shell printf '%s\n' $(kernels) | sort -V | tail -n 1)
ifdef KDIR
KVER ?= $(shell $(MAKE) -s --no-print-directory -C '$(KDIR)' kernelrelease)
else
KVER ?= $(or $(filter $(running),$(kernels)),$(newest))
KDIR := /lib/modules/$(KVER)/build
endif

PREFIX     ?= /usr/local
sbindir    ?= $(PREFIX)/sbin
includedir ?= $(PREFIX)/include
mandir     ?= $(PREFIX)/share/man
compdir    ?= $(PREFIX)/share/bash-completion/completions
unitdir    ?= $(PREFIX)/lib/systemd/system
moddir      = /lib/modules/$(KVER)/updates
srcdir      = /usr/src/vpnha-$(VERSION)
INSTALL    ?= install

all: module tools

help:
	@sed -n 's/^#: //p' $(MAKEFILE_LIST)

#: Build
#:   make                  the module and the tools
#:   make module           the module, into build/<release>/vpnha.ko
#:     KVER=<release>      for this kernel (default: the running one, else the newest installed headers)
#:     KDIR=<dir>          from this kernel build directory
#:   make tools            vpnhactl, into build/tools/
#:     SANITIZE=1          with ASan and UBSan, into build/tools-sanitize/
#:   make generate         what follows from Documentation/netlink/specs/vpnha.yaml
#:   make clean            remove build/
#:

# kbuild before 6.13 puts objects beside the sources. Each kernel gets a tree
# of symbolic links of its own, so that two kernels never share an object.
module: $(if $(KVER),,no-kernel)
	@tools/dev/link-tree 'build/$(KVER)' Kbuild dkms.conf kmod uapi
	+$(MAKE) -C '$(KDIR)' M='$(CURDIR)/build/$(KVER)' modules
	@cp -p 'build/$(KVER)/kmod/vpnha.ko' 'build/$(KVER)/vpnha.ko'

no-kernel:
	@echo 'No kernel headers found: install linux-headers-amd64, or say KDIR=<kernel build directory>' >&2; exit 1

tools:
	+$(MAKE) -C tools

clean:
	rm -rf build

-include selftests/lab/lab.mk

.PHONY: all help module no-kernel tools clean
