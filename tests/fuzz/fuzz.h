/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For fuzz targets: kernel code on the build machine, as in tests/host, fed with bytes that somebody else decides. A target is a folder
 * with a target.c, which lists its sources as host tests do, and a corpus of inputs, one a file.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "../host/host.h"
#include "input.h"

#endif
