# SPDX-License-Identifier: BSD-3-Clause
#
# The front door: 'make help' lists what there is. Logic is in mk/, one stage a file.

MAKEFLAGS += -rR --no-print-directory
.SUFFIXES:
.DEFAULT_GOAL := image

UK_BASE := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
include $(UK_BASE)/mk/settings.mk
include $(UK_BASE)/mk/config.mk
include $(UK_BASE)/mk/help.mk
include $(UK_BASE)/mk/labs.mk

.PHONY: image run gdb test check bench source clean distclean bootstrap compile_commands.json
image: config
	+$(Q)$(call uk_build,image)

.PHONY: $(UK_APPS)
$(UK_APPS): apps/%:
	+$(Q)$(MAKE) image APP=$*

run gdb: bootstrap
	+$(Q)$(MAKE) image
	$(Q)scripts/run --image $(UK_IMAGE) $(if $(filter gdb,$@),--gdb) $(RUNFLAGS)

# A name that is not there.
apps/%:
	@echo "error: there is no $@ with a Config.uk" >&2; exit 1

test: bootstrap
	+$(Q)tests/run $(TESTFLAGS)

check: bootstrap
	$(Q)mk/check.sh $(CHECKS)

bench:
	$(Q)$(if $(filter 0,$(BOOTSTRAP)),:,scripts/bootstrap --bench)
	+$(Q)scripts/bench $(BENCHFLAGS)

source: bootstrap
	+$(Q)$(MAKE) $(UK_JOBS) -f mk/source-all.mk all

compile_commands.json: config
	+$(Q)$(call uk_build,$(UK_CFG)/$@)

# Any single file of the build, for instance: make build/helloworld-kvm/core_base/own/log.o
$(O)/%: config FORCE
	+$(Q)$(call uk_build,$@)

clean:
	rm -rf $(UK_CFG)

distclean:
	rm -rf $(O)

bootstrap:
	$(Q)$(if $(filter 0,$(BOOTSTRAP)),:,scripts/bootstrap)

.PHONY: FORCE
FORCE:
