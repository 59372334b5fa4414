# SPDX-License-Identifier: BSD-3-Clause
#
# Bills of materials: scripts/sbom reads which objects were linked from the build folder; what only make knows is handed over here.

define uk_manifest
{
 "app": "$(APP)", "platform": "$(PLAT)", "arch": "$(ARCH)", "version": "$(file <$(UK_BASE)/VERSION)",
 "image": "$(patsubst $(UK_CFG)/%,%,$(UK_IMAGE))", "compiler": "$(shell $(CC) --version | head -1)",
 "archives": [$(foreach a,$(uk_alibs) $(UK_OLIBS) $(UK_OLIBS-y),"$(notdir $a)",) null],
 "libraries": {$(foreach l,$(UK_LIBS),"$l": "$(call uk_port,$($l_OF))",) "": ""},
 "ports": [$(foreach p,$(UK_PORTS),$(call uk_port_info,$p,$(call uc,$p)),) null]
}
endef

.PHONY: sbom
sbom: $(UK_CFG)/.built
	$(if $(uk_dry),,$(file >$(UK_CFG)/manifest.json,$(uk_manifest)))
	$(Q)$(UK_PYTHON) $(UK_BASE)/scripts/sbom $(if $(uk_quiet),--quiet) $(UK_CFG)
