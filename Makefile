# SPDX-License-Identifier: BSD-3-Clause
#
# The front door: 'make help' lists what there is. Logic is in mk/, one stage a file.

MAKEFLAGS += -rR --no-print-directory
.SUFFIXES:
.DEFAULT_GOAL := image

# With a blank in its path not even the includes below are found.
ifneq ($(words $(CURDIR) $(MAKEFILE_LIST)),2)
$(error the checkout's path '$(CURDIR)' has a blank, which make cannot take; next: move it)
endif

UK_BASE := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
include $(UK_BASE)/mk/settings.mk
include $(UK_BASE)/mk/config.mk
include $(UK_BASE)/mk/start.mk
include $(UK_BASE)/mk/help.mk
include $(UK_BASE)/mk/labs.mk
include $(UK_BASE)/mk/port.mk
include $(UK_BASE)/mk/packages.mk

.PHONY: image sbom graph-size graph-build legal-info list-defconfigs run gdb test check bench source cve bump check-updates test-configs prune show-info clean distclean \
	bootstrap compile_commands.json
image sbom graph-size graph-build legal-info: config
	+$(Q)$(call uk_build,$@)

.PHONY: $(UK_APPS)
$(UK_APPS): apps/%:
	+$(Q)$(MAKE) image APP=$*

run gdb:
	$(Q)$(call uk_bootstrap,--run)
	+$(Q)$(MAKE) image
	$(Q)scripts/run --image $(UK_IMAGE) $(if $(filter gdb,$@),--gdb) $(RUNFLAGS)

# A name that is not there.
apps/%:
	@echo "error: there is no $@ with a Config.uk" >&2; exit 1

test:
	$(Q)$(call uk_bootstrap,--test)
	+$(Q)tests/run $(TESTFLAGS)

check:
	$(Q)$(call uk_bootstrap,--test)
	$(Q)mk/check.sh $(CHECKS)

bench:
	$(Q)$(call uk_bootstrap,--bench)
	+$(Q)scripts/bench $(BENCHFLAGS)

source:
	$(Q)$(call uk_bootstrap)
	+$(Q)$(MAKE) $(UK_JOBS) -f mk/source-all.mk all

list-defconfigs:
	@:$(foreach f,$(patsubst $(UK_BASE)/%,%,$(wildcard $(UK_BASE)/apps/*/defconfig.*)),$(info make $(patsubst %/,%,$(dir \
		$f)) PLAT=$(patsubst .%,%,$(suffix $f))))

cve:
	$(Q)$(call uk_bootstrap,--test)
	$(Q)scripts/cve $(CVEFLAGS)

# make bump PORT=name VERSION=x [NAME_OVERRIDE_SRCDIR=folder] [BEGIN=1] [BUILD=0] [TESTS=0] [SHAPES="line of ci/shapes ..."]
bump:
	$(Q)$(call uk_bootstrap,--test)
	+$(Q)$(if $(PORT),,$(error PORT= is not set; next: make bump PORT=zlib VERSION=1.3.2))$(if $(VERSION),,$(error \
		VERSION= is not set; next: make check-updates))scripts/bump $(PORT) $(VERSION) $(if $(BEGIN),--begin) $(if \
		$(filter 0,$(BUILD)),--no-build) $(if \
		$(filter 0,$(TESTS)),--no-tests) $(if $(uk_bump_tree),--tree $(call uk_sq,$(uk_bump_tree))) $(if $(SHAPES),--shapes $(SHAPES))
uk_bump_tree = $($(shell printf %s $(call uk_sq,$(patsubst lib%,%,$(PORT))) | tr a-z- A-Z_)_OVERRIDE_SRCDIR)

# make test-configs [N=20] [SEED=1]
test-configs:
	$(Q)$(call uk_bootstrap,--run)
	+$(Q)scripts/test-configs $(if $(N),--number $(N)) $(if $(SEED),--seed $(SEED))

check-updates:
	$(Q)scripts/check-updates $(PORT)

compile_commands.json: config
	+$(Q)$(call uk_build,$(UK_CFG)/$@)

# Any single file of a build, for instance: make build/helloworld-kvm/core_base/own/log.o
uk_files := $(sort $(O)/% $(patsubst $(CURDIR)/%,%,$(O))/%)
.PHONY: file
$(uk_files): FORCE
	+$(Q)$(MAKE) file FILE=$(abspath $@) $(call uk_named,$(abspath $@))
file: config
	+$(Q)$(call uk_build,$(FILE))

# What a person wrote or asked for stays: the configuration, and the external libraries (L=); written now, if the clock was ahead.
uk_keep := .config .config.pristine .config.old .external .lock
clean:
	$(Q)test ! -d $(UK_CFG) || find $(UK_CFG) -mindepth 1 -maxdepth 1 $(foreach k,$(uk_keep),! -name $k) -exec rm -rf {} +
	$(Q)test ! -d $(UK_CFG) || find $(UK_CFG) -type f -newermt '+5 seconds' -exec touch {} +

distclean:
	rm -rf $(O)

prune show-info:
	+$(Q)$(MAKE) -f mk/source-all.mk $@

bootstrap:
	$(Q)$(call uk_bootstrap)

.PHONY: FORCE
FORCE:
