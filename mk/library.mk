# SPDX-License-Identifier: BSD-3-Clause
#
# The words of a Makefile.uk. They mean what Unikraft's documentation says.

# uc: upper case, '-' to '_': the prefix of a library's variables. The function is composed here, once.
uc = $1
$(foreach p,a:A b:B c:C d:D e:E f:F g:G h:H i:I j:J k:K l:L m:M n:N o:O p:P q:Q r:R s:S t:T u:U v:V w:W \
	x:X y:Y z:Z -:_,$(eval uc = $$(subst $(word 1,$(subst :, ,$p)),$(word 2,$(subst :, ,$p)),$(value uc))))

# The same for the name of a source: 'qapi-types.core' -> QAPI_TYPES_CORE.
uk_fileid = $(call uc,$(subst +,_,$(subst .,_,$1)))

qstrip = $(strip $(subst ",,$1))

# Where reading is; set by folders.mk and import_lib. UK_FOLDER is the folder's library name.
UK_LIBS :=
uk_here = $(patsubst $(UK_BASE)/%,%,$(UK_DIR))/Makefile.uk
uk_fail = $(error $(uk_here): $1)

define uk_addvars
$(call uc,$1)_BASE := $(or $2,$(UK_DIR))
$(call uc,$1)_BUILD := $(UK_CFG)/$1
endef

# addlib,name[,base]: a library of this folder.
define addlib
$(if $(filter $1,$(UK_LIBS)),$(call uk_fail,library $1 is registered twice))
UK_LIBS += $1
$1_OF := $(UK_FOLDER)
$(UK_FOLDER)_LIBS += $1
$(call uk_addvars,$1,$2)
endef

# addlib_s,name,switch[,base]: the same if the switch is on; the variables exist either way.
define addlib_s
$(if $(filter-out n,$(call qstrip,$2)),$(call addlib,$1,$3),$(call uk_addvars,$1,$3))
endef

# import_lib,folder: read another folder's Makefile.uk as part of this one.
define import_lib
UK_DIR := $(abspath $1)
include $(abspath $1)/Makefile.uk
UK_DIR := $(UK_DIR)
endef
