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

/**
 * osti_net_stop() - nobody uses virtio interfaces any more
 *
 * Context: process, with user space frozen, before any device is suspended.
 * Takes the rtnl lock.
 */
void osti_net_stop(void)
{
	struct net_device *dev;

	rtnl_lock();
	for_each_netdev(&init_net, dev) {
		if (!osti_virtio_parent(&dev->dev) || !netif_running(dev))
			continue;
		dev_deactivate(dev);
		netif_device_detach(dev);
	}
	rtnl_unlock();
}

/**
 * osti_net_start() - undo osti_net_stop()
 *
 * Context: process, with user space frozen, after all devices were resumed, or
 * none was suspended. Takes the rtnl lock.
 */
void osti_net_start(void)
{
	struct net_device *dev;

	rtnl_lock();
	for_each_netdev(&init_net, dev) {
		if (!osti_virtio_parent(&dev->dev) || !netif_running(dev))
			continue;
		netif_device_attach(dev);
		dev_activate(dev);
	}
	rtnl_unlock();
}
