# SPDX-License-Identifier: BSD-3-Clause
# Written by sources.sh; do not edit.
LIBAIO_SRCS-y += $(LIBAIO_TREE)/src/io_queue_init.c
LIBAIO_SRCS-y += $(LIBAIO_TREE)/src/io_queue_release.c
LIBAIO_SRCS-y += $(LIBAIO_TREE)/src/io_queue_wait.c
LIBAIO_SRCS-y += $(LIBAIO_TREE)/src/io_queue_run.c
LIBAIO_SRCS-y += $(LIBAIO_TREE)/src/io_getevents.c
LIBAIO_SRCS-y += $(LIBAIO_TREE)/src/io_submit.c
LIBAIO_SRCS-y += $(LIBAIO_TREE)/src/io_cancel.c
LIBAIO_SRCS-y += $(LIBAIO_TREE)/src/io_setup.c
LIBAIO_SRCS-y += $(LIBAIO_TREE)/src/io_destroy.c
LIBAIO_SRCS-y += $(LIBAIO_TREE)/src/io_pgetevents.c
LIBAIO_SRCS-y += $(LIBAIO_TREE)/src/raw_syscall.c
