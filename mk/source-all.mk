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
# Archives are the pinned ones.
uk_override :=

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

# A library with several release lines has a file for each, LINE.mk. One configuration has one of them, so each is asked for by itself.
uk_lines := $(if $(UK_LINE),,$(foreach p,$(UK_PORTS),$(foreach l,$(if $($p_FOLDER),$(patsubst $($p_FOLDER)/%.mk,%,$(wildcard \
	$($p_FOLDER)/[0-9]*.mk))),$p/$l)))
# 1=library/line, 2=target.
uk_line = $(MAKE) -f $(UK_BASE)/mk/source-all.mk UK_LINE=$1 CONFIG_$(call uc,$(subst .,_,$(subst /,_,$1)))=y $2

.PHONY: $(uk_lines:%=line-%)
all: $(uk_lines:%=line-%)
$(uk_lines:%=line-%): line-%:
	$(Q)$(call uk_line,$*,source-$(firstword $(subst /, ,$*)))

# Their names in the download folder, some of them twice; of a line its own alone.
archives:
	@:$(foreach p,$(or $(firstword $(subst /, ,$(UK_LINE))),$(UK_PORTS)),$(info $(call uk_artefact,$(call uc,$p))))
	$(foreach l,$(uk_lines),$(Q)$(call uk_line,$l,archives)$(uk_newline))

# All ports as one JSON array.
show-info:
	@:$(info [)$(foreach p,$(UK_PORTS),$(info $(call uk_port_info,$p,$(call uc,$p))$(if $(filter $p,$(lastword \
		$(UK_PORTS))),,$(uk_comma))))$(info ])

# Trees of versions and patches that are gone: what no build folder holds objects of, and no Makefile.uk names.
uk_used := $(notdir $(foreach p,$(UK_PORTS),$(call uk_tree,$p,$(call uc,$p))) $(foreach f,$(wildcard $(O)/*/*/.tree),$(file <$f)))
prune:
	$(Q)$(foreach t,$(filter-out $(uk_used) $(uk_used:=.origin),$(notdir $(wildcard $(UK_SRC)/*))),echo '  PRUNE   $t' && rm -rf $(UK_SRC)/$t &&) :
