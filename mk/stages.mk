# SPDX-License-Identifier: BSD-3-Clause
#
# The stages of one port in a build, for the words of mk/port.mk.

# 1=folder's library: the libraries of a folder, their objects, and what their prepare stages make.
uk_port_trees = $(addsuffix /.ready,$($1_TREES))
uk_port_made = $(foreach l,$(sort $1 $($1_LIBS)),$($(call uc,$l)_PREPARE) $($(call uc,$l)_PREPARE-y)) $($1_PUB_UK_PREPARE)
uk_port_linked = $(foreach l,$($1_LIBS),$(if $($l_OBJS),$(UK_CFG)/$l.ld.o))
uk_port_builds = $(foreach l,$(sort $1 $($1_LIBS)),$($(call uc,$l)_BUILD) $(UK_CFG)/$l.ld.o)
uk_port_users = $(foreach f,$(UK_FOLDERS),$(if $(filter $1,$($f_DIRECT)),$f))

define uk_port_stages
.PHONY: $(foreach s,extract patch prepare build rebuild dirclean show-depends show-rdepends,port-$s-$1)
port-extract-$1 port-patch-$1: $(uk_port_trees)
port-prepare-$1: $(uk_port_trees) $(uk_port_made)
port-build-$1: $(uk_port_linked)
port-rebuild-$1:
	$(Q)cat /dev/null $(foreach l,$($1_LIBS),$($(call uc,$l)_BUILD)/.objs) | tr ' ' '\n' | sed -n '/./{p;s/$$$$/.d/p;}' | xargs rm -f
	+$(Q)$$(MAKE) -f $(UK_BASE)/mk/build.mk port-build-$1
port-dirclean-$1:
	$(Q)rm -rf $(uk_port_builds) $($1_TREES) $(addsuffix .origin,$($1_TREES))
port-show-depends-$1:
	@echo $($1_DIRECT)
port-show-rdepends-$1:
	@echo $(uk_port_users)
port-extract-$1 port-patch-$1 port-prepare-$1 port-build-$1: ; @:
endef
$(foreach f,$(UK_FOLDERS),$(eval $(call uk_port_stages,$f)))

# A port that this configuration does not have.
port-%:
	@echo 'error: $(APP)-$(PLAT) does not have the library $(lastword $(subst -, ,$*)); next: make APP=$(APP) PLAT=$(PLAT) menuconfig' >&2; exit 1
