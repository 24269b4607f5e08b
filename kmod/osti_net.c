// SPDX-License-Identifier: GPL-2.0-only
/*
 * osti_net.c - keep the network quiet while its driver is suspended
 *
 * virtio_net of Linux 6.1 detaches its interface before it stops polling, and
 * a last completion can then wake the transmit queue again: a packet that TCP
 * sends from a timer goes into a virtqueue that was freed, and damages what
 * lies there now. So take the packet schedulers away first, when no driver has
 * been suspended yet: what is sent until they are back is dropped, as it would
 * be on the wire.
 *
 * Nor may its control queue be used then: somebody who joins a multicast group,
 * as IPv6 does a second after an interface came up, would wait there for ever
 * for an answer, with all locks of the network. A detached interface is left
 * alone by the core; whoever is in the driver holds the rtnl lock, and is done
 * when it is taken here.
 */
#include <linux/device.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/net_namespace.h>
#include <net/sch_generic.h>

#include "osti.h"

/*
 * The interface behind a device of the class, if it is one to be quieted: it is
 * up, and its driver is one that needs this.
 */
static struct net_device *osti_net_virtio(struct device *dev)
{
	struct net_device *net = to_net_dev(dev);

	return osti_virtio_parent(dev) && netif_running(net) ? net : NULL;
}

static int osti_net_detach(struct device *dev, void *data)
{
	struct net_device *net = osti_net_virtio(dev);

	if (net) {
		dev_deactivate(net);
		netif_device_detach(net);
	}
	return 0;
}

static int osti_net_attach(struct device *dev, void *data)
{
	struct net_device *net = osti_net_virtio(dev);

	if (net) {
		netif_device_attach(net);
		dev_activate(net);
	}
	return 0;
}

/*
 * All interfaces, whatever namespace they are in, or on their way to. Their class
 * is not exported to modules, but the loopback device is of it.
 */
static void osti_net_for_each(int (*act)(struct device *dev, void *data))
{
	rtnl_lock();
	class_for_each_device(init_net.loopback_dev->dev.class, NULL, NULL,
			      act);
	rtnl_unlock();
}

/**
 * osti_net_stop() - nobody uses virtio interfaces any more
 *
 * Context: process, with user space frozen, before any device is suspended.
 * Takes the rtnl lock.
 */
void osti_net_stop(void)
{
	osti_net_for_each(osti_net_detach);
}

/**
 * osti_net_start() - undo osti_net_stop()
 *
 * Context: process, with user space frozen, after all devices were resumed, or
 * none was suspended. Takes the rtnl lock.
 */
void osti_net_start(void)
{
	osti_net_for_each(osti_net_attach);
}
