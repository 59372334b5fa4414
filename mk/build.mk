# SPDX-License-Identifier: BSD-3-Clause
#
# Builds one image from one configuration. Started by the front door, which has run the config stage.

MAKEFLAGS += -rR --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := image
.PHONY: image FORCE
FORCE:

UK_BASE := $(patsubst %/mk/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
include $(UK_BASE)/mk/settings.mk
UK_AUTO ?= $(UK_CFG)/auto.mk
include $(UK_AUTO)
include $(UK_BASE)/mk/toolchain.mk
include $(UK_BASE)/mk/steps.mk
include $(UK_BASE)/mk/library.mk
include $(UK_BASE)/mk/source.mk
include $(UK_BASE)/mk/suite.mk
include $(UK_BASE)/mk/folders.mk
include $(UK_BASE)/mk/compile.mk
include $(UK_BASE)/mk/link.mk
include $(UK_BASE)/mk/image.mk
include $(UK_BASE)/mk/stages.mk
include $(UK_BASE)/mk/sbom.mk
