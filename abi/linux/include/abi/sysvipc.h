/* SPDX-License-Identifier: BSD-3-Clause */
/* sysvipc(7): shared memory, semaphores, messages. */
#ifndef ABI_SYSVIPC_H
#define ABI_SYSVIPC_H

#include <stddef.h>
#include <stdint.h>

#define IPC_PRIVATE 0
#define IPC_CREAT 01000
#define IPC_EXCL 02000
#define IPC_NOWAIT 04000

#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2
#define IPC_INFO 3

struct ipc_perm {
	int key;
	uint32_t uid, gid, cuid, cgid;
	uint32_t mode;
	uint16_t seq, pad;
	unsigned long unused[2];
};

/* Shared memory. */

#define SHM_HUGETLB 04000 /* of shmget() */
#define SHM_RDONLY 010000 /* of shmat() */
#define SHM_RND 020000
#define SHM_REMAP 040000
#define SHM_EXEC 0100000

#define SHM_LOCK 11
#define SHM_UNLOCK 12
#define SHM_STAT 13
#define SHM_INFO 14
#define SHM_STAT_ANY 15

#define SHM_DEST 01000u /* of a mode */
#define SHM_LOCKED 02000u

#define SHMMNI 4096
#define SHMMAX (SIZE_MAX - (1ul << 24)) /* bytes of a segment */
#define SHMALL SHMMAX /* pages of all of them */

struct shmid_ds {
	struct ipc_perm perm;
	size_t segsz;
	int64_t atime, dtime, ctime;
	int cpid, lpid;
	unsigned long nattch;
	unsigned long unused[2];
};

struct shminfo {
	unsigned long shmmax, shmmin, shmmni, shmseg, shmall;
	unsigned long unused[4];
};

struct shm_info {
	int used_ids, pad;
	unsigned long shm_tot, shm_rss, shm_swp; /* pages */
	unsigned long swap_attempts, swap_successes;
};

/* Semaphores. */

#define SEM_UNDO 0x1000

#define GETPID 11
#define GETVAL 12
#define GETALL 13
#define GETNCNT 14
#define GETZCNT 15
#define SETVAL 16
#define SETALL 17
#define SEM_STAT 18
#define SEM_INFO 19
#define SEM_STAT_ANY 20

#define SEMMNI 32000
#define SEMMSL 32000
#define SEMMNS (SEMMNI * SEMMSL)
#define SEMOPM 500
#define SEMVMX 32767
#define SEMAEM SEMVMX
#define SEMUSZ 20

struct sembuf {
	uint16_t num;
	int16_t op, flags;
};

struct semid_ds {
	struct ipc_perm perm;
	int64_t otime;
	unsigned long unused1;
	int64_t ctime;
	unsigned long unused2;
	unsigned long nsems;
	unsigned long unused[2];
};

struct seminfo {
	int semmap, semmni, semmns, semmnu, semmsl, semopm, semume, semusz, semvmx, semaem;
};

/* Messages. */

#define MSG_NOERROR 010000
#define MSG_EXCEPT 020000
#define MSG_COPY 040000

#define MSG_STAT 11
#define MSG_INFO 12
#define MSG_STAT_ANY 13

#define MSGMNI 32000
#define MSGMAX 8192
#define MSGMNB 16384

struct msg_head {
	long type;
	char text[];
};

struct msqid_ds {
	struct ipc_perm perm;
	int64_t stime, rtime, ctime;
	unsigned long cbytes, qnum, qbytes;
	int lspid, lrpid;
	unsigned long unused[2];
};

struct msginfo {
	int msgpool, msgmap, msgmax, msgmnb, msgmni, msgssz, msgtql;
	uint16_t msgseg;
};

#endif
