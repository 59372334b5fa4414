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
#include "qemu/rcu.h"
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
	if (!mr || mr->flush_coalesced_mmio || (write && mr->ioeventfd_nb))
		return NULL;
	/* A device that is at work already: upstream complains. */
	return mr->dev && !mr->disable_reentrancy_guard && mr->dev->mem_reentrancy_guard.engaged_in_io ? NULL : mr;
}

/* No second access to the device while the first one is at work: what it is kept off by. */
static inline DeviceState *guard(MemoryRegion *mr)
{
	DeviceState *dev = mr->disable_reentrancy_guard ? NULL : mr->dev;

	if (dev)
		dev->mem_reentrancy_guard.engaged_in_io = true;
	return dev;
}

static inline void unguard(DeviceState *dev)
{
	if (dev)
		dev->mem_reentrancy_guard.engaged_in_io = false;
}

static inline bool begin(void)
{
	rcu_read_lock();
	if (bql_locked())
		return false;
	bql_lock();
	return true;
}

static inline void end(bool locked)
{
	if (locked)
		bql_unlock();
	rcu_read_unlock();
}

static inline bool write_port(AddressSpace *as, hwaddr port, uint64_t value, unsigned size, MemTxAttrs attrs,
                              MemTxResult *result)
{
	hwaddr offset;
	MemoryRegion *mr = find(as, port, size, true, attrs, &offset);
	DeviceState *dev;

	if (!mr)
		return false;
	dev = guard(mr);
	mr->ops->write(mr->opaque, offset, value, size);
	unguard(dev);
	if (result)
		*result = MEMTX_OK;
	return true;
}

static inline bool read_port(AddressSpace *as, hwaddr port, uint64_t *value, unsigned size, MemTxAttrs attrs,
                             MemTxResult *result)
{
	hwaddr offset;
	MemoryRegion *mr = find(as, port, size, false, attrs, &offset);
	DeviceState *dev;

	if (!mr)
		return false;
	dev = guard(mr);
	*value = mr->ops->read(mr->opaque, offset, size);
	unguard(dev);
	if (result)
		*result = MEMTX_OK;
	return true;
}

void uk_port_stb(AddressSpace *as, hwaddr port, uint8_t value, MemTxAttrs attrs, MemTxResult *result)
{
	bool locked = begin();

	if (!write_port(as, port, value, 1, attrs, result))
		address_space_stb(as, port, value, attrs, result);
	end(locked);
}

void uk_port_stw(AddressSpace *as, hwaddr port, uint16_t value, MemTxAttrs attrs, MemTxResult *result)
{
	bool locked = begin();

	if (!write_port(as, port, value, 2, attrs, result))
		address_space_stw_le(as, port, value, attrs, result);
	end(locked);
}

void uk_port_stl(AddressSpace *as, hwaddr port, uint32_t value, MemTxAttrs attrs, MemTxResult *result)
{
	bool locked = begin();

	if (!write_port(as, port, value, 4, attrs, result))
		address_space_stl_le(as, port, value, attrs, result);
	end(locked);
}

uint8_t uk_port_ldub(AddressSpace *as, hwaddr port, MemTxAttrs attrs, MemTxResult *result)
{
	bool locked = begin();
	uint64_t value;

	if (!read_port(as, port, &value, 1, attrs, result))
		value = address_space_ldub(as, port, attrs, result);
	end(locked);
	return (uint8_t)value;
}

uint16_t uk_port_lduw(AddressSpace *as, hwaddr port, MemTxAttrs attrs, MemTxResult *result)
{
	bool locked = begin();
	uint64_t value;

	if (!read_port(as, port, &value, 2, attrs, result))
		value = address_space_lduw_le(as, port, attrs, result);
	end(locked);
	return (uint16_t)value;
}

uint32_t uk_port_ldl(AddressSpace *as, hwaddr port, MemTxAttrs attrs, MemTxResult *result)
{
	bool locked = begin();
	uint64_t value;

	if (!read_port(as, port, &value, 4, attrs, result))
		value = address_space_ldl_le(as, port, attrs, result);
	end(locked);
	return (uint32_t)value;
}
