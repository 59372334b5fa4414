/* SPDX-License-Identifier: BSD-3-Clause */
/* wait4(2), waitid(2): flags, and kinds of children. */
#ifndef ABI_WAIT_H
#define ABI_WAIT_H

#define WNOHANG 0x1u
#define WUNTRACED 0x2u
#define WSTOPPED WUNTRACED
#define WEXITED 0x4u
#define WCONTINUED 0x8u
#define WNOWAIT 0x1000000u
#define __WNOTHREAD 0x20000000u
#define __WALL 0x40000000u
#define __WCLONE 0x80000000u

/* What wait4() takes, what waitid() does, and of which waitid() wants one. */
#define WAIT4_FLAGS (WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WALL | __WCLONE)
#define WAITID_FLAGS (WAIT4_FLAGS | WEXITED | WNOWAIT)
#define WAITID_EVENTS (WSTOPPED | WEXITED | WCONTINUED)

#define P_ALL 0
#define P_PID 1
#define P_PGID 2
#define P_PIDFD 3

#endif
