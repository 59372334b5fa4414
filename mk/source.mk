# SPDX-License-Identifier: BSD-3-Clause
#
# Stages 2 to 4: fetch, extract and patch, prepare. A port's tree is named by its content: the key is
# over the archive's hash, what is taken from it, and all patches. So a tree never changes, and an
# edited, added or removed patch means another tree.

UK_PORTS :=
UK_TREES :=

# fetch,library,URL and fetch_as,library,URL,file name.
fetch = $(call fetch_as,$1,$2,$(notdir $2))
define fetch_as
$(call uk_fetch_vars,$1,$2,$3,$(call uc,$1))
endef
define uk_fetch_vars
UK_PORTS += $1
$4_URL_ := $2
$4_ARCHIVE_ := $3
$4_TREE = $$(call uk_tree,$1,$4)
$4_ORIGIN = $$(call uk_tree,$1,$4).origin
endef

# patch,library,folders,name of the extracted folder.
define patch
$(call uc,$1)_PATCHDIR_ := $2
$(call uc,$1)_SUBDIR_ := $3
endef

# The release line, of those that have a file LINE.mk in the port's folder, that the menu chose: PREFIX,line where nothing is configured.
uk_line = $(or $(strip $(foreach l,$(patsubst $($1_BASE)/%.mk,%,$(wildcard $($1_BASE)/[0-9]*.mk)),$(if $(filter y,$(CONFIG_$1_$(subst \
	.,_,$l))),$l))),$2)

uk_port = $(patsubst lib%,%,$1)
# Of all folders of patches, by their numbers.
uk_patches = $(call uk_by_name,$(wildcard $(addsuffix /*.patch,$(or $($1_PATCHDIR_),$($1_PATCHDIR)))))
uk_by_name = $(foreach n,$(sort $(notdir $1)),$(filter %/$n,$1))
uk_tree = $(or $($2_TREE_),$(call uk_need,$2_VERSION)$(call uk_need,$2_SHA256)$(eval $2_TREE_ := $(call \
	uk_tree_name,$1,$2))$($2_TREE_))
uk_tree_name = $(if $(call uk_given,$1),$(O)/override/$(call uk_port,$1),$(call uk_tree_key,$1,$2))
uk_tree_key = $(UK_SRC)/$(call uk_port,$1)-$(subst :,_,$($2_VERSION))-$(shell { printf '%s\n' $($2_SHA256) $(call uk_sq,x \
	$($2_EXTRACT)) $(call uk_sq,n $($2_EXTRACT_EXCLUDE)) $(call uk_sq,s $($2_STRIP) $($2_EXTRACT_INNER)); $(foreach p,$(call \
	uk_patches,$2),echo $(notdir $p) && cat $p;) } | sha256sum | cut -c1-12)

# PORT_OVERRIDE_SRCDIR=FOLDER: the tree is made of a folder of the user's, when makefiles are read: so its new dates count.
uk_given = $($(call uc,$(call uk_port,$1))_OVERRIDE_SRCDIR)
uk_override = $(if $(uk_dry),,$(eval uk_why := $(shell $(UK_PYTHON) $(UK_BASE)/mk/override.py --name $1 --source $(call uk_sq,$(call \
	uk_given,$1)) --tree $3 $(addprefix --link ,$(uk_tree_links)) $(foreach e,$($2_EXTRACT_EXCLUDE),--exclude $(call uk_sq,$e)) $(addprefix \
	--patch ,$(call uk_patches,$2)) $(if $(wildcard $($2_BASE)/fits),--fits $($2_BASE)/fits $(or $($2_LINE),-))))$(if $(uk_why),$(error $(uk_why))))

# A missing field stops here, with the file's name.
uk_need = $(if $(strip $($1)),,$(call uk_fail,$1 is not set))
define uk_check_sha
$(if $(filter-out 64,$(words $(call uk_chars,$(strip $($1_SHA256))))),$(call uk_fail,$1_SHA256 is not 64 hexadecimal digits))
endef
uk_chars = $(subst 0,0 ,$(subst 1,1 ,$(subst 2,2 ,$(subst 3,3 ,$(subst 4,4 ,$(subst 5,5 ,$(subst 6,6 ,$(subst \
	7,7 ,$(subst 8,8 ,$(subst 9,9 ,$(subst a,a ,$(subst b,b ,$(subst c,c ,$(subst d,d ,$(subst e,e ,$(subst \
	f,f ,$1))))))))))))))))

# Every port of a folder, after its Makefile.uk was read: fields, and the rules of its tree.
uk_check_port = $(foreach l,$(filter-out $(UK_PORTS_SEEN),$(UK_PORTS)),$(call uk_port_rules,$l,$(call uc,$l)))$(eval \
	UK_PORTS_SEEN := $(UK_PORTS))

define uk_port_rules
$(call uk_need,$2_VERSION)
$(call uk_need,$2_SHA256)
$(call uk_check_sha,$2)
$(if $(call uk_given,$1),$(call uk_override,$1,$2,$(call uk_tree,$1,$2)))
$(eval $(call uk_port_tree,$1,$2,$(call uk_tree,$1,$2)))
$(eval $(UK_FOLDER)_TREES += $($2_TREE_))
$(foreach t,$($2_TREE_) $(addprefix $($2_TREE_).origin/,$(uk_tree_links)),$(eval UK_TREES += $t)$(eval \
	uk_tree_port_$t := $(call uk_port,$1)))
endef

uk_artefact = $(or $(lastword $(if $(word 3,$($1_DEBSRC)),$($1_DEBSRC))),$($1_ARCHIVE_))
uk_fetch_cmd = $(UK_PYTHON) $(UK_BASE)/scripts/fetch --name $1 --dl $(DL) --sha256 $($2_SHA256) \
	$(if $($2_URL_SHA256),,--url $(call uk_sq,$($2_URL_))) $(if $($2_DEBSRC),--debsrc $(call uk_sq,$($2_DEBSRC))) \
	--file $(call uk_sq,$(call uk_artefact,$2))

# What is known of a port, as JSON. The texts are ours and have no quotes. 1=library 2=PREFIX
define uk_port_info
{
 "name": "$(call uk_port,$1)",
 "version": "$($2_VERSION)",
 "licence": "$(strip $($2_LICENSE))",
 "archive": "$(call uk_artefact,$2)",
 "sha256": "$(strip $($2_SHA256))",
 "url": "$($2_URL_)",
 "debian": "$(strip $($2_DEBSRC))",
 "tree": "$(patsubst $(O)/%,%,$(call uk_tree,$1,$2))",
 "patches": [$(subst $(uk_space),$(uk_comma) ,$(patsubst $(UK_BASE)/%,"%",$(call uk_patches,$2)))]
}
endef

# Names under which ORIGIN shows the tree.
uk_tree_links = $(sort $($2_SUBDIR_) $(call uk_port,$1)-$($2_VERSION))

define uk_port_tree
$3/.ready:
	$$(call uk_say,TREE,$1,$(notdir $3))
	$$(Q)$$(call uk_fetch_cmd,$1,$2)
	$$(Q)$(UK_PYTHON) $(UK_BASE)/mk/tree.py --name $1 --archive $(call uk_sq,$(DL)/$(call uk_artefact,$2)) --tree $3 \
		--strip $(or $(strip $($2_STRIP)),1) $(addprefix --link ,$(uk_tree_links)) \
		$(foreach e,$($2_EXTRACT),--extract $(call uk_sq,$e)) $(foreach e,$($2_EXTRACT_EXCLUDE),--exclude $(call uk_sq,$e)) \
		$(if $($2_EXTRACT_INNER),--inner $(call uk_sq,$($2_EXTRACT_INNER))) $(addprefix --patch ,$(call uk_patches,$2))
$3/% $3.origin/%: | $3/.ready ;
$($2_BUILD)/.origin $($2_BUILD)/.patched: $3/.ready
	@mkdir -p $$(@D) && touch $$@
.PHONY: source-$1 info-$1
info-$1:
	@$$(info $$(call uk_port_info,$1,$2)):
source-$1:
	$$(call uk_say,FETCH,$1,$$(call uk_artefact,$2))
	$$(Q)$$(call uk_fetch_cmd,$1,$2)
endef
