# SPDX-License-Identifier: BSD-3-Clause
#
# Reads the Makefile.uk of every enabled folder, and attributes what each says to all dependents
# (CINCLUDES-y and the like) to that folder alone.

uk_public := CINCLUDES ASINCLUDES CFLAGS ASFLAGS UK_PREPARE
UK_LDFLAGS-y :=
LDFLAGS-y :=
UK_ALIBS-y :=
UK_OLIBS-y :=
UK_LDSCRIPT :=
UK_COMPANIONS-y :=

define uk_read
UK_FOLDER := $1
UK_DIR := $($1_FOLDER)
$(foreach v,$(uk_public),$v :=$(uk_newline)$v-y :=$(uk_newline))
$(call uk_addvars,$1,)
include $($1_FOLDER)/Makefile.uk
endef

# After reading: keep what was added, immediately expanded.
define uk_keep
$(foreach v,$(uk_public),$1_PUB_$v := $($v) $($v-y)$(uk_newline))
$1_PUB_CINCLUDES += $(if $(wildcard $($1_FOLDER)/include/.),-I$($1_FOLDER)/include)
endef

$(foreach f,$(UK_FOLDERS),$(if $(wildcard $($f_FOLDER)/Makefile.uk),,$(error $($f_FOLDER): has no Makefile.uk))\
	$(eval $(call uk_read,$f))$(eval $(call uk_check_port,$f))$(eval $(call uk_keep,$f)))
