# SPDX-License-Identifier: BSD-3-Clause
"""What apps/fault-test must say of each of its faults, on every platform."""

import re

FAULTS = {
    "null_read": r"fault: read at 0x0: NULL dereference",
    "null_call": r"fault: execute at 0x0: NULL dereference",
    "stack_overflow": r"fault: write at 0x[0-9a-f]+: stack overflow",
    "thread_overflow": r"fault: write at 0x[0-9a-f]+: stack overflow",
    "text_write": r"fault: write at 0x[0-9a-f]+: write to read-only memory",
    "data_execute": r"fault: execute at 0x[0-9a-f]+: ",
    "heap_execute": r"fault: execute at 0x[0-9a-f]+: ",
    "stack_execute": r"fault: execute at 0x[0-9a-f]+: ",
    "text_alias_write": r"fault: write at 0xffff[0-9a-f]+: write to read-only memory",
    "rodata_alias_write": r"fault: write at 0xffff[0-9a-f]+: write to read-only memory",
    "text_alias_execute": r"fault: execute at 0xffff[0-9a-f]+: no code",
    "data_alias_execute": r"fault: execute at 0xffff[0-9a-f]+: no code",
    "smash": r"panic: stack smashed: a write went past a local array of the function around 0x[0-9a-f]+, thread 1 \(main\)",
    "thread_smash": r"panic: stack smashed: .* thread [2-9] ",
    "divide": r"fault: divide error",
    "heap_freed_twice": r"fault: invalid opcode",
    "heap_overrun": r"fault: invalid opcode",
}

# What the kernel does wrong itself, by "selftest=NAME" on its command line.
KERNEL_FAULTS = {
    "boot_stack": r"fault: write at 0x[0-9a-f]+: stack overflow: the boot stack of 16384 bytes is used up",
    "idle_stack": r"fault: write at 0x[0-9a-f]+: stack overflow: the idle stack of 16384 bytes is used up",
    "exception_stack": r"fault: write at 0x[0-9a-f]+: stack overflow: the exception stack of 8192 bytes is used up",
    "interrupt_stack": r"fault: write at 0x[0-9a-f]+: stack overflow: the interrupt stack of 8192 bytes is used up",
    "kernel_thread_stack": r"fault: write at 0x[0-9a-f]+: stack overflow\n(.*\n)*?.*thread [0-9]+ \(deep\)",
    "smash": r"panic: stack smashed: a write went past a local array of the function around 0x[0-9a-f]+, thread 1 \(main\)",
}

# The same of a kernel that checks its heap (apps/checked-test): the last line, and the object's size and history before it.
HEAP_FAULTS = {
    "double_free": ("freed twice", 100, 0, True),
    "use_after_free": ("written after it was freed", 100, 10, True),
    "write_past_end": ("written past its end", 100, 100, False),
    "write_before_start": ("written before its start", 100, -1, False),
    "write_past_large": ("written past its end", 12288, 12288, False),
}
OTHER_HEAP_FAULTS = {
    "use_after_free_read": r"fault: general protection(.*\n)*?.*a register has the pattern of freed memory: use after free",
    "free_of_nothing": r"panic: heap: 0x[0-9a-f]+ is no object",
    "page_after_free": r"panic: page 0x[0-9a-f]+: written after it was freed, at byte 96",
}


def heap_fault_named(name, console):
    """Does the console tell what was done, of which object, and who allocated and freed it?"""
    what, size, at, freed = HEAP_FAULTS[name]
    object_line = rf"heap: object of {size} bytes at 0x[0-9a-f]+: {what}, at byte {at}\n"
    place = rf"\n.*\] {name}\+"
    history = r"(.*\n)*?.*allocated by" + place + (r"(.*\n)*?.*freed by" + place if freed else "")
    return re.search(object_line + history + rf"(.*\n)*?panic: heap: {what}", console)


def named(name, console):
    """Does the console tell that fault's name and a backtrace?"""
    return re.search((FAULTS | KERNEL_FAULTS)[name], console) and re.search(r"backtrace:\n.*\[[0-9a-f]{16}\]", console)
