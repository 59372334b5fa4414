/* SPDX-License-Identifier: BSD-3-Clause */
#include <plat/native_entry.inc>
