#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# In dom0 of the Xen lab: net-test in three domains. Status 0 when no test failed.
#   ci/xen/lab run --script apps/net-test/lab.sh --file build/net-test-xen/net-test_xen-x86_64:/lab/net-test
set -u

# start NAME ARGUMENTS VIF...: a domain, left paused
start() {
	name=$1 arguments=$2
	shift 2
	cat >"/lab/$name.cfg" <<-EOF
		name = "$name"
		type = "pv"
		kernel = "/lab/net-test"
		memory = 32
		cmdline = "loglevel=2 -- $arguments"
		vif = [$*]
	EOF
	xl create -q -p "/lab/$name.cfg" || exit
	id=$(xl domid "$name")
}

# finish NAME SECONDS: let it run to its end, and show what it said
finish() {
	xl unpause "$1" 2>/dev/null
	n=$(($2 * 5))
	while xl domid "$1" >/dev/null 2>&1 && [ $((n -= 1)) -gt 0 ]; do sleep 0.2; done
	echo "== $1"
	cat "/var/log/xen/console/guest-$1.log"
	grep -q '^unidom: exit status 0' "/var/log/xen/console/guest-$1.log" || failed=1
}

failed=0
start traffic "" "'mac=00:16:3e:00:00:01,bridge=xenbr0'"
finish traffic 40

start two "arp second ping_large" "'mac=00:16:3e:00:00:02,bridge=xenbr0', 'mac=00:16:3e:00:00:03,bridge=xenbr0'"
for link in "vif$id.0" "vif$id.1" xenbr0; do ip link set "$link" mtu 65000; done
finish two 20

# The back end closes, and offers the device again.
start reconnect "arp reconnect" "'mac=00:16:3e:00:00:04,bridge=xenbr0'"
xl unpause reconnect
sleep 2
xenstore-write "/local/domain/0/backend/vif/$id/0/state" 5
finish reconnect 20
exit $failed
