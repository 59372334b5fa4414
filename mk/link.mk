# SPDX-License-Identifier: BSD-3-Clause
#
# Stage 6: one relocatable object a library, with only the names of its exportsyms.uk left global;
# the kernel's libraries become one object first, so its names never meet those of ports.

uk_ldr := $(LD) -r -nostdlib --build-id=none -z noexecstack
uk_exports = $(wildcard $($($1_OF)_FOLDER)/$1.exportsyms.uk $($($1_OF)_FOLDER)/exportsyms.uk)

UK_KERNEL_LIBS := $(foreach l,$(UK_LIBS),$(if $($l_OBJS),$(if $($($l_OF)_KERNEL),$l)))
UK_USER_LIBS := $(foreach l,$(UK_LIBS),$(if $($l_OBJS),$(if $($($l_OF)_KERNEL),,$l)))

# Keep the names listed in the given files. A name that nothing has keeps objcopy from keeping all.
uk_localise = { sed 's/\#.*//' $1 | grep -v '^[[:space:]]*$$'; echo __uk_none; } >$@.syms && \
	$(OBJCOPY) --wildcard --keep-global-symbols=$@.syms $@.tmp

# 1=library 2=PREFIX 3=exports
define uk_link_lib
$(UK_CFG)/$1.ld.o: $($1_OBJS) $($2_BUILD)/.objs $($2_BUILD)/.exports $3
	$$(call uk_say,LD,$1,$1.ld.o)
	$$(Q){ $$(uk_ldr) -o $$@.tmp @$($2_BUILD)/.objs $$(if $3,&& $$(call uk_localise,$3)) && mv -f $$@.tmp $$@; } || \
		$$(call uk_error,$1,link,$1.ld.o)
endef
$(foreach l,$(UK_KERNEL_LIBS) $(UK_USER_LIBS),$(if $(call uk_stamp,$($(call uc,$l)_BUILD)/.exports,exports $(if \
	$($($l_OF)_KERNEL),,$(call uk_exports,$l)) $(UK_CC_ID)),))
$(foreach l,$(UK_KERNEL_LIBS),$(eval $(call uk_link_lib,$l,$(call uc,$l),)))
$(foreach l,$(UK_USER_LIBS),$(eval $(call uk_link_lib,$l,$(call uc,$l),$(call uk_exports,$l))))

UK_KERNEL_OBJ := $(UK_CFG)/kernel.o
uk_kernel_parts := $(patsubst %,$(UK_CFG)/%.ld.o,$(UK_KERNEL_LIBS))
uk_kernel_exports := $(sort $(foreach l,$(UK_KERNEL_LIBS),$(call uk_exports,$l)) $(foreach f,$(UK_FOLDERS),$(if \
	$($f_KERNEL),$(wildcard $($f_FOLDER)/exportsyms.uk))))
$(if $(call uk_stamp,$(UK_CFG)/.kernel.parts,$(uk_kernel_parts)),)
$(if $(call uk_stamp,$(UK_CFG)/.kernel,$(uk_kernel_parts) $(uk_kernel_exports)),)

$(UK_KERNEL_OBJ): $(uk_kernel_parts) $(uk_kernel_exports) $(UK_CFG)/.kernel
	$(call uk_say,LD,kernel,$(@F))
	$(Q){ $(uk_ldr) -o $@.tmp @$(UK_CFG)/.kernel.parts && $(call uk_localise,$(uk_kernel_exports) /dev/null) && \
		mv -f $@.tmp $@; } || $(call uk_error,kernel,link,$(@F))
