# SPDX-License-Identifier: BSD-3-Clause
#
# From the front door to mk/build.mk.

uk_bootstrap = $(if $(filter 0,$(BOOTSTRAP)),:,scripts/bootstrap $1)

# 'APP=x PLAT=y' as a file's place in the output folder has it.
uk_first = $(firstword $(subst /, ,$(patsubst $(O)/%,%,$1)))
uk_named = APP=$(patsubst %-$(lastword $(subst -, ,$(call uk_first,$1))),%,$(call uk_first,$1)) \
	PLAT=$(lastword $(subst -, ,$(call uk_first,$1)))

# One build at a time in one build folder.
uk_build = $(if $(uk_dry),$(uk_build_dry),$(uk_build_real))
uk_build_real = command -v flock >/dev/null || { echo 'error: flock is missing; next: scripts/bootstrap' >&2; exit 1; }; \
	test -z "$$(find $(UK_CFG)/.built -newermt '+5 seconds' 2>/dev/null)" || { echo 'error: $(patsubst $(CURDIR)/%,%,$(UK_CFG)) was built at a' \
	'time that is yet to come: the clock was set back, and changes would not be noticed; next: make clean' >&2; exit 1; }; \
	( flock -n 9 || { echo '  WAIT    for another build of $(APP)-$(PLAT)'; flock 9; }; \
	$(MAKE) $(UK_JOBS) -f mk/build.mk $1 9>&- || exit $$?; : ) 9>$(UK_CFG)/.lock

# make -n: with the configuration that the config stage would write, made in a folder that goes away.
uk_build_dry = d=$$(mktemp -d) && trap 'rm -rf "$$d"' EXIT && $(UK_KCONFIG) plan --to "$$d" && \
	$(MAKE) -f mk/build.mk UK_AUTO="$$d/auto.mk" $1
