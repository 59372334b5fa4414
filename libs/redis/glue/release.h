/* SPDX-License-Identifier: BSD-3-Clause */
/* What upstream's mkreleasehdr.sh writes, without the build's host and date. */
#include "version.h"

#define REDIS_GIT_SHA1 "00000000"
#define REDIS_GIT_DIRTY "0"
#define REDIS_BUILD_ID "unidom"
#define REDIS_BUILD_ID_RAW REDIS_VERSION REDIS_BUILD_ID REDIS_GIT_DIRTY REDIS_GIT_SHA1
