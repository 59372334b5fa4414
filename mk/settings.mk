# SPDX-License-Identifier: BSD-3-Clause
#
# What the caller may set, and where things are. Read by every stage.

# Which application on which platform; APP takes 'foo' or 'apps/foo'.
override APP := $(patsubst apps/%,%,$(patsubst %/,%,$(or $(APP),qemu-stubdom)))
PLAT ?= kvm
ARCH ?= x86_64

# All output; O= moves it. DL= is the download folder, shared by default.
override O := $(abspath $(or $(O),$(UK_BASE)/build))
override DL := $(abspath $(or $(DL),$(O)/dl))
UK_MIRROR ?=
OFFLINE ?=
# Folders of libraries outside this repository, separated by colons.
L ?=

# V=1 prints commands.
V ?= 0
Q := $(if $(filter 1,$(V)),,@)

export APP PLAT ARCH O DL UK_MIRROR OFFLINE V L

# Never the user's: these would change the image.
unexport CFLAGS CPPFLAGS LDFLAGS ASFLAGS C_INCLUDE_PATH CPATH LIBRARY_PATH GCC_EXEC_PREFIX
export LC_ALL := C

UK_PYTHON := /usr/bin/python3
export PYTHONDONTWRITEBYTECODE := 1

UK_CFG := $(O)/$(APP)-$(PLAT)
UK_IMAGE := $(UK_CFG)/$(APP)_$(PLAT)-$(ARCH)
UK_SRC := $(O)/src

UK_APPS := $(patsubst $(UK_BASE)/%/Config.uk,%,$(wildcard $(UK_BASE)/apps/*/Config.uk))
UK_KINDS := abi arch plat core posix drivers libs apps

# As many jobs as processors, unless the caller said.
UK_JOBS = $(if $(findstring jobserver,$(MAKEFLAGS))$(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

# One build at a time in one build folder.
uk_build = ( flock -n 9 || { echo '  WAIT    for another build of $(APP)-$(PLAT)'; flock 9; }; \
	$(MAKE) $(UK_JOBS) -f mk/build.mk $1 9>&- || exit $$?; : ) 9>$(UK_CFG)/.lock

define uk_newline


endef
