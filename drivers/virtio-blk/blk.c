/* SPDX-License-Identifier: BSD-3-Clause */
/* Block devices (virtio 1.2, section 5.2). Requests go straight from the submitter's memory to the device. */
#include <core/block.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/sched.h>
#include <core/string.h>
#include <core/vmem.h>
#include <drivers/virtio.h>

#define FEATURE_SIZE_MAX 1
#define FEATURE_SEG_MAX 2
#define FEATURE_RO 5
#define FEATURE_BLK_SIZE 6
#define FEATURE_FLUSH 9
#define FEATURE_TOPOLOGY 10
#define FEATURE_DISCARD 13

#define CONFIG_CAPACITY 0
#define CONFIG_SIZE_MAX 8
#define CONFIG_SEG_MAX 12
#define CONFIG_BLK_SIZE 20
#define CONFIG_PHYSICAL_EXPONENT 24
#define CONFIG_MAX_DISCARD 36
#define CONFIG_MAX_DISCARD_RANGES 40

#define SECTOR 512u /* the unit of all numbers, whatever the block size is */
#define CAPACITY_MAX (INT64_MAX / SECTOR)
#define PHYSICAL_EXPONENT_MAX 15

#define TYPE_IN 0
#define TYPE_OUT 1
#define TYPE_FLUSH 4
#define TYPE_DISCARD 11

#define STATUS_OK 0
#define STATUS_UNSUPPORTED 2

#define QUEUE_SIZE 128
#define PIECES_MAX (QUEUE_SIZE - 2)
#define QUEUE_SIZE_MIN 4 /* header, status, and room for data */

struct header {
	uint32_t type, reserved;
	uint64_t sector;
};

struct discard {
	uint64_t sector;
	uint32_t sectors, flags;
};

/* What one request needs besides its data; in DMA-able kernel memory. */
struct slot {
	struct list link; /* with the free ones or the busy ones */
	struct block_req *req;
	struct header header;
	struct discard discard;
	uint8_t status;
};

struct disk {
	struct virtio_dev virtio;
	struct virtq *queue;
	struct block_dev block;
	struct spinlock lock; /* the queue, slots and waiting requests */
	struct list free_slots, busy_slots;
	struct list waiting; /* requests that found no room */
	unsigned pieces_max; /* data pieces in one request */
	uint32_t piece_size;
	struct log_limit failures; /* lines about requests that failed */
	struct virtq_piece pieces[PIECES_MAX + 2]; /* scratch, under @lock */
};

static const uint32_t type_of[] = {
	[BLOCK_READ] = TYPE_IN, [BLOCK_WRITE] = TYPE_OUT, [BLOCK_FLUSH] = TYPE_FLUSH, [BLOCK_DISCARD] = TYPE_DISCARD
};

/* Append [p, p + len) to the pieces, page by page, merging what is contiguous. Returns the new count or -Exxx. */
static int add_memory(struct disk *d, int count, char *p, size_t len, bool device_writes)
{
	while (len) {
		size_t part = MIN(len, PAGE_SIZE - ((uintptr_t)p & ~PAGE_MASK));
		struct virtq_piece *last = &d->pieces[count - 1];
		paddr_t pa;
		int ret = vmem_translate(p, device_writes, &pa);

		if (ret)
			return ret;
		if (count > 1 && last->address + last->length == pa && last->length + part <= d->piece_size) {
			last->length += part;
		} else {
			if (count > (int)d->pieces_max)
				return -E2BIG;
			d->pieces[count++] = (struct virtq_piece){ pa, part };
		}
		p += part;
		len -= part;
	}
	return count;
}

/* Fill d->pieces: header, data, status. Returns the number of data pieces or -Exxx. */
static int describe(struct disk *d, struct slot *s, const struct block_req *req)
{
	int count = 1;

	s->header = (struct header){ .type = type_of[req->op], .sector = req->offset / SECTOR };
	d->pieces[0] = (struct virtq_piece){ virt_to_phys(&s->header), sizeof(s->header) };
	if (req->op == BLOCK_DISCARD) {
		s->header.sector = 0;
		s->discard = (struct discard){ req->offset / SECTOR, (uint32_t)(req->length / SECTOR), 0 };
		d->pieces[count++] = (struct virtq_piece){ virt_to_phys(&s->discard), sizeof(s->discard) };
	} else if (req->op != BLOCK_FLUSH) {
		for (unsigned i = 0; i < req->nvec && count > 0; i++)
			count = add_memory(d, count, req->vec[i].base, req->vec[i].len, req->op == BLOCK_READ);
		if (count < 0)
			return count;
	} else {
		s->header.sector = 0;
	}
	d->pieces[count] = (struct virtq_piece){ virt_to_phys(&s->status), 1 };
	return count - 1;
}

/* Returns 0: @req is on its way; -ENOSPC: it must wait; else it fails with that. */
static int start(struct disk *d, struct block_req *req)
{
	if (virtq_broken(d->queue) || !READ_ONCE(d->virtio.ready))
		return -EIO;
	if (list_empty(&d->free_slots))
		return -ENOSPC;
	struct slot *s = list_first(&d->free_slots, struct slot, link);
	int data = describe(d, s, req);

	if (data < 0)
		return data;
	unsigned out = 1 + (req->op == BLOCK_READ ? 0 : data), in = 1 + (req->op == BLOCK_READ ? data : 0);

	s->req = req;
	s->status = 0xff;
	if (virtq_add(d->queue, d->pieces, out, in, s))
		return -ENOSPC;
	list_del(&s->link);
	list_push_back(&d->busy_slots, &s->link);
	return 0;
}

static void submit(struct block_dev *dev, struct block_req *req)
{
	struct disk *d = dev->priv;

	spin_lock(&d->lock);
	int ret = list_empty(&d->waiting) ? start(d, req) : -ENOSPC;

	if (ret == -ENOSPC)
		list_push_back(&d->waiting, &req->link);
	virtq_kick(d->queue);
	spin_unlock(&d->lock);
	if (ret && ret != -ENOSPC)
		block_complete(req, ret);
}

static int result(struct disk *d, const struct slot *s)
{
	uint8_t status = READ_ONCE(s->status);

	if (status == STATUS_OK)
		return 0;
	if (status == STATUS_UNSUPPORTED)
		return -EOPNOTSUPP;
	log_ratelimited(&d->failures, LOG_ERR, "%s: request type %u at byte %lu failed: EIO", d->block.name,
	                type_of[s->req->op], s->req->offset);
	return -EIO;
}

/* Note that @req is done, for finish_all(). */
static void done(struct list *finished, struct block_req *req, int status)
{
	req->status = status;
	list_push_back(finished, &req->link);
}

static void complete(struct disk *d, struct slot *s, int status, struct list *finished)
{
	list_del(&s->link);
	list_push_front(&d->free_slots, &s->link);
	done(finished, s->req, status);
}

static void start_waiting(struct disk *d, struct list *finished)
{
	while (!list_empty(&d->waiting)) {
		struct block_req *req = list_first(&d->waiting, struct block_req, link);

		list_del(&req->link);
		int ret = start(d, req);

		if (ret == -ENOSPC) {
			list_push_front(&d->waiting, &req->link);
			break;
		}
		if (ret)
			done(finished, req, ret);
	}
}

/* Without the lock: who asked may come back with the next request. */
static void finish_all(struct list *finished)
{
	struct block_req *req, *next;

	list_for_each_safe(req, next, finished, link) {
		list_del(&req->link);
		block_complete(req, req->status);
	}
}

static void interrupt(void *arg)
{
	struct list finished = LIST_INIT(finished);
	struct disk *d = arg;
	struct slot *s;
	uint32_t length;

	spin_lock(&d->lock);
	while ((s = virtq_take(d->queue, &length)))
		complete(d, s, result(d, s), &finished);
	if (virtq_broken(d->queue) && READ_ONCE(d->virtio.ready))
		virtio_stop(&d->virtio); /* before others get the memory back */
	while (!READ_ONCE(d->virtio.ready) && !list_empty(&d->busy_slots))
		complete(d, list_first(&d->busy_slots, struct slot, link), -EIO, &finished);
	start_waiting(d, &finished);
	virtq_kick(d->queue);
	spin_unlock(&d->lock);
	finish_all(&finished);
}

/* The device is stopped: the handler finds that. */
static void lost(void *arg)
{
	struct disk *d = arg;

	pr_err("%s: the device was removed or has failed: all requests fail", d->block.name);
	interrupt(d);
}

static int make_slots(struct disk *d)
{
	for (unsigned i = 0; i < virtq_size(d->queue) / 2; i++) {
		struct slot *s = kzalloc(sizeof(*s));

		if (!s)
			return -ENOMEM;
		list_push_back(&d->free_slots, &s->link);
	}
	return 0;
}

/* Both numbers of a discard may be 0 or no whole blocks: then there is none. */
static void read_discard(struct disk *d)
{
	const struct virtio_dev *v = &d->virtio;
	struct block_dev *b = &d->block;

	b->max_discard = (uint64_t)virtio_config32(v, CONFIG_MAX_DISCARD) * SECTOR;
	b->can_discard = virtio_has(v, FEATURE_DISCARD) && b->max_discard && virtio_config32(v, CONFIG_MAX_DISCARD_RANGES);
}

/* How requests may look. Returns 0, or -EINVAL after a line in the log. */
static int read_limits(struct disk *d)
{
	const struct virtio_dev *v = &d->virtio;
	unsigned room = virtq_size(d->queue);
	uint32_t pieces = virtio_has(v, FEATURE_SEG_MAX) ? virtio_config32(v, CONFIG_SEG_MAX) : 1;

	d->piece_size = virtio_has(v, FEATURE_SIZE_MAX) ? virtio_config32(v, CONFIG_SIZE_MAX) : 1u << 20;
	d->pieces_max = MIN(MIN(MAX(pieces, 1u), room - 2), (unsigned)PIECES_MAX);
	if (room < QUEUE_SIZE_MIN || d->piece_size < PAGE_SIZE) {
		pr_err("virtio-blk %s: %u entries in the queue, pieces of %u bytes: too small", v->pci->name, room,
		       d->piece_size);
		return -EINVAL;
	}
	return 0;
}

/* What the disk is. Returns 0, or -EINVAL after a line in the log; core/block checks the rest. */
static int read_properties(struct disk *d)
{
	const struct virtio_dev *v = &d->virtio;
	struct block_dev *b = &d->block;
	uint64_t capacity = virtio_config64(v, CONFIG_CAPACITY);
	unsigned exponent = virtio_has(v, FEATURE_TOPOLOGY) ? virtio_config8(v, CONFIG_PHYSICAL_EXPONENT) : 0;

	if (capacity > CAPACITY_MAX) {
		pr_err("virtio-blk %s: a disk of %lu sectors", v->pci->name, capacity);
		return -EINVAL;
	}
	b->size = capacity * SECTOR;
	b->sector_size = virtio_has(v, FEATURE_BLK_SIZE) ? virtio_config32(v, CONFIG_BLK_SIZE) : SECTOR;
	b->physical_sector_size = b->sector_size;
	if (exponent <= PHYSICAL_EXPONENT_MAX && b->sector_size <= PAGE_SIZE)
		b->physical_sector_size <<= exponent;
	b->max_segments = d->pieces_max;
	b->read_only = virtio_has(v, FEATURE_RO);
	b->can_flush = virtio_has(v, FEATURE_FLUSH);
	read_discard(d);
	b->submit = submit;
	b->priv = d;
	return 0;
}

static int setup(struct disk *d)
{
	d->queue = virtio_queue(&d->virtio, 0, QUEUE_SIZE, interrupt, d);
	if (!d->queue)
		return -ENODEV;
	int ret = read_limits(d);

	if (!ret)
		ret = read_properties(d);
	return ret ? ret : make_slots(d);
}

static int probe(struct pci_dev *pci)
{
	static unsigned disks;
	const uint64_t wanted = 1u << FEATURE_SIZE_MAX | 1u << FEATURE_SEG_MAX | 1u << FEATURE_RO | 1u << FEATURE_BLK_SIZE |
	                        1u << FEATURE_FLUSH | 1u << FEATURE_TOPOLOGY | 1u << FEATURE_DISCARD;
	struct disk *d = kzalloc(sizeof(*d));

	if (!d)
		return -ENOMEM;
	/* Letters go by the order on the bus: a disk that is refused keeps its own, or those behind it would be taken for it. */
	block_name(&d->block, "vd", disks++);
	list_init(&d->waiting);
	spinlock_init(&d->lock, "virtio-blk: queue and requests of a disk");
	list_init(&d->free_slots);
	list_init(&d->busy_slots);
	int ret = virtio_start(&d->virtio, pci, "virtio-blk", wanted);

	if (ret)
		return ret;
	ret = setup(d);
	if (!ret) {
		virtio_ready(&d->virtio, lost, d);
		ret = block_register(&d->block);
	}
	if (ret) {
		virtio_stop(&d->virtio);
		return ret == -EINVAL ? -ENODEV : ret; /* a line said why */
	}
	pr_info("%s: virtio-blk %s: %lu MiB", d->block.name, pci->name, d->block.size >> 20);
	return 0;
}

static const struct pci_id ids[] = {
	{ VIRTIO_VENDOR, VIRTIO_PCI_DEVICE(VIRTIO_TYPE_BLOCK) },
	{ VIRTIO_VENDOR, 0x1001 }, /* transitional */
	{ 0, 0 },
};

static const struct pci_driver driver = { .name = "virtio-blk", .ids = ids, .probe = probe };

static int virtio_blk_init(void)
{
	return pci_driver_register(&driver);
}
INITCALL(INIT_DRIVERS, virtio_blk_init);
