# SPDX-License-Identifier: BSD-3-Clause
#
# Upstream test suites inside an image. Each program is a library, so that the names of one do not meet those of another; its
# main() is entered in a table by program.c of apps/suites, whose main.c runs them. Old tests are compiled as their time did: -w.
SUITE_RUNNER := $(UK_BASE)/apps/suites

# suite_tree,suite,library,what: a tree of its own for the tests in a port's archive, so that the port's own stays as it is. Patches of
# the tests are in the suite's folder.
define suite_tree
$(call uk_addvars,suite_$1,)
$(foreach v,VERSION SHA256 URL_SHA256 DEBSRC LICENSE,$(call uc,suite_$1)_$v := $($(call uc,$2)_$v)$(uk_newline))
$(call uc,suite_$1)_EXTRACT := $3
$(call patch,suite_$1,$(UK_DIR)/patches,)
$(call fetch,suite_$1,$($(call uc,$2)_URL))
endef

# suite_runs,suite: the programs that the suite's list of runs names.
suite_runs = $(sort $(patsubst $1/%,%,$(filter $1/%,$(file <$(UK_DIR)/runs))))

# suite_program,suite,program,sources: flags are the suite's, SUITE_<SUITE>_CFLAGS-y, _CINCLUDES-y and _PREPARE.
define suite_program
$(call suite_program_,$1,$2,$3,$(subst /,_,suite_$1_$2),$(call uc,$(subst /,_,suite_$1_$2)),$(call uc,suite_$1))
endef
define suite_program_
$(call addlib,$4)
$5_SRCS-y := $3 $(SUITE_RUNNER)/program.c
$5_CFLAGS-y = -w -DSUITE_PROGRAM=\"$1/$2\" -Dmain=suite_main $$($6_CFLAGS-y)
$5_CINCLUDES-y = $$($6_CINCLUDES-y)
$5_PREPARE = $$($6_PREPARE)
endef

# suite_files,suite,folder:name...: an initial ramdisk beside the image, with these files and folders of folders.
define suite_files
UK_COMPANIONS-y += $(UK_IMAGE).$1.cpio
$(UK_IMAGE).$1.cpio: $(UK_DIR)/Makefile.uk $$(SUITE_$(call uc,$1)_TREE)/.ready
	$$(call uk_say,GEN,suite_$1,$$(@F))
	$$(Q)rm -rf $$@.d && mkdir $$@.d
	$$(Q)$(foreach f,$2,(cd $(word 1,$(subst :, ,$f)) && find $(word 2,$(subst :, ,$f)) | cpio -pdL --quiet $$@.d) &&) :
	$$(Q)cd $$@.d && find . | sort | cpio -o -H newc -R 0:0 --reproducible --quiet >$$@.tmp && mv -f $$@.tmp $$@ && rm -rf $$@.d
endef
