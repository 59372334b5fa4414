/* SPDX-License-Identifier: BSD-3-Clause */
/* 9P transport devices: one queue, a request and the room for its reply in each chain. The messages are core/p9fs's. */
#include <core/alloc.h>
#include <core/errno.h>
#include <core/init.h>
#include <core/log.h>
#include <core/p9fs.h>
#include <core/sched.h>
#include <core/string.h>
#include <drivers/virtio.h>

#define FEATURE_TAG 0
#define CONFIG_TAG_LENGTH 0
#define CONFIG_TAG 2

#define QUEUE_SIZE 128
#define PIECES 2 /* of a request */
#define TAG_MAX 31 /* QEMU's limit */
#define MESSAGE_MAX (128u << 10)
#define FOLDER "/host/"

struct share {
	struct virtio_dev virtio;
	struct virtq *queue;
	struct p9_transport transport;
	struct spinlock lock; /* the queue and what is below */
	struct list busy; /* messages that the device has */
	bool gone;
	char tag[TAG_MAX + 1];
};

/* The device is stopped and uses no memory of ours any more. Any context. */
static void end_all(struct share *s)
{
	struct list finished = LIST_INIT(finished);

	spin_lock(&s->lock);
	s->gone = true;
	while (!list_empty(&s->busy)) {
		struct p9_message *m = list_first(&s->busy, struct p9_message, link);

		list_del(&m->link);
		list_push_back(&finished, &m->link);
	}
	spin_unlock(&s->lock);
	while (!list_empty(&finished)) {
		struct p9_message *m = list_first(&finished, struct p9_message, link);

		list_del(&m->link);
		p9_done(m, -EIO);
	}
}

static void lost(void *arg)
{
	struct share *s = arg;

	pr_err("virtio-9p %s: the device was removed or has failed: EIO", s->tag);
	end_all(s);
}

static void send(struct p9_transport *t, struct p9_message *m)
{
	struct share *s = container_of(t, struct share, transport);
	struct virtq_piece pieces[PIECES] = { { virt_to_phys(m->out), m->out_size }, { virt_to_phys(m->in), m->in_size } };
	int ret = -EIO;

	spin_lock(&s->lock);
	if (!s->gone)
		ret = virtq_add(s->queue, pieces, 1, 1, m);
	if (!ret) {
		list_push_back(&s->busy, &m->link);
		virtq_kick(s->queue);
	}
	spin_unlock(&s->lock);
	if (ret)
		p9_done(m, -EIO);
}

static struct p9_message *take(struct share *s, uint32_t *length)
{
	spin_lock(&s->lock);
	struct p9_message *m = s->gone ? NULL : virtq_take(s->queue, length);

	if (m)
		list_del(&m->link);
	spin_unlock(&s->lock);
	return m;
}

static void interrupt(void *arg)
{
	struct share *s = arg;
	struct p9_message *m;
	uint32_t length;

	while ((m = take(s, &length)))
		p9_done(m, (int)length);
}

/* The tag is the name of a folder here. Returns 0, or -EINVAL after a line in the log. */
static int read_tag(struct share *s)
{
	unsigned length = virtio_config16(&s->virtio, CONFIG_TAG_LENGTH);
	bool good = length && length <= TAG_MAX && virtio_has(&s->virtio, FEATURE_TAG);

	for (unsigned i = 0; good && i < length; i++) {
		s->tag[i] = (char)virtio_config8(&s->virtio, CONFIG_TAG + i);
		good = s->tag[i] > ' ' && s->tag[i] <= '~' && s->tag[i] != '/';
	}
	if (good && strcmp(s->tag, ".") && strcmp(s->tag, ".."))
		return 0;
	pr_err("virtio-9p %s: its tag of %u bytes is no name of a folder", s->virtio.pci->name, length);
	return -EINVAL;
}

static int setup(struct share *s)
{
	int ret = read_tag(s);

	if (ret)
		return ret;
	s->queue = virtio_queue(&s->virtio, 0, QUEUE_SIZE, interrupt, s);
	if (!s->queue)
		return -ENODEV;
	if (virtq_size(s->queue) < PIECES) {
		pr_err("virtio-9p %s: %u entries in the queue: too few", s->tag, virtq_size(s->queue));
		return -EINVAL;
	}
	s->transport = (struct p9_transport){ s->tag, MESSAGE_MAX, virtq_size(s->queue) / PIECES, send };
	virtio_ready(&s->virtio, lost, s);
	return 0;
}

static int mount(struct share *s)
{
	char path[sizeof(FOLDER) + TAG_MAX];

	snprintf(path, sizeof(path), FOLDER "%s", s->tag);
	return p9fs_mount(&s->transport, path);
}

/* A device that fails is given up; its memory is not, since its queue lives for ever. */
static int probe(struct pci_dev *pci)
{
	struct share *s = kzalloc(sizeof(*s));
	int ret = s ? virtio_start(&s->virtio, pci, "virtio-9p", 1u << FEATURE_TAG) : -ENOMEM;

	if (ret)
		return ret;
	spinlock_init(&s->lock, "virtio-9p: a device's queue");
	list_init(&s->busy);
	ret = setup(s);
	if (!ret)
		ret = mount(s);
	if (ret) {
		virtio_stop(&s->virtio);
		end_all(s); /* a request may have been given up without its answer */
		return -ENODEV; /* a line said why */
	}
	pr_info("virtio-9p %s: mounted at " FOLDER "%s", pci->name, s->tag);
	return 0;
}

static const struct pci_id ids[] = {
	{ VIRTIO_VENDOR, VIRTIO_PCI_DEVICE(VIRTIO_TYPE_9P) },
	{ VIRTIO_VENDOR, 0x1009 }, /* transitional */
	{ 0, 0 },
};

static const struct pci_driver driver = { .name = "virtio-9p", .ids = ids, .probe = probe };

static int virtio_9p_init(void)
{
	return pci_driver_register(&driver);
}
INITCALL(INIT_DRIVERS, virtio_9p_init);
