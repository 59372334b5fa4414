# SPDX-License-Identifier: BSD-3-Clause

define UK_HELP
Targets
  make                     build apps/$(APP) for $(PLAT)
  make apps/NAME           build another application: $(notdir $(UK_APPS))
  make run                 set up the machine, build, and start the image
  make gdb                 the same, stopped and waiting for a debugger
  make test | check | bench
  make test-kvm            images under an emulated KVM
  make test-xen            images and stubdomains under an emulated Xen
  make test-configs N=20 SEED=1  configurations drawn at random: built, linked, booted
  make test-qtest          upstream's device tests against QEMU in the image
  make source              fetch all ports' sources, for OFFLINE=1
  make sbom                bill of materials beside the image (CycloneDX)
  make legal-info          licences, their texts, patches and archives of an image
  make cve                 which known holes of the ports reach our images
  make dist | deb          a source tarball that builds offline | Debian packages of the product; in build/packages
  make bump PORT=NAME VERSION=X  another version of a port: fetched, listed, built, tested; BUILD=0, TESTS=0, SHAPES="..."
  make check-updates       which ports have a newer version in Debian's archive
  make clean | distclean   remove what was built here, not .config | all of build/
  make prune               remove unpacked sources that no build uses any more
  make bootstrap           install what building needs (Debian); scripts/bootstrap --help for more
One port (the folder's name in libs/)
  make PORT-source | PORT-show-info | show-info (all of them, JSON)
  make PORT-extract | -patch | -prepare | -build | -rebuild | -dirclean | -show-depends | -show-rdepends
Configuration
  make menuconfig          edit $(patsubst $(UK_BASE)/%,%,$(UK_CFG))/.config
  make defconfig           start again from the application's defconfig.$(PLAT)
  make olddefconfig        new options get their default
  make savedefconfig       write a minimal defconfig (TO=FILE)
  make build/APP-PLAT/FILE one file of a build, for instance an object
  make list-defconfigs     the applications and platforms that have a configuration of their own
  make graph-size          which library takes how much of the image
  make graph-build         the same as a graph with what uses what, for dot
  make graph-depends       the enabled libraries as a graph for dot
  make compile_commands.json
Variables
  APP=$(APP)  PLAT=kvm|xen  O=build  V=1 (print commands)  CCACHE= (no compiler cache)  L=DIR:DIR or UK_EXTERNAL= (external libraries, remembered)
  PORT_OVERRIDE_SRCDIR=DIR (a port, in capitals, from a source tree of yours)
  DL=DIR (downloads)  UK_MIRROR=URL|DIR  OFFLINE=1 (never touch the network)  BOOTSTRAP=0
endef

.PHONY: help
help:
	@:$(info $(UK_HELP))
