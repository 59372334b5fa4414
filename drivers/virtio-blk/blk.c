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

#define TYPE_IN 0
#define TYPE_OUT 1
#define TYPE_FLUSH 4
#define TYPE_DISCARD 11

#define STATUS_OK 0
#define STATUS_UNSUPPORTED 2

#define QUEUE_SIZE 128
#define PIECES_MAX (QUEUE_SIZE - 2)

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
	struct header header;
	struct discard discard;
	uint8_t status;
	struct block_req *req;
	struct slot *next;
};

struct disk {
	struct virtio_dev virtio;
	struct virtq *queue;
	struct block_dev block;
	struct slot *free_slots;
	struct list waiting; /* requests that found no room */
	unsigned pieces_max; /* data pieces in one request */
	uint32_t piece_size;
	struct virtq_piece pieces[PIECES_MAX + 2]; /* scratch, preemption disabled */
};

static const uint32_t type_of[] = {
	[BLOCK_READ] = TYPE_IN, [BLOCK_WRITE] = TYPE_OUT, [BLOCK_FLUSH] = TYPE_FLUSH, [BLOCK_DISCARD] = TYPE_DISCARD
};

static void finish(struct block_req *req, int status)
{
	req->status = status;
	req->done(req);
}

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

	s->header = (struct header){ .type = type_of[req->op], .sector = req->offset / 512 };
	d->pieces[0] = (struct virtq_piece){ virt_to_phys(&s->header), sizeof(s->header) };
	if (req->op == BLOCK_DISCARD) {
		s->header.sector = 0;
		s->discard = (struct discard){ req->offset / 512, req->length / 512, 0 };
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

/* Returns -ENOSPC when @req must wait; otherwise it is on its way or finished. */
static int start(struct disk *d, struct block_req *req)
{
	struct slot *s = d->free_slots;

	if (!s)
		return -ENOSPC;
	int data = describe(d, s, req);

	if (data < 0) {
		finish(req, data);
		return 0;
	}
	unsigned out = 1 + (req->op == BLOCK_READ ? 0 : data), in = 1 + (req->op == BLOCK_READ ? data : 0);

	if (virtq_add(d->queue, d->pieces, out, in, s))
		return -ENOSPC;
	d->free_slots = s->next;
	s->req = req;
	s->status = 0xff;
	return 0;
}

static void submit(struct block_dev *dev, struct block_req *req)
{
	struct disk *d = dev->priv;

	preempt_disable();
	if (!list_empty(&d->waiting) || start(d, req))
		list_push_back(&d->waiting, &req->link);
	virtq_kick(d->queue);
	preempt_enable();
}

static int result(const struct disk *d, const struct slot *s)
{
	if (s->status == STATUS_OK)
		return 0;
	if (s->status == STATUS_UNSUPPORTED)
		return -EOPNOTSUPP;
	pr_err("%s: request type %u at sector %lu failed: EIO", d->block.name, s->header.type, s->header.sector);
	return -EIO;
}

static void interrupt(void *arg)
{
	struct disk *d = arg;
	struct slot *s;
	uint32_t length;

	while ((s = virtq_take(d->queue, &length))) {
		struct block_req *req = s->req;

		s->next = d->free_slots;
		d->free_slots = s;
		finish(req, result(d, s));
	}
	while (!list_empty(&d->waiting)) {
		struct block_req *req = list_first(&d->waiting, struct block_req, link);

		list_del(&req->link);
		if (start(d, req)) {
			list_push_front(&d->waiting, &req->link);
			break;
		}
	}
	virtq_kick(d->queue);
}

static int make_slots(struct disk *d)
{
	for (unsigned i = 0; i < virtq_size(d->queue) / 2; i++) {
		struct slot *s = kzalloc(sizeof(*s));

		if (!s)
			return -ENOMEM;
		s->next = d->free_slots;
		d->free_slots = s;
	}
	return 0;
}

static void read_limits(struct disk *d)
{
	const struct virtio_dev *v = &d->virtio;
	struct block_dev *b = &d->block;

	d->piece_size = virtio_has(v, FEATURE_SIZE_MAX) ? virtio_config32(v, CONFIG_SIZE_MAX) : 1u << 20;
	d->pieces_max = virtio_has(v, FEATURE_SEG_MAX) ? virtio_config32(v, CONFIG_SEG_MAX) : 1;
	d->pieces_max = MIN(MIN(d->pieces_max, virtq_size(d->queue) - 2), (unsigned)PIECES_MAX);
	if (d->piece_size < PAGE_SIZE)
		d->piece_size = PAGE_SIZE;
	b->size = virtio_config64(v, CONFIG_CAPACITY) * 512;
	b->sector_size = virtio_has(v, FEATURE_BLK_SIZE) ? virtio_config32(v, CONFIG_BLK_SIZE) : 512;
	b->physical_sector_size = b->sector_size;
	if (virtio_has(v, FEATURE_TOPOLOGY))
		b->physical_sector_size <<= virtio_config8(v, CONFIG_PHYSICAL_EXPONENT) & 15;
	b->max_segments = d->pieces_max;
	b->read_only = virtio_has(v, FEATURE_RO);
	b->can_flush = virtio_has(v, FEATURE_FLUSH);
	b->can_discard = virtio_has(v, FEATURE_DISCARD);
	b->submit = submit;
	b->priv = d;
}

static int probe(struct pci_dev *pci)
{
	static unsigned disks;
	const uint64_t wanted = 1u << FEATURE_SIZE_MAX | 1u << FEATURE_SEG_MAX | 1u << FEATURE_RO | 1u << FEATURE_BLK_SIZE |
	                        1u << FEATURE_FLUSH | 1u << FEATURE_TOPOLOGY | 1u << FEATURE_DISCARD;
	struct disk *d = kzalloc(sizeof(*d));
	int ret = d ? virtio_start(&d->virtio, pci, "virtio-blk", wanted) : -ENOMEM;

	if (ret)
		return ret;
	list_init(&d->waiting);
	snprintf(d->block.name, sizeof(d->block.name), "vd%c", 'a' + disks);
	d->queue = virtio_queue(&d->virtio, 0, QUEUE_SIZE, interrupt, d);
	if (!d->queue)
		return -ENOMEM;
	ret = make_slots(d);
	if (ret)
		return ret;
	read_limits(d);
	virtio_ready(&d->virtio);
	disks++;
	pr_info("%s: virtio-blk %s: %lu MiB", d->block.name, pci->name, d->block.size >> 20);
	return block_register(&d->block);
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
