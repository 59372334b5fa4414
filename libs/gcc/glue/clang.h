/* SPDX-License-Identifier: BSD-3-Clause */
/* What GCC itself defines with -fbuilding-libgcc, for another compiler: x86-64's floating-point formats, but for those in software. */
#ifndef UK_GCC_CLANG_H
#define UK_GCC_CLANG_H

/* Machine modes whose names only GCC knows. Both are a word's. */
#define __libgcc_cmp_return__ __DI__
#define __libgcc_shift_count__ __DI__

#define __LIBGCC_HAVE_HWDBL__ 1

#define __LIBGCC_HAS_SF_MODE__ 1
#define __LIBGCC_SF_FUNC_EXT__ f
#define __LIBGCC_SF_EXCESS_PRECISION__ 0
#define __LIBGCC_SF_MANT_DIG__ 24
#define __LIBGCC_SF_MIN__ __FLT_MIN__
#define __LIBGCC_SF_MAX__ __FLT_MAX__
#define __LIBGCC_SF_EPSILON__ __FLT_EPSILON__

#define __LIBGCC_HAS_DF_MODE__ 1
#define __LIBGCC_DF_FUNC_EXT__
#define __LIBGCC_DF_EXCESS_PRECISION__ 0
#define __LIBGCC_DF_MANT_DIG__ 53
#define __LIBGCC_DF_MIN__ __DBL_MIN__
#define __LIBGCC_DF_MAX__ __DBL_MAX__
#define __LIBGCC_DF_EPSILON__ __DBL_EPSILON__

#define __LIBGCC_HAS_XF_MODE__ 1
#define __LIBGCC_XF_FUNC_EXT__ l
#define __LIBGCC_XF_EXCESS_PRECISION__ 0
#define __LIBGCC_XF_MANT_DIG__ 64
#define __LIBGCC_XF_MIN__ __LDBL_MIN__
#define __LIBGCC_XF_MAX__ __LDBL_MAX__
#define __LIBGCC_XF_EPSILON__ __LDBL_EPSILON__

#endif
