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
	$(foreach p,$(UK_PORTS),$(if $(call uk_given,$p),$(error $p is built from $(call uk_given,$p), of which no version or hash is known, so there \
		is no bill of materials; next: without $(call uc,$(call uk_port,$p))_OVERRIDE_SRCDIR)))
	$(if $(uk_dry),,$(file >$(UK_CFG)/manifest.json,$(uk_manifest)))
	$(Q)$(UK_PYTHON) $(UK_BASE)/scripts/sbom $(if $(uk_quiet),--quiet) $(UK_CFG)

# Which library takes how much of the image: linked once more, for the map. The kernel's libraries are one object there, so each says its own sections.
.PHONY: graph-size graph-build image-map
image-map: $(UK_CFG)/.built
	$(Q)$(call uk_ld,$(wildcard $(UK_CFG)/ksyms.o)) -Map=$(UK_CFG)/image.map -o $(UK_CFG)/image.map.o && rm -f $(UK_CFG)/image.map.o
uk_image_size = $(UK_PYTHON) $(UK_BASE)/scripts/imagesize $(UK_CFG)/image.map $(patsubst %nm,%readelf,$(NM))
graph-size: image-map
	$(Q)$(uk_image_size)

# The same as a graph of the folders, with what each uses.
uk_graph_lines = $(foreach f,$(UK_FOLDERS),$f=$($f_LIBS)=$($f_DIRECT)$(uk_newline))
graph-build: image-map
	$(if $(uk_dry),,$(file >$(UK_CFG)/graph.folders,$(uk_graph_lines)))
	$(Q)$(uk_image_size) $(UK_CFG)/graph.folders >$(UK_CFG)/graph.dot.tmp && mv -f $(UK_CFG)/graph.dot.tmp $(UK_CFG)/graph.dot
	@echo "  DONE    $(patsubst $(CURDIR)/%,%,$(UK_CFG))/graph.dot"

.PHONY: legal-info
legal-info: sbom
	$(Q)$(UK_PYTHON) $(UK_BASE)/scripts/legalinfo $(UK_CFG)
	@echo "  DONE    $(patsubst $(CURDIR)/%,%,$(UK_CFG))/legal-info/manifest.txt"
