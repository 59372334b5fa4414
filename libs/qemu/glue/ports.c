/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Accesses of the guest's processor to ports. Upstream looks each one up in the tables of the address space, and then finds out again what the
 * device's function may be asked: 450 instructions an access, of which a disk request makes 16. Here both are remembered for the ports that were
 * accessed lately, until the address space changes. What needs more than the device's function called is upstream's, as before.
 */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "ports.h"
#include "qemu/main-loop.h"
#include "hw/qdev-core.h"
#undef address_space_stb
#undef address_space_stw
#undef address_space_stl
#undef address_space_ldub
#undef address_space_lduw
#undef address_space_ldl
#pragma GCC diagnostic pop

#define PLACES 64

/* Where an access leads. */
struct place {
	uint32_t key; /* of the access, 0 for none */
	MemoryRegion *mr; /* NULL: for upstream */
	hwaddr offset;
};

/* Reads and writes of the same ports take turns. Under the big lock, as all changes of an address space. */
static struct place reads[PLACES], writes[PLACES];

static void forget(MemoryListener *listener)
{
	(void)listener;
	memset(reads, 0, sizeof(reads));
	memset(writes, 0, sizeof(writes));
}

static MemoryListener listener = { .name = "ports", .commit = forget };

/* Would upstream do nothing but call the device's function, once and with the value as it is? What may change while the region is in the address
 * space is not looked at here. */
static bool simple(const MemoryRegion *mr, hwaddr offset, unsigned size, bool write)
{
	const MemoryRegionOps *ops = mr->ops;

	if (!mr->terminates || mr->alias || mr->is_iommu || mr->ram || mr->rom_device || mr->readonly)
		return false;
	if (!(write ? (void *)ops->write : (void *)ops->read) || ops->valid.accepts)
		return false;
	if (!ops->valid.unaligned && offset & (size - 1))
		return false;
	if (ops->valid.max_access_size && (size < ops->valid.min_access_size || size > ops->valid.max_access_size))
		return false;
	if (size < ops->impl.min_access_size || size > (ops->impl.max_access_size ? ops->impl.max_access_size : 4))
		return false;
	return size == 1 || ops->endianness != DEVICE_BIG_ENDIAN;
}

static void fill(struct place *place, AddressSpace *as, hwaddr port, unsigned size, bool write, MemTxAttrs attrs)
{
	hwaddr offset, length = size;
	MemoryRegion *mr;

	if (!listener.address_space)
		memory_listener_register(&listener, as);
	mr = address_space_translate(as, port, &offset, &length, write, attrs);
	place->mr = simple(mr, offset, size, write) ? mr : NULL;
	place->offset = offset;
}

/* The region whose device alone sees the access, with the offset in it; NULL: upstream may find it. */
static inline MemoryRegion *find(AddressSpace *as, hwaddr port, unsigned size, bool write, MemTxAttrs attrs, hwaddr *offset)
{
	uint32_t key = (uint32_t)port | size << 16;
	struct place *place = &(write ? writes : reads)[(port ^ port >> 6) % PLACES];
	MemoryRegion *mr;

	if (place->key != key) {
		fill(place, as, port, size, write, attrs);
		place->key = key;
	}
	mr = place->mr;
	*offset = place->offset;
	return mr && !mr->flush_coalesced_mmio && !(write && mr->ioeventfd_nb) ? mr : NULL;
}

/* The device that must not be accessed again while an access to @mr is at work; NULL: it may. */
static inline DeviceState *guarded(const MemoryRegion *mr)
{
	return mr->disable_reentrancy_guard ? NULL : mr->dev;
}

/* Is a device at work already? Upstream complains. */
static inline bool busy(const DeviceState *dev)
{
	return dev && dev->mem_reentrancy_guard.engaged_in_io;
}

static inline void guard(DeviceState *dev, bool on)
{
	if (dev)
		dev->mem_reentrancy_guard.engaged_in_io = on;
}

/* The processor's thread is in a section of RCU's as long as the guest runs, so the big lock is all that upstream would take. */
static inline bool begin(void)
{
	if (bql_locked())
		return false;
	bql_lock();
	return true;
}

static inline void end(bool locked)
{
	if (locked)
		bql_unlock();
}

static void write_upstream(AddressSpace *as, hwaddr port, uint32_t value, MemTxAttrs attrs, MemTxResult *result, unsigned size)
{
	if (size == 1)
		address_space_stb(as, port, (uint8_t)value, attrs, result);
	else if (size == 2)
		address_space_stw_le(as, port, (uint16_t)value, attrs, result);
	else
		address_space_stl_le(as, port, value, attrs, result);
}

static uint32_t read_upstream(AddressSpace *as, hwaddr port, MemTxAttrs attrs, MemTxResult *result, unsigned size)
{
	if (size == 1)
		return address_space_ldub(as, port, attrs, result);
	if (size == 2)
		return address_space_lduw_le(as, port, attrs, result);
	return address_space_ldl_le(as, port, attrs, result);
}

static void write_port(AddressSpace *as, hwaddr port, uint32_t value, MemTxAttrs attrs, MemTxResult *result, unsigned size)
{
	bool locked = begin();
	hwaddr offset;
	MemoryRegion *mr = find(as, port, size, true, attrs, &offset);
	DeviceState *dev = mr ? guarded(mr) : NULL;

	if (!mr || busy(dev)) {
		write_upstream(as, port, value, attrs, result, size);
	} else {
		guard(dev, true);
		mr->ops->write(mr->opaque, offset, value, size);
		guard(dev, false);
		if (result)
			*result = MEMTX_OK;
	}
	end(locked);
}

static uint32_t read_port(AddressSpace *as, hwaddr port, MemTxAttrs attrs, MemTxResult *result, unsigned size)
{
	bool locked = begin();
	hwaddr offset;
	MemoryRegion *mr = find(as, port, size, false, attrs, &offset);
	DeviceState *dev = mr ? guarded(mr) : NULL;
	uint32_t value;

	if (!mr || busy(dev)) {
		value = read_upstream(as, port, attrs, result, size);
	} else {
		guard(dev, true);
		value = (uint32_t)mr->ops->read(mr->opaque, offset, size);
		guard(dev, false);
		if (result)
			*result = MEMTX_OK;
	}
	end(locked);
	return value;
}

/* Upstream's names are by size; the arguments are where they were, so each of these is little more than a jump. */
#define PORT(store, load, type) \
	void uk_port_##store(AddressSpace *as, hwaddr port, type value, MemTxAttrs attrs, MemTxResult *result) \
	{ \
		write_port(as, port, value, attrs, result, sizeof(type)); \
	} \
\
	type uk_port_##load(AddressSpace *as, hwaddr port, MemTxAttrs attrs, MemTxResult *result) \
	{ \
		return (type)read_port(as, port, attrs, result, sizeof(type)); \
	}

PORT(stb, ldub, uint8_t)
PORT(stw, lduw, uint16_t)
PORT(stl, ldl, uint32_t)
