# SPDX-License-Identifier: BSD-3-Clause
#
# What a build shows: '[ 412/1630] CC      libfoo: src/one.c', a line for an error, and the image at the end.

# uk_say,what,library,file: a line for a step, unless make prints the commands (V=1) or nothing (-s).
uk_say = $(if $(UK_COUNTING),$(info @@),$(if $(Q),$(if $(uk_quiet),,$(info $(call uk_progress)$(uk_tag_$1) $2: $3))))
uk_tag_CC := CC     $(uk_empty)
uk_tag_AS := AS     $(uk_empty)
uk_tag_LD := LD     $(uk_empty)
uk_tag_GEN := GEN    $(uk_empty)
uk_tag_LDS := LDS    $(uk_empty)
uk_tag_FETCH := FETCH  $(uk_empty)
uk_tag_TREE := TREE   $(uk_empty)
uk_tag_IMAGE := IMAGE  $(uk_empty)

# How many steps there will be, is asked when the first one begins: a make -n of the same goals.
uk_total = $(eval uk_began := $(shell date +%s))$(eval uk_total := $(or $(filter-out 0,$(shell $(MAKE) -n UK_COUNTING=1 \
	-f $(firstword $(MAKEFILE_LIST)) UK_AUTO=$(UK_AUTO) $(MAKECMDGOALS) 2>/dev/null | grep -c '^@@')),1))$(uk_total)
uk_done :=
uk_progress = $(eval uk_done += x)$(call uk_ratio,$(words $(uk_done)),$(if $(word 2,$(wordlist $(uk_total),999999,$(uk_done))),$(words \
	$(uk_done)),$(uk_total)))
uk_ratio = [$(subst _,$(uk_space),$(patsubst $(call uk_mask,$1)%,%,$(call uk_mask,$2)))$1/$2]$(uk_space)
uk_mask = $(subst 1,0,$(subst 2,0,$(subst 3,0,$(subst 4,0,$(subst 5,0,$(subst 6,0,$(subst 7,0,$(subst 8,0,$(subst 9,0,$(subst \
	0,_,$(subst 1,_,$(subst 2,_,$(subst 3,_,$(subst 4,_,$(subst 5,_,$(subst 6,_,$(subst 7,_,$(subst 8,_,$(subst 9,_,$1)))))))))))))))))))

# uk_error,library,stage,what,next step: the end of a failed recipe line.
uk_error = { echo 'error: $1: $2: $3 failed; next: $(or $4,make APP=$(APP) PLAT=$(PLAT) V=1 shows the command)' >&2; exit 1; }
