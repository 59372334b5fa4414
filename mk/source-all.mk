# SPDX-License-Identifier: BSD-3-Clause
#
# 'make source': fetches the sources of every port in the tree, enabled or not, and of every version that menus offer.

MAKEFLAGS += -rR --no-print-directory
.SUFFIXES:
.DEFAULT_GOAL := all
.PHONY: all archives show-info prune
UK_BASE := $(patsubst %/mk/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
include $(UK_BASE)/mk/settings.mk
include $(UK_BASE)/mk/steps.mk
include $(UK_BASE)/mk/library.mk
include $(UK_BASE)/mk/source.mk
include $(UK_BASE)/mk/suite.mk

UK_FOLDERS :=
define uk_all_folder
$1_FOLDER := $2
CONFIG_$(call uc,$1) := y
UK_FOLDERS += $1
endef
uk_ports := $(patsubst %/Makefile.uk,%,$(wildcard $(UK_BASE)/libs/*/Makefile.uk $(UK_BASE)/apps/suites/posix/Makefile.uk) \
	$(addsuffix /Makefile.uk,$(uk_external)))
$(foreach d,$(uk_ports),$(eval $(call uk_all_folder,lib$(patsubst lib%,%,$(subst -,_,$(notdir $d))),$d)))
include $(UK_BASE)/mk/folders.mk

all: $(addprefix source-,$(UK_PORTS)) $(UK_SOURCE) $(UK_SOURCE-y)

# The other version of a library that has two; one configuration has one.
.PHONY: source-other-versions
all: $(if $(filter libxentools,$(UK_PORTS)),source-other-versions)
source-other-versions:
	$(Q)$(MAKE) -f $(UK_BASE)/mk/source-all.mk CONFIG_LIBXENTOOLS_4_20=y source-libxentools

# Their names in the download folder, some of them twice.
archives:
	@:$(foreach p,$(UK_PORTS),$(info $(call uk_artefact,$(call uc,$p))))
	$(if $(filter n,$(or $(CONFIG_LIBXENTOOLS_4_20),n)),$(if $(filter libxentools,$(UK_PORTS)),$(Q)$(MAKE) \
		-f $(UK_BASE)/mk/source-all.mk CONFIG_LIBXENTOOLS_4_20=y archives))

# All ports as one JSON array.
show-info:
	@:$(info [)$(foreach p,$(UK_PORTS),$(info $(call uk_port_info,$p,$(call uc,$p))$(if $(filter $p,$(lastword \
		$(UK_PORTS))),,$(uk_comma))))$(info ])

# Trees of versions and patches that are gone: what no build folder holds objects of, and no Makefile.uk names.
uk_used := $(notdir $(foreach p,$(UK_PORTS),$(call uk_tree,$p,$(call uc,$p))) $(foreach f,$(wildcard $(O)/*/*/.tree),$(file <$f)))
prune:
	$(Q)$(foreach t,$(filter-out $(uk_used) $(uk_used:=.origin),$(notdir $(wildcard $(UK_SRC)/*))),echo '  PRUNE   $t' && rm -rf $(UK_SRC)/$t &&) :
