# SPDX-License-Identifier: GPL-2.0

all: module tools

# The version has one home, dkms.conf, because dkms insists on reading it there.
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"$$/\1/p' dkms.conf)

# The kernel to build for: the running one if its headers are installed, else
# the newest one whose headers are.
kernels := $(notdir $(patsubst %/build/Makefile,%,$(wildcard /lib/modules/*/build/Makefile)))
running := $(shell uname -r)
newest  := $(shell printf '%s\n' $(kernels) | sort -V | tail -n 1)
# What modinfo and uname call it: for Debian's 6.1, kernel.release differs.
release = $(shell sed -n 's/^\#define UTS_RELEASE "\(.*\)"$$/\1/p' '$(1)/include/generated/utsrelease.h')
ifndef KVER
KVER := $(if $(KDIR),$(call release,$(KDIR)),$(or $(filter $(running),$(kernels)),$(newest)))
endif
KDIR ?= /lib/modules/$(KVER)/build
OUT  ?= build/$(KVER)

PREFIX     ?= /usr/local
sbindir    ?= $(PREFIX)/sbin
includedir ?= $(PREFIX)/include
mandir     ?= $(PREFIX)/share/man
compdir    ?= $(PREFIX)/share/bash-completion/completions
unitdir    ?= $(PREFIX)/lib/systemd/system
usersdir   ?= $(PREFIX)/lib/sysusers.d
tmpdir     ?= $(PREFIX)/lib/tmpfiles.d
moddir      = /lib/modules/$(KVER)/updates
srcdir      = /usr/src/vpnha-$(VERSION)
INSTALL    ?= install

#: Build
#:   make                  the module and the tools
#:   make module           the module, into build/<release>/vpnha.ko
#:     KVER=<release>      for this kernel (default: the running one, else the newest with headers)
#:     KDIR=<dir>          from this kernel build directory
#:     OUT=<dir>           into this directory
#:   make tools            vpnhactl and vpnhad, into build/tools/
#:     SANITIZE=1          with ASan and UBSan, into build/tools-sanitize/
#:   make generate         what follows from Documentation/netlink/specs/vpnha.yaml
#:   make lint             every check in tools/dev/checks (CHECKS="...": these)
#:   make clean            remove build/
#:

# kbuild before 6.13 puts objects beside the sources. Each kernel gets a tree
# of symbolic links of its own, so that two kernels never share an object.
module: $(if $(KVER),,no-kernel)
	@tools/dev/link-tree '$(OUT)' Kbuild dkms.conf kmod uapi
	+$(MAKE) -C '$(KDIR)' M='$(abspath $(OUT))' modules
	@cp -p '$(OUT)/kmod/vpnha.ko' '$(OUT)/vpnha.ko'

no-kernel:
	@echo 'No kernel headers found: install linux-headers-amd64, or say KDIR=<kernel build directory>' >&2; exit 1

tools:
	+$(MAKE) -C tools

generate:
	selftests/lab/prepare.sh build
	tools/dev/codegen

lint:
	selftests/lab/prepare.sh build lint
	tools/dev/lint $(CHECKS)

clean:
	rm -rf build

#: Install, as root (DESTDIR= and PREFIX= are honoured)
#:   make install          module for KVER, vpnhactl, vpnhad and its user, /etc/vpnha, header,
#:                         manual pages, shell completion, units
#:   make uninstall        remove them; uninstall-tools likewise
#:   make install-tools    the same without the module
#:   make dkms-install     the module through dkms, for every kernel to come
#:   make dkms-uninstall   remove it from dkms
#:

manpages    = $(wildcard Documentation/man/*.[58])
completions = $(wildcard tools/vpnhactl/vpnhactl.bash)
units       = $(wildcard tools/*/*.service)

# install_to DIR, MODE, FILES
install_to = $(if $(3),$(INSTALL) -d '$(DESTDIR)$(1)' && $(INSTALL) -m $(2) $(3) '$(DESTDIR)$(1)')

install: module install-tools
	$(call install_to,$(moddir),0644,$(OUT)/vpnha.ko)
	$(if $(DESTDIR),,depmod -a '$(KVER)')

# With DESTDIR a package is being made, whose own scripts make users and directories.
install-tools: tools
	$(call install_to,$(sbindir),0755,build/tools/vpnhactl build/tools/vpnhad)
	$(call install_to,$(includedir)/linux,0644,uapi/linux/vpnha.h)
	$(call install_to,$(mandir)/man5,0644,$(filter %.5,$(manpages)))
	$(call install_to,$(mandir)/man8,0644,$(filter %.8,$(manpages)))
	$(if $(completions),$(INSTALL) -D -m 0644 $(completions) '$(DESTDIR)$(compdir)/vpnhactl')
	$(INSTALL) -d '$(DESTDIR)$(unitdir)'
	$(foreach u,$(units),sed 's|/usr/local/sbin/|$(sbindir)/|' $(u) > '$(DESTDIR)$(unitdir)/$(notdir $(u))' &&) :
	$(INSTALL) -D -m 0644 tools/vpnhad/vpnha.sysusers '$(DESTDIR)$(usersdir)/vpnha.conf'
	$(INSTALL) -D -m 0644 tools/vpnhad/vpnha.tmpfiles '$(DESTDIR)$(tmpdir)/vpnha.conf'
	$(if $(DESTDIR),,systemd-sysusers '$(usersdir)/vpnha.conf')
	$(if $(DESTDIR),,systemd-tmpfiles --create '$(tmpdir)/vpnha.conf')
	$(if $(DESTDIR),,[ ! -d /run/systemd/system ] || systemctl daemon-reload)

uninstall: uninstall-tools
	rm -f '$(DESTDIR)$(moddir)/vpnha.ko'
	$(if $(DESTDIR),,depmod -a '$(KVER)')

uninstall-tools:
	rm -f '$(DESTDIR)$(sbindir)/vpnhactl' \
		'$(DESTDIR)$(sbindir)/vpnhad' '$(DESTDIR)$(usersdir)/vpnha.conf' \
		'$(DESTDIR)$(tmpdir)/vpnha.conf' \
		'$(DESTDIR)$(includedir)/linux/vpnha.h' '$(DESTDIR)$(compdir)/vpnhactl' \
		$(foreach m,$(manpages),'$(DESTDIR)$(mandir)/man$(subst .,,$(suffix $(m)))/$(notdir $(m))') \
		$(foreach u,$(units),'$(DESTDIR)$(unitdir)/$(notdir $(u))')
	[ ! -d '$(DESTDIR)/etc/vpnha' ] || rmdir --ignore-fail-on-non-empty '$(DESTDIR)/etc/vpnha'

# What dkms needs to build the module, and no more: no tools, no tests.
dkms-sources:
	rm -rf '$(DESTDIR)$(srcdir)'
	$(INSTALL) -d '$(DESTDIR)$(srcdir)/tools/dev'
	cp -R Kbuild Makefile dkms.conf kmod uapi LICENSES '$(DESTDIR)$(srcdir)'
	cp tools/dev/link-tree '$(DESTDIR)$(srcdir)/tools/dev'

# dkms does not build again what it has built, even of other sources. With
# DESTDIR a package is being made, whose own scripts run dkms.
dkms-remove:
	$(if $(DESTDIR),,@! dkms status 'vpnha/$(VERSION)' | grep -q . || dkms remove 'vpnha/$(VERSION)' --all)

dkms-install: dkms-remove
	$(MAKE) dkms-sources
	$(if $(DESTDIR),,dkms install 'vpnha/$(VERSION)' -k '$(KVER)')

dkms-uninstall: dkms-remove
	rm -rf '$(DESTDIR)$(srcdir)'

# Not among the sources that dkms gets.
include $(wildcard selftests/lab/lab.mk)

help:
	@sed -n 's/^#: \{0,1\}//p' $(MAKEFILE_LIST)

.PHONY: all module no-kernel tools generate lint clean install install-tools uninstall \
	uninstall-tools dkms-sources dkms-remove dkms-install dkms-uninstall help
