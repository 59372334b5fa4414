# SPDX-License-Identifier: BSD-3-Clause
#
# What the caller may set, and where things are. Read by every stage.

uk_empty :=
uk_space := $(uk_empty) $(uk_empty)
define uk_newline


endef
uk_sq = '$(subst ','\'',$1)'

# uk_path,what it is,path: the path, or the end if make, the shell or the compiler would take a part of it for something else.
uk_comma := ,
uk_odd := : ; = \# % $$ ' " ` & | < > ( ) [ ] { } * ? ! \ ^ $(uk_comma)
uk_path = $(if $(strip $(word 2,$2)$(foreach c,$(uk_odd),$(findstring $c,$2))),$(error \
	the path '$2' ($1) has a blank or one of $(uk_odd) which the build cannot take; next: another path))$2
UK_BASE := $(call uk_path,this checkout,$(UK_BASE))

# Which application on which platform; APP takes 'foo' or 'apps/foo'.
override APP := $(patsubst apps/%,%,$(patsubst %/,%,$(or $(APP),qemu-stubdom)))
PLAT ?= kvm
ARCH ?= x86_64

# All output; O= moves it. DL= is the download folder, shared by default.
override O := $(abspath $(call uk_path,O=,$(or $(O),$(UK_BASE)/build)))
override DL := $(abspath $(call uk_path,DL=,$(or $(DL),$(O)/dl)))
UK_MIRROR ?=
OFFLINE ?=

# V=1 prints commands.
V ?= 0
Q := $(if $(filter 1,$(V)),,@)

export APP PLAT ARCH O DL UK_MIRROR OFFLINE V

# Never the user's: these would change the image.
unexport CFLAGS CPPFLAGS LDFLAGS ASFLAGS C_INCLUDE_PATH CPATH LIBRARY_PATH GCC_EXEC_PREFIX
export LC_ALL := C

UK_PYTHON ?= /usr/bin/python3
export UK_PYTHON
export PYTHONDONTWRITEBYTECODE := 1

UK_CFG := $(O)/$(call uk_path,APP= and PLAT=,$(APP)-$(PLAT))
UK_IMAGE := $(UK_CFG)/$(APP)_$(PLAT)-$(ARCH)
UK_SRC := $(O)/src

# Folders of libraries outside this repository, separated by colons. A build folder remembers them; 'L=' forgets them. UK_EXTERNAL= is L= by
# a longer name.
ifeq ($(origin L),undefined)
L := $(if $(filter undefined,$(origin UK_EXTERNAL)),$(file <$(UK_CFG)/.external),$(UK_EXTERNAL))
endif
uk_external := $(foreach d,$(subst :, ,$(L)),$(abspath $(call uk_path,L=,$d)))

UK_APPS := $(patsubst $(UK_BASE)/%/Config.uk,%,$(wildcard $(UK_BASE)/apps/*/Config.uk))
UK_KINDS := abi arch plat core posix drivers libs apps

# As many jobs as processors, unless the caller said.
UK_JOBS = $(if $(findstring jobserver,$(MAKEFLAGS))$(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

# make's own one-letter options; under -n nothing may be written, by parsing neither.
uk_letters := $(filter-out --%,$(firstword -$(MAKEFLAGS)))
uk_dry := $(findstring n,$(uk_letters))
uk_quiet := $(findstring s,$(uk_letters))
