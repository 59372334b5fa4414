# SPDX-License-Identifier: BSD-3-Clause
#
# Stage 5: objects. They mirror the paths of their sources; flags are a file they depend on; what a
# source includes and which options it reads is found by the compiler and mk/deps.awk.
#
# Three roots of sources: the unpacked tree of a port (upstream: -w), what its prepare stage made in
# the library's build folder (the same), and the library's own folder (ours: -Wall -Wextra -Werror).

# What a folder's objects wait for: trees and generated files of the folder and its dependencies.
define uk_folder_order
$1_READY := $(addsuffix /.ready,$($1_TREES)) $(foreach l,$(sort $1 $($1_LIBS)),$($(call uc,$l)_PREPARE) \
	$($(call uc,$l)_PREPARE-y)) $($1_PUB_UK_PREPARE)
endef
$(foreach f,$(UK_FOLDERS),$(eval $(call uk_folder_order,$f)))

# Include flags of a folder: its own public ones, then those of what it depends on.
uk_deps_pub = $(foreach f,$1 $($1_INCDEPS),$($f_PUB_$2))
uk_libc := $(filter libmusl,$(UK_FOLDERS))
uk_libc_inc := $(patsubst -I%,-isystem %,$(filter -I%,$(libmusl_PUB_CINCLUDES)))

define uk_folder_flags
$1_CONFIG := -I$(UK_CFG)/include -include $(UK_CFG)/include/uk/config.h
$1_SYSINC := -nostdinc $(if $($1_KERNEL)$(filter libmusl,$1),,$(uk_libc_inc)) -isystem $(UK_CC_INC)
$1_KIND := $(if $($1_KERNEL),$(UK_CFLAGS_KERNEL),$(if $(filter libmusl libgcc,$1),,$(UK_CFLAGS_USER)))
$1_GUARD := $(if $(filter libgcc,$1),-fno-stack-protector,$(UK_STACK_PROTECTOR))
$1_WARN := $(UK_CFLAGS_OWN) $(if $($1_EXTERNAL),,-Werror)
$1_INC := $(filter-out $(if $($1_KERNEL)$(filter libmusl,$1),,$(libmusl_PUB_CINCLUDES)),$(call uk_deps_pub,$1,CINCLUDES))
$1_ORDER := $(sort $($1_READY) $(foreach f,$($1_DEPS) $(if $($1_KERNEL),,$(uk_libc)),$($f_READY)))
endef
$(foreach f,$(UK_FOLDERS),$(eval $(call uk_folder_flags,$f)))

# Flags of a library: 1=library 2=PREFIX 3=folder.
define uk_lib_flags
$1_CC := $(UK_CFLAGS) $($3_GUARD) $($3_KIND) $(call uk_deps_pub,$3,CFLAGS) $($2_CFLAGS) $($2_CFLAGS-y)
$1_INC := $($2_CINCLUDES) $($2_CINCLUDES-y) $($3_INC) $($3_SYSINC)
$1_AS := $(UK_ASFLAGS) $(call uk_deps_pub,$3,ASFLAGS) $($2_ASFLAGS) $($2_ASFLAGS-y) \
	$($2_ASINCLUDES) $($2_ASINCLUDES-y) $(call uk_deps_pub,$3,ASINCLUDES)
$1_own := $($3_CONFIG) $($3_WARN)
$1_upstream := $(UK_CFLAGS_UPSTREAM)
endef

# Sources of a library, absolute, without and with '|variant'.
uk_abs = $(filter /%,$1) $(addprefix $($2_BASE)/,$(filter-out /%,$1))
uk_plain = $(foreach s,$1,$(if $(findstring |,$s),,$s))

# A library's roots, as root:object-folder:kind. The last takes what is elsewhere.
uk_tree_roots = $(foreach t,$(UK_TREES),$(if $(filter $t/%,$1),$t:src/$(uk_tree_port_$t):upstream))
uk_root = $(word 1,$(subst :, ,$1))
uk_part = $($2_BUILD)/$(word 2,$(subst :, ,$1))

# The object of one source with a variant. 1=library 2=PREFIX 3=source 4=roots
uk_root_of = $(firstword $(foreach r,$2,$(if $(filter $(call uk_root,$r)/%,$1),$r)))

uk_dep = -MD -MF $@.d.tmp
# The compiler runs in the build folder and sees what lies in the output folder by relative names: so the same source with the same flags is
# the same text for every application and output folder, which a compiler cache is to find.
uk_rel = $(subst $(O)/,../,$(subst $(UK_CFG)/,,$1))
uk_finish = awk -v obj=$@ -v cwd=$(UK_CFG) -v o=$(O) -v cfg=$(UK_CFG) -v cc=$(UK_CC_INC) -v scan=$(if $(filter own,$1),1) \
	-f $(UK_BASE)/mk/deps.awk $@.d.tmp >$@.d && rm -f $@.d.tmp && mv -f $@.tmp $@
uk_fileflags = $($2_$(call uk_fileid,$(notdir $(basename $1)))_FLAGS) $($2_$(call uk_fileid,$(notdir $(basename $1)))_FLAGS-y)
uk_varflags = $(if $3,$($2_$(call uk_fileid,$(notdir $(basename $1)))_$(call uc,$3)_FLAGS-y))

# Recipes. 1=library 2=PREFIX 3=source 4=kind 5=short name; the object is $@.
define uk_cc
$(call uk_say,CC,$1,$5)
$(Q){ cd $(UK_CFG) && $(CCACHE) $(CC) $(UK_PREFIX_MAP) $(call uk_rel,$($1_CC) $($1_$4) $(call uk_fileflags,$@,$2) $($1_INC) $3) \
	$(uk_dep) -c -o $@.tmp && $(call uk_finish,$4); } || $(call uk_error,$1,compile,$5)
endef
define uk_as
$(call uk_say,AS,$1,$5)
$(Q){ cd $(UK_CFG) && $(CCACHE) $(CC) $(UK_PREFIX_MAP) $(call uk_rel,$($1_AS) $(if $(filter own,$4),$($($1_OF)_CONFIG)) \
	$(call uk_fileflags,$@,$2) $($1_INC) $3) $(uk_dep) -c -o $@.tmp && { test -e $@.d.tmp || echo '$@: $3' >$@.d.tmp; } && \
	$(call uk_finish,$4); } || $(call uk_error,$1,assemble,$5)
endef
define uk_lds
$(call uk_say,LDS,$1,$5)
$(Q){ cd $(UK_CFG) && $(CC) -E -P -x assembler-with-cpp $($1_AS) $($($1_OF)_CONFIG) $($1_INC) -D__LINKER__ $(uk_dep) -o $@.tmp $3 && \
	$(call uk_finish,own); } || $(call uk_error,$1,preprocess,$5)
endef

# One static pattern rule a library, root and suffix. 1=library 2=PREFIX 3=root 4=object folder 5=kind 6=objects
# 7=suffix 8=recipe. Sources in a port's tree never change, so only others are prerequisites.
define uk_rule
$6: $4/%.o: $(if $(filter $(UK_SRC)/%,$3),,$3/%.$7) $($2_BUILD)/.flags | $($($1_OF)_ORDER)
	$$(call $8,$1,$2,$3/$$*.$7,$5,$$*.$7)
$1_OBJS += $6
endef
define uk_rule_variant
$4/$6.$8.o: $(if $(filter $(UK_SRC)/%,$3),,$3/$6$7) $($2_BUILD)/.flags | $($($1_OF)_ORDER)
	$$(call $9,$1,$2,$3/$6$7,$5,$6$7|$8)
$1_OBJS += $4/$6.$8.o
endef
define uk_rule_lds
$($2_BUILD)/$(notdir $(basename $3)): $3 $($2_BUILD)/.flags | $($($1_OF)_ORDER)
	$$(call uk_lds,$1,$2,$3,own,$(notdir $3))
$1_LDS += $($2_BUILD)/$(notdir $(basename $3))
endef

uk_recipe_c := uk_cc
uk_recipe_S := uk_as
uk_recipe_s := uk_as

# 1=library 2=PREFIX 3=sources 4=root:part:kind
uk_rules_root = $(foreach x,c S s,$(call uk_rules_suffix,$1,$2,$(filter $(call uk_root,$4)/%.$x,$3),$(call \
	uk_root,$4),$(call uk_part,$4,$2),$(word 3,$(subst :, ,$4)),$x))
uk_rules_suffix = $(if $3,$(eval $(call uk_rule,$1,$2,$4,$5,$6,$(patsubst $4/%.$7,$5/%.o,$3),$7,$(uk_recipe_$7))))
uk_rules_variant = $(call uk_rules_variant_,$1,$2,$(word 1,$(subst |, ,$3)),$(word 2,$(subst |, ,$3)),$4)
uk_rules_variant_ = $(call uk_rules_variant__,$1,$2,$3,$4,$(call uk_root_of,$3,$5))
uk_rules_variant__ = $(eval $(call uk_rule_variant,$1,$2,$(call uk_root,$5),$(call uk_part,$5,$2),$(word 3,$(subst \
	:, ,$5)),$(patsubst $(call uk_root,$5)/%,%,$(basename $3)),$(suffix $3),$4,$(uk_recipe_$(patsubst .%,%,$(suffix $3)))))

# Sources are looked for in the trees, the build folder, the library's folder, the repository, anywhere.
uk_other_roots = $($2_BUILD):gen:$(if $($($1_OF)_KERNEL),own,upstream) $(UK_CFG):gen/of:upstream $($2_BASE):own:own $(UK_BASE):base:own

define uk_lib
$(eval $(call uk_lib_flags,$1,$2,$($1_OF)))
$(eval uk_srcs := $(call uk_abs,$(call uk_plain,$($2_SRCS) $($2_SRCS-y)),$2))
$(eval uk_vars := $(call uk_abs,$(foreach s,$($2_SRCS) $($2_SRCS-y),$(if $(findstring |,$s),$s)),$2))
$(eval uk_bare := $(foreach s,$(uk_vars),$(word 1,$(subst |, ,$s))))
$(eval uk_roots := $(call uk_tree_roots,$(uk_srcs) $(uk_bare)) $(call uk_other_roots,$1,$2))
$(eval $1_OBJS :=)
$(foreach s,$(filter %.lds.S,$(uk_srcs)),$(eval $(call uk_rule_lds,$1,$2,$s)))
$(eval uk_left := $(filter-out %.lds.S,$(uk_srcs)))
$(foreach r,$(uk_roots),$(call uk_rules_root,$1,$2,$(uk_left),$r)$(eval uk_left := $(filter-out $(call uk_root,$r)/%,$(uk_left))))
$(if $(uk_left),$(error $($($1_OF)_FOLDER)/Makefile.uk: sources outside of known folders: $(uk_left)))
$(if $(filter-out %.c %.S %.s,$(uk_srcs) $(uk_bare)),$(error $($($1_OF)_FOLDER)/Makefile.uk: no rule for $(filter-out \
	%.c %.S %.s,$(uk_srcs) $(uk_bare))))
$(foreach s,$(uk_vars),$(call uk_rules_variant,$1,$2,$s,$(uk_roots)))
endef

# Stamps are compared here and rewritten only when different: no process, no rule.
# 1=file 2=text: rewrites and is non-empty if the text changed.
# Under make -n nothing is written: what depends on the stamp is shown as to be made.
uk_stamp = $(if $(call uk_same,$(file <$1),$2),,$(if $(uk_dry),$(eval $1: FORCE ; @:),$(shell mkdir -p $(dir $1))$(file >$1,$2))changed)
uk_same = $(if $(subst x$(strip $1)x,,x$(strip $2)x),,y)

define uk_flags_text
cc $(UK_CC_ID)
tree $($($1_OF)_TREES)
c $($1_CC)
inc $($1_INC)
own $($1_own)
upstream $($1_upstream)
as $($1_AS)
endef

# Per-file flags: only the objects named depend on them. 1=library 2=PREFIX
uk_filevars = $(sort $(patsubst $2_%_FLAGS-y,%,$(filter $2_%_FLAGS-y,$(uk_all_vars))) $(patsubst \
	$2_%_FLAGS,%,$(filter $2_%_FLAGS,$(uk_all_vars))) $(patsubst $($2_BUILD)/.flags.%,%,$(wildcard $($2_BUILD)/.flags.*)))
uk_all_vars := $(filter %_FLAGS-y %_FLAGS,$(.VARIABLES))
define uk_file_stamps
$(eval uk_pairs := $(join $(addsuffix !,$(call uk_fileid,$(notdir $(basename $($1_OBJS))))),$($1_OBJS)))
$(foreach x,$3,$(if $(filter $x!%,$(uk_pairs)),$(call uk_stamp,$($2_BUILD)/.flags.$x,$($2_$x_FLAGS) $($2_$x_FLAGS-y))$(eval \
	$(patsubst $x!%,%,$(filter $x!%,$(uk_pairs))): $($2_BUILD)/.flags.$x)))
endef

# Another tree: nothing of the old one survives in this build folder.
define uk_stamps
$(if $($($1_OF)_TREES),$(if $(call uk_same,$(file <$($2_BUILD)/.tree),$($($1_OF)_TREES)),,$(if $(uk_dry),,$(shell rm -rf $($2_BUILD)))$(call \
	uk_stamp,$($2_BUILD)/.tree,$($($1_OF)_TREES))))
$(call uk_stamp,$($2_BUILD)/.flags,$(call uk_flags_text,$1,$2))
$(if $(call uk_filevars,$1,$2),$(call uk_file_stamps,$1,$2,$(call uk_filevars,$1,$2)))
$(if $(call uk_stamp,$($2_BUILD)/.objs,$($1_OBJS)),$(if $(uk_dry),,$(shell tr ' ' '\n' <$($2_BUILD)/.objs | grep . | sed 's,/[^/]*$$,,' | \
	sort -u | xargs -r mkdir -p)))
endef

$(foreach l,$(UK_LIBS),$(call uk_lib,$l,$(call uc,$l)))
$(foreach l,$(UK_LIBS),$(if $(strip $(call uk_stamps,$l,$(call uc,$l))),))

# Headers that were deleted: whoever included them is rebuilt (and then says so, or no longer does).
%.h: ;
%.inc: ;

-include $(wildcard $(foreach l,$(UK_LIBS),$(addsuffix .d,$($l_OBJS) $($l_LDS))))
