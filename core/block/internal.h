/* SPDX-License-Identifier: BSD-3-Clause */
/* Shared by the files of core/block only. */
#ifndef CORE_BLOCK_INTERNAL_H
#define CORE_BLOCK_INTERNAL_H

#include <core/block.h>

/* Is @dev as core/block.h has it? Limits that do no harm are put right, others are logged. */
bool block_check(struct block_dev *dev);

#endif
