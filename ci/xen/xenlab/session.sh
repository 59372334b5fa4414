# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=sh
# What the init of every Linux of the labs does: session.py is the other side.

start_linux() {
	mount -t proc proc /proc
	mount -t sysfs sys /sys
	mount -t devtmpfs dev /dev
	mkdir -p /dev/pts
	mount -t devpts devpts /dev/pts
	while read -r module parameters; do
		# shellcheck disable=SC2086
		insmod "/lib/modules/$module.ko" $parameters
	done </lib/modules/order
}

# A machine whose state is saved here, and goes on later: what that run adds comes on a disk.
wait_for_files() {
	echo "lab: waits"
	until [ "$(head -c 4 /dev/vda)" = LAB! ]; do
		sleep 0.2
		blockdev --flushbufs /dev/vda
	done
	cd / && dd if=/dev/vda bs=64k skip=1 2>/dev/null | cpio -idmu 2>/dev/null
}

# Run /lab/script; what /lab/fetch names goes out through the second serial port, and the machine off.
run_script() {
	read -r up _ </proc/uptime
	echo "lab: $1 is up after $up s"
	cd /lab || return
	timeout "$(cat /lab/limit)" sh /lab/script
	status=$?
	echo "$status" >/lab/status
	[ "$status" != 143 ] || echo "lab: the script was stopped after $(cat /lab/limit) s"

	stty -F /dev/ttyS1 raw -echo 115200
	cd / || return
	fetch=
	while read -r pattern; do
		for name in ${pattern#/}; do [ -e "$name" ] && fetch="$fetch $name"; done
	done </lab/fetch
	# shellcheck disable=SC2086
	tar -c lab/status $fetch 2>/dev/null | gzip -1 >/dev/ttyS1
	poweroff -f
}
