/* SPDX-License-Identifier: BSD-3-Clause */
/* Entropy device (virtio 1.2, section 5.4): one bufferful at boot seeds the generator, before anything is told of it. */
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/random.h>
#include <core/sched.h>
#include <core/timer.h>
#include <drivers/virtio.h>

#define SEED_SIZE 64
#define SEED_WAIT (200 * NSEC_PER_MSEC)

struct rng {
	struct virtio_dev virtio;
	struct virtq *queue;
	struct spinlock queue_lock;
	struct waitq wait;
	bool done; /* there is a seed, or the device is lost */
	bool lost;
	uint8_t seed[SEED_SIZE];
};

static bool take(struct rng *r, uint32_t *length)
{
	spin_lock(&r->queue_lock);
	bool taken = virtq_take(r->queue, length);

	spin_unlock(&r->queue_lock);
	return taken;
}

static void interrupt(void *arg)
{
	struct rng *r = arg;
	uint32_t length;

	while (take(r, &length)) {
		random_seed(r->seed, length, 8 * length);
		r->done = length;
		waitq_wake(&r->wait, ~0u);
	}
}

static void lost(void *arg)
{
	struct rng *r = arg;

	r->lost = r->done = true;
	waitq_wake(&r->wait, ~0u);
}

static int probe(struct pci_dev *pci)
{
	struct rng *r = kzalloc(sizeof(*r));
	int ret = r ? virtio_start(&r->virtio, pci, "virtio-rng", 0) : -ENOMEM;

	if (ret)
		return ret;
	waitq_init(&r->wait);
	spinlock_init(&r->queue_lock, "virtio-rng: the queue");
	r->queue = virtio_queue(&r->virtio, 0, 8, interrupt, r);
	if (!r->queue)
		return -ENODEV;
	virtio_ready(&r->virtio, lost, r);
	struct virtq_piece piece = { virt_to_phys(r->seed), SEED_SIZE };

	spin_lock(&r->queue_lock);
	ret = virtq_add(r->queue, &piece, 0, 1, r);
	virtq_kick(r->queue);
	spin_unlock(&r->queue_lock);
	if (!ret && (wait_event_timeout(&r->wait, READ_ONCE(r->done), time_monotonic() + SEED_WAIT) || READ_ONCE(r->lost)))
		pr_warn("virtio-rng %s: gives nothing", pci->name);
	return ret;
}

static const struct pci_id ids[] = {
	{ VIRTIO_VENDOR, VIRTIO_PCI_DEVICE(VIRTIO_TYPE_RNG) },
	{ VIRTIO_VENDOR, 0x1005 }, /* transitional */
	{ 0, 0 },
};

static const struct pci_driver driver = { .name = "virtio-rng", .ids = ids, .probe = probe };

static int virtio_rng_init(void)
{
	return pci_driver_register(&driver);
}
INITCALL(INIT_DRIVERS, virtio_rng_init);
