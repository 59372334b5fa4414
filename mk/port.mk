# SPDX-License-Identifier: BSD-3-Clause
#
# The front door's words for one port, as Buildroot has them: make qemu-rebuild, make APP=lib-test pcre2-show-info ...

UK_PORT_FOLDERS := $(patsubst %/Makefile.uk,%,$(wildcard $(UK_BASE)/libs/*/Makefile.uk $(addsuffix /Makefile.uk,$(uk_external))))
uk_port_names := $(patsubst lib-%,%,$(notdir $(UK_PORT_FOLDERS)))
uk_any := source show-info
uk_enabled := extract patch prepare build rebuild dirclean show-depends show-rdepends

# 1=port's folder name: its library.
uk_port_lib = lib$(patsubst lib%,%,$(subst -,_,$1))

.PHONY: $(foreach s,$(uk_any) $(uk_enabled),$(addsuffix -$s,$(uk_port_names)))

# These need no configuration: of every port in the tree.
define uk_port_any
$1-source:
	+$$(Q)$$(MAKE) -f mk/source-all.mk source-$(call uk_port_lib,$1)
$1-show-info:
	+$$(Q)$$(MAKE) -f mk/source-all.mk info-$(call uk_port_lib,$1)
endef
define uk_port_enabled
$1-$2: config
	+$$(Q)$$(call uk_build,port-$2-$(call uk_port_lib,$1))
endef
$(foreach n,$(uk_port_names),$(eval $(call uk_port_any,$n))$(foreach s,$(uk_enabled),$(eval $(call uk_port_enabled,$n,$s))))
