/* SPDX-License-Identifier: BSD-3-Clause */
/* Nearly every mutex is a plain one for which nobody waits: it is let go at once. All others are musl's. */
#include "pthread_impl.h"

#undef weak_alias
#define weak_alias(old, new) _Static_assert(1, "its names are given below")
#define __pthread_mutex_unlock unlock_any
#include <../src/thread/pthread_mutex_unlock.c>
#undef __pthread_mutex_unlock

int __pthread_mutex_unlock(pthread_mutex_t *m)
{
	/* Neither shared nor of another type; and who is let in may free it. */
	if (__builtin_expect(m->_m_type || m->_m_waiters, 0) || a_cas(&m->_m_lock, EBUSY, 0) != EBUSY)
		return unlock_any(m);
	return 0;
}

__typeof(__pthread_mutex_unlock) pthread_mutex_unlock __attribute__((__weak__, __alias__("__pthread_mutex_unlock")));
