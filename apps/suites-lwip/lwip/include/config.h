/* SPDX-License-Identifier: BSD-3-Clause */
/* What upstream's build would find out: nothing that the tests use. */
