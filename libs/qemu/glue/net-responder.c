/* SPDX-License-Identifier: BSD-3-Clause */
/* A network filter of QEMU's, which is made by the program and not by an argument. */
/* Upstream's headers are not clean by our warnings. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "qemu/osdep.h"
#include "net/filter.h"
#include "net/net.h"
#include "qapi/error.h"
#include "qemu/error-report.h"
#include "qemu/iov.h"
#include "qom/object.h"
#include "line.h"
#pragma GCC diagnostic pop

#include "include/net-responder.h"

#define TYPE_RESPONDER "uk-net-responder"
/* Of a frame on the wire. Longer ones, which the card leaves to be divided, are data on their way to others. */
#define FRAME_MAX 1518
/* More than a machine has back ends of its cards; those behind are not looked at. */
#define BACKENDS_MAX 64

static const struct uk_net_responder *responder;

static void answer(NetFilterState *nf, const uint8_t *frame, size_t len)
{
	g_autofree uint8_t *reply = g_malloc(responder->answer_max);
	size_t size = responder->answers(responder->priv, frame, len, reply);

	if (size)
		qemu_send_packet(nf->netdev, reply, (int)size);
}

/* Returns 0 for a frame that goes on to the network, else its length. */
static ssize_t receive(NetFilterState *nf, NetClientState *sender, unsigned flags, const struct iovec *iov, int count,
                       NetPacketSent *sent)
{
	size_t len = iov_size(iov, (unsigned)count);
	const uint8_t *frame = iov[0].iov_base;
	uint8_t whole[FRAME_MAX];

	(void)sender, (void)flags, (void)sent;
	if (len > sizeof(whole))
		return 0;
	if (count > 1) {
		iov_to_buf(iov, (unsigned)count, 0, whole, len);
		frame = whole;
	}
	if (!responder->takes(responder->priv, frame, len))
		return 0;
	answer(nf, frame, len);
	return (ssize_t)len;
}

static void class_init(ObjectClass *class, LineClassData *data)
{
	(void)data;
	NETFILTER_CLASS(class)->receive_iov = receive;
}

static const TypeInfo type = {
	.name = TYPE_RESPONDER,
	.parent = TYPE_NETFILTER,
	.instance_size = sizeof(NetFilterState),
	.class_init = class_init,
};

/* The back end of the first card. */
static NetClientState *first_backend(void)
{
	NetClientState *clients[BACKENDS_MAX];
	int n = qemu_find_net_clients_except(NULL, clients, NET_CLIENT_DRIVER_NIC, BACKENDS_MAX);

	for (int i = 0; i < MIN(n, BACKENDS_MAX); i++)
		if (clients[i]->peer && clients[i]->peer->info->type == NET_CLIENT_DRIVER_NIC)
			return clients[i];
	return NULL;
}

bool uk_net_responder_start(const struct uk_net_responder *r)
{
	NetClientState *backend = first_backend();
	Error *error = NULL;

	if (!backend) {
		error_report("net responder: the guest has no network card");
		return false;
	}
	responder = r;
	type_register_static(&type);
	/* "rx": what the back end is given, by the card. */
	if (object_new_with_props(TYPE_RESPONDER, object_get_objects_root(), TYPE_RESPONDER, &error, "netdev", backend->name,
	                          "queue", "rx", NULL))
		return true;
	error_reportf_err(error, "net responder: %s: ", backend->name);
	return false;
}
