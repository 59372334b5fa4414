# SPDX-License-Identifier: BSD-3-Clause
#
# Stage 7: the image, and files that its folder's Makefile.uk puts beside it (UK_COMPANIONS-y). Linked twice: the second time with the table of function names that the first
# link gave (scripts/ksyms); the table lies behind all code, so no function moves, which is checked.

$(if $(UK_KERNEL_LIBS),,$(error no kernel library is enabled: the configuration has no platform))
$(if $(UK_LDSCRIPT),,$(error plat/$(PLAT)/Makefile.uk: UK_LDSCRIPT is not set))

uk_plat := $(firstword $(foreach l,$(UK_LIBS),$(if $(filter plat_$(PLAT),$l),$l)) $(UK_KERNEL_LIBS))
uk_lds_file := $(UK_CFG)/image.lds
uk_ldflags := -static -nostdlib --gc-sections --build-id=none -z noexecstack -z max-page-size=0x1000 \
	--no-warn-rwx-segments $(LDFLAGS-y) $(UK_LDFLAGS-y)
uk_inputs := $(UK_KERNEL_OBJ) $(patsubst %,$(UK_CFG)/%.ld.o,$(UK_USER_LIBS)) $(UK_OLIBS) $(UK_OLIBS-y)
uk_alibs := $(strip $(UK_ALIBS) $(UK_ALIBS-y))
uk_extra_lds := $(foreach l,$(UK_LIBS),$($l_LDS))
uk_ksyms := $(if $(CONFIG_IMAGE_KSYMS_ALL),all,$(if $(CONFIG_IMAGE_KSYMS_KERNEL),kernel,none))
uk_outputs := $(UK_IMAGE) $(UK_IMAGE).dbg $(if $(CONFIG_IMAGE_GZIP),$(UK_IMAGE).gz) $(UK_COMPANIONS-y)

image: $(UK_CFG)/.built
	@:

# Said once a build: where the image is, and its size.
uk_shown := $(patsubst $(CURDIR)/%,%,$(UK_IMAGE))
$(UK_CFG)/.built: $(uk_outputs) $(UK_CFG)/compile_commands.json
	$(Q)$(if $(uk_quiet)$(UK_COUNTING),,echo "  DONE    $(uk_shown): $$(stat -c %s $(UK_IMAGE)) bytes$(if \
		$(CONFIG_IMAGE_GZIP),$(uk_comma) $$(stat -c %s $(UK_IMAGE).gz) compressed)$(if $(uk_done),; $(words \
		$(uk_done)) steps in $$(($$(date +%s) - $(uk_began))) s)" &&) touch $@

# What is linked and what has objects, in files: a command of the shell's may have 128 KiB, which long paths use up.
$(if $(call uk_stamp,$(UK_CFG)/.inputs,$(uk_inputs)),)
$(if $(call uk_stamp,$(UK_CFG)/.libraries,$(foreach l,$(UK_LIBS),$(if $($l_OBJS),$($(call uc,$l)_BASE)=$($(call uc,$l)_BUILD)))),)
$(if $(call uk_stamp,$(UK_CFG)/.image,$(uk_ldflags) $(uk_inputs) $(uk_alibs) $(uk_extra_lds) $(uk_ksyms) $(UK_CC_ID)),)

$(uk_lds_file): $(UK_LDSCRIPT) $(UK_CFG)/.image $($(call uc,$(uk_plat))_BUILD)/.flags
	$(call uk_say,LDS,$(APP),$(patsubst $(UK_BASE)/%,%,$<))
	$(Q){ cd $(UK_CFG) && $(CC) -E -P -x assembler-with-cpp $($(uk_plat)_AS) $($($(uk_plat)_OF)_CONFIG) $($(uk_plat)_INC) -D__LINKER__ \
		$(uk_dep) -o $@.tmp $< && $(call uk_finish,own); } || $(call uk_error,$(APP),preprocess,$<)
-include $(wildcard $(uk_lds_file).d)

uk_ld = $(LD) $(uk_ldflags) $(addprefix -T ,$(uk_extra_lds)) -T $(uk_lds_file) @$(UK_CFG)/.inputs $1 \
	$(if $(uk_alibs),--start-group $(uk_alibs) --end-group)

$(UK_IMAGE).dbg: $(uk_inputs) $(uk_alibs) $(uk_extra_lds) $(uk_lds_file) $(UK_CFG)/.image $(UK_BASE)/scripts/ksyms
	$(call uk_say,LD,$(APP),$(@F))
	$(Q)$(if $(filter none,$(uk_ksyms)),\
	{ $(call uk_ld) -o $@.tmp && mv -f $@.tmp $@; },\
	{ $(call uk_ld) -o $@.1 && \
	  $(UK_PYTHON) $(UK_BASE)/scripts/ksyms --nm $(NM) --cc $(CC) $(if $(filter kernel,$(uk_ksyms)),--only $(UK_KERNEL_OBJ)) \
		--out $(UK_CFG)/ksyms.o $@.1 && \
	  $(call uk_ld,$(UK_CFG)/ksyms.o) -o $@.tmp && \
	  $(UK_PYTHON) $(UK_BASE)/scripts/ksyms --nm $(NM) --verify $@.1 $@.tmp && rm -f $@.1 && mv -f $@.tmp $@; }) || \
	$(call uk_error,$(APP),link,$(@F))

$(UK_IMAGE): $(UK_IMAGE).dbg
	$(call uk_say,IMAGE,$(APP),$(@F))
	$(Q){ $(STRIP) -o $@.tmp $< && mv -f $@.tmp $@; } || $(call uk_error,$(APP),image,$(@F))

$(UK_IMAGE).gz: $(UK_IMAGE)
	$(Q)gzip -9nc $< >$@.tmp && mv -f $@.tmp $@

$(UK_CFG)/compile_commands.json: $(foreach l,$(UK_KERNEL_LIBS) $(UK_USER_LIBS),$($(call uc,$l)_BUILD)/.flags \
	$($(call uc,$l)_BUILD)/.objs) | $(sort $(foreach f,$(UK_FOLDERS),$($f_READY)))
	$(Q)$(UK_PYTHON) $(UK_BASE)/mk/compdb.py --root $(UK_BASE) --src $(UK_SRC) --cc $(CC) --out $@ $(UK_CFG)/.libraries
