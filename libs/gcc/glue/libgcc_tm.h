/* SPDX-License-Identifier: BSD-3-Clause */
/* Nothing of the compiler's own types is needed in target code. */
