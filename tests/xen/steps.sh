# SPDX-License-Identifier: BSD-3-Clause
# Functions of the tests' scripts for dom0. Results are KTAP lines in /lab/out/results; what steps print is on the console.
# shellcheck shell=sh
mkdir -p /lab/out /var/lock # xenconsole's
results=/lab/out/results
: >$results
count=0
domain=guest # a script may name another one

# check NAME COMMAND...: one result, which is its status.
check() {
	name=$1
	shift
	count=$((count + 1))
	if "$@"; then word=ok; else word="not ok"; fi
	echo "$word $count - $name" | tee -a $results
	[ "$word" = ok ]
}

# In every script, at its end.
finish() {
	echo "1..$count" >>$results
	xl list
}

# wait_for SECONDS COMMAND...: until it succeeds. Seconds of dom0's clock. Each look starts programs, and the guest and its device
# model get nothing meanwhile.
wait_for() {
	read -r up _ </proc/uptime
	end=$((${up%.*} + $1 * ${PATIENCE:-1}))
	shift
	until "$@"; do
		read -r up _ </proc/uptime
		[ "${up%.*}" -lt "$end" ] || return 1
		sleep 0.5
	done
}

no() { ! "$@"; }

has_domain() { xl domid "$1" >/dev/null 2>&1; }

no_domains() { ! xenstore-list /local/domain | grep -qv '^0$'; }

# xl stays to restart the guest, as long as there is one.
all_over() { ! pidof xl >/dev/null && no_domains; }

said() { grep -q -e "$1" "${2-/lab/out/serial.log}"; }

stub_said() { grep -q -e "$1" "/var/log/xen/qemu-dm-$domain.log"; }

create() { xl create "$@" /lab/hvm.cfg; }

# open_serial: what the guest's serial port says goes to /lab/out/keys.log. xl console only types what it gets from a terminal,
# so keys are written to the one that it shows.
open_serial() {
	xl console "$domain" >>/lab/out/keys.log 2>&1 </dev/null &
	serial=$!
	terminal=$(xenstore-read "/local/domain/$(xl domid "$domain-dm")/device/console/3/tty")
}

close_serial() {
	kill $serial 2>/dev/null
	wait $serial 2>/dev/null
}

# echoes KEY SECONDS: the idle guest is alive: a key comes back. Another key each time, none that is in a message.
type_key() { printf %s "$1" >"$terminal"; }
echoed() { grep -q "$1" /lab/out/keys.log; }
typed_and_echoed() { type_key "$1" && sleep 0.5 && echoed "$1"; }
echoes() { wait_for "${2-10}" typed_and_echoed "$1"; }

monitor() { xl qemu-monitor-command "$domain" "$1" 2>&1 | tee -a /lab/out/monitor.log; }

# What may not grow.
# Without those of this pipeline: "exe" is a busybox that has not started its applet yet.
processes() {
	list=$(ps -o comm=)
	echo "$list" | grep -v -e kworker -e '^ps$' -e '^sh$' -e '^exe$' -e '^sleep$' -e loop | sort
}
nodes() { xenstore-ls -f / | sed 's/ = .*//' | sort; }
free_memory() { xl info free_memory; }
monitor_says() { monitor "$1" | tr -d '\r' | grep -q -e "$2"; }
same_processes() { processes >/tmp/processes.after; cmp -s /tmp/processes.before /tmp/processes.after; }
# libxl itself leaves empty folders.
nodes_since() { nodes | grep -v -x -e /libxl -e /vm -e /local/domain/0/device-model | diff "$1" -; }

# Xen frees a domain's last pages, and the kernel its loop devices, a little later.
settled() {
	before=$(free_memory)
	sleep 1
	[ "$before" = "$(free_memory)" ]
}

# Grants that are in use anywhere, as Xen's console tells.
grants() {
	xl dmesg -c >/dev/null
	xl debug-keys g
	xl dmesg | grep -c -e '\[0x[0-9a-f]*\] '
}
