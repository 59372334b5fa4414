# SPDX-License-Identifier: BSD-3-Clause
#
# Stage 1: from menus and defconfigs to .config, auto.mk and config.h (mk/kconfig.py).

UK_KCONFIG = { command -v $(UK_PYTHON) >/dev/null || { echo 'error: $(UK_PYTHON) is missing; next: scripts/bootstrap' >&2; \
	exit 1; }; } && $(UK_PYTHON) $(UK_BASE)/mk/kconfig.py --root $(UK_BASE) --out $(UK_CFG) --app $(APP) --plat $(PLAT) \
	--external '$(subst $(uk_space),:,$(uk_external))'
UK_DEFCONFIG := $(wildcard $(UK_BASE)/apps/$(APP)/defconfig.$(PLAT))
UK_MENUS := $(sort $(wildcard $(patsubst %,$(UK_BASE)/%/*/Config.uk,$(UK_KINDS)) \
	$(UK_BASE)/plat/*/Choice.uk $(addsuffix /Config.uk,$(uk_external)) $(UK_BASE)/mk/Config.image)) $(UK_BASE)/Kconfig

.PHONY: config defconfig olddefconfig menuconfig savedefconfig graph-depends
config: $(UK_CFG)/auto.mk

# A menu that came or went is noticed by the list of menus; external libraries by the folder's note of them.
ifneq ($(file <$(UK_CFG)/.menus),$(UK_MENUS) | $(uk_external))
$(UK_CFG)/auto.mk: FORCE
endif

$(UK_CFG)/.config: $(UK_DEFCONFIG)
	$(Q)test -d $(UK_BASE)/apps/$(APP) || { echo "error: there is no apps/$(APP)" >&2; exit 1; }
	$(Q)mkdir -p $(@D)
	$(Q)$(UK_KCONFIG) refresh

$(UK_CFG)/auto.mk: $(UK_CFG)/.config $(UK_MENUS) $(wildcard $(UK_BASE)/mk/kconf*.py $(UK_BASE)/VERSION)
	@echo "  CONFIG  $(APP)-$(PLAT)"
	$(Q)$(UK_KCONFIG) sync
	$(if $(uk_dry),,$(file >$(UK_CFG)/.menus,$(UK_MENUS) | $(uk_external)))

defconfig:
	$(Q)mkdir -p $(UK_CFG)
	$(Q)$(UK_KCONFIG) $@

olddefconfig: $(UK_CFG)/.config
	$(Q)$(UK_KCONFIG) sync

menuconfig savedefconfig graph-depends: $(UK_CFG)/.config
	$(Q)$(UK_KCONFIG) $(patsubst graph-depends,graph,$@) $(if $(TO),--to $(call uk_sq,$(TO)))
