# SPDX-License-Identifier: BSD-3-Clause
#
# What runs when the machine is made, on a command or on an error, and not for each request of the guest's, is compiled for size.

# Parts of lists/, and folders of upstream's tree or of its generated sources.
LIBQEMU_COLD_PARTS := authz blockdev gdbstub io qmp
LIBQEMU_COLD_FOLDERS := accel/stubs audio backends hw/acpi hw/audio hw/cxl hw/i2c hw/ipack hw/ipmi hw/mem hw/misc hw/nvram hw/pci-bridge \
	hw/smbios hw/uefi hw/watchdog migration monitor qapi stats trace
LIBQEMU_COLD_FILES := $(addprefix $(LIBQEMU_TREE)/, $(addprefix hw/core/,generic-loader.c guest-loader.c machine.c \
	machine-hmp-cmds.c machine-qmp-cmds.c machine-smp.c numa.c qdev-properties-system.c) $(addprefix system/,bootdevice.c datadir.c \
	qdev-monitor.c qtest.c runstate.c runstate-hmp-cmds.c vl.c))

# Flags belong to a file's name: a cold one that is named as a warm one of the same part stays as it is.
libqemu_ids = $(foreach s,$1,$(call uk_fileid,$(notdir $(basename $s))))
define libqemu_cold
libqemu_cold_$1 := $(filter $(LIBQEMU_COLD_FILES) $(foreach f,$(LIBQEMU_COLD_FOLDERS),$(LIBQEMU_TREE)/$f/% $(LIBQEMU_BUILD)/$f/%),$(LIBQEMU_$1_SRCS-y))
libqemu_cold_$1 := $$(filter-out $$(call libqemu_ids,$$(filter-out $$(libqemu_cold_$1),$(LIBQEMU_$1_SRCS-y))),$$(call libqemu_ids,$$(libqemu_cold_$1)))
$$(foreach i,$$(libqemu_cold_$1),$$(eval LIBQEMU_$1_$$i_FLAGS-y += -Os))
endef
ifeq ($(CONFIG_LIBQEMU_COLD_SIZE),y)
$(foreach p,$(call uc,$(LIBQEMU_COLD_PARTS)),$(eval LIBQEMU_$p_CFLAGS-y += -Os))
$(foreach p,COMMON SYSTEM UTIL,$(eval $(call libqemu_cold,$p)))
endif
