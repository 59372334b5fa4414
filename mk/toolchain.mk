# SPDX-License-Identifier: BSD-3-Clause
#
# Tools and the flags that every object shares.

CROSS_COMPILE ?=
CC := $(CROSS_COMPILE)gcc
LD := $(CROSS_COMPILE)ld
AR := $(CROSS_COMPILE)ar
NM := $(CROSS_COMPILE)nm
OBJCOPY := $(CROSS_COMPILE)objcopy
STRIP := $(CROSS_COMPILE)strip
HOSTCC ?= cc
# A compiler cache, if there is one and it has a place to write to; 'CCACHE=' does without.
CCACHE ?= $(shell d=$${CCACHE_DIR:-$${XDG_CACHE_HOME:-$$HOME/.cache}/ccache}; command -v ccache >/dev/null && mkdir -p "$$d" 2>/dev/null && \
	test -w "$$d" && echo ccache)
CCACHE := $(CCACHE)

# Of what is run everywhere. What only some archives or ports want is asked for where it is run.
uk_missing := $(strip $(shell for t in ar awk date flock grep gzip patch sed sha256sum sort stat tar tr xargs $(LD) $(NM) \
	$(OBJCOPY) $(STRIP); do command -v $$t >/dev/null || echo $$t; done))
$(if $(uk_missing),$(error $(uk_missing): is missing; next: scripts/bootstrap))

# The compiler's identity (part of every flags stamp) and the folder of its freestanding headers. 'make CC=clang', 'make CC=gcc-13' take another.
UK_CC_ID := $(shell c=$$(command -v $(CC)) && $(CC) --version | head -1 && stat -Lc '%s %Y' "$$c" && $(LD) --version | head -1)
UK_CC_INC := $(shell $(CC) -print-file-name=include)
$(if $(UK_CC_INC),,$(error $(CC) does not run: a compiler is missing (scripts/bootstrap installs one)))
UK_CC_CLANG := $(findstring clang,$(UK_CC_ID))
# uk_cc_flags,of GCC,of clang: those of the compiler at hand.
uk_cc_flags = $(if $(UK_CC_CLANG),$2,$1)

UK_OPT := $(if $(CONFIG_OPTIMIZE_SIZE),-Os,$(if $(CONFIG_OPTIMIZE_DEBUG),-Og,-O2))
# The switches are left out: a compiler cache passes them on in another order.
UK_DBG := $(if $(CONFIG_IMAGE_DEBUG_INFO),-g $(call uk_cc_flags,-gno-record-gcc-switches),-g0)

UK_CFLAGS := -std=gnu11 $(UK_OPT) $(UK_DBG) -march=x86-64 -mcmodel=small -mno-red-zone
UK_CFLAGS += -fno-pic -fno-pie -fcf-protection=none -fno-common
UK_CFLAGS += -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables
# What is in the image does not depend on where it was built. The last map that matches wins. The compiler runs in $(UK_CFG).
UK_PREFIX_MAP := $(call uk_cc_flags,-fno-working-directory,-fdebug-compilation-dir=.) -ffile-prefix-map=$(UK_BASE)=. -ffile-prefix-map=..=build -ffile-prefix-map=$(UK_CFG)=.

UK_STACK_PROTECTOR := $(if $(CONFIG_STACK_PROTECTOR),-fstack-protector-strong -mstack-protector-guard=global,-fno-stack-protector)
# Freestanding, and yet the compiler writes short copies and comparisons in place: core/string.h has the functions that it knows. It must not
# recognise loops as such functions: those functions are such loops, and core/string.h has not all that it would call. Clang cannot have the one
# without the other.
UK_CFLAGS_KERNEL := -ffreestanding $(call uk_cc_flags,-fbuiltin -fno-tree-loop-distribute-patterns) -mgeneral-regs-only -fno-omit-frame-pointer
# The C library starts before there is a limit, and libgcc's routines are leaves.
UK_CFLAGS_USER := $(if $(CONFIG_STACK_LIMIT),-fsplit-stack)
UK_CFLAGS_OWN := -Wall -Wextra
UK_CFLAGS_UPSTREAM := -Werror=implicit-function-declaration -Werror=implicit-int -Werror=incompatible-pointer-types -Werror=int-conversion
UK_ASFLAGS := $(call uk_cc_flags,,-Qunused-arguments) $(UK_DBG) -march=x86-64 -mcmodel=small -D__ASSEMBLY__
