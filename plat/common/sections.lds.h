/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The layout of an image, included by the platforms' link scripts: linked where it is loaded, virtual address = (pseudo-)physical address.
 * Everything below stays unmapped.
 */
OUTPUT_FORMAT("elf64-x86-64")

PHDRS
{
	text PT_LOAD FLAGS(5);
	rodata PT_LOAD FLAGS(4);
	data PT_LOAD FLAGS(6);
	note PT_NOTE FLAGS(4);
}

SECTIONS
{
	.= 0x200000;
	__image_start =.;
	.text:
	{
		__text_start =.;
		*(.text.boot) * (.text.text.*).= ALIGN(16);
		__text_end =.;
	} :text

	. = ALIGN(4096);
	__rodata_start =.;
	.note : { KEEP(*(.note.boot)) } : rodata : note.rodata:
	{
		*(.rodata.rodata.*).= ALIGN(16);
	} :rodata
	.init_array :
	{
		PROVIDE_HIDDEN(__preinit_array_start =.);
		KEEP(*(.preinit_array))
		PROVIDE_HIDDEN(__preinit_array_end =.);
		PROVIDE_HIDDEN(__init_array_start =.);
		KEEP(*(SORT_BY_INIT_PRIORITY(.init_array.*)))
		KEEP(*(.init_array))
		PROVIDE_HIDDEN(__init_array_end =.);
		PROVIDE_HIDDEN(__fini_array_start =.);
		KEEP(*(SORT_BY_INIT_PRIORITY(.fini_array.*)))
		KEEP(*(.fini_array))
		PROVIDE_HIDDEN(__fini_array_end =.);
	} :rodata
	.initcall :
	{
		__initcall_start =.;
		KEEP(*(.initcall .1))
		KEEP(*(.initcall .2))
		KEEP(*(.initcall .3))
		KEEP(*(.initcall .4))
		__initcall_end =.;
	} :rodata
	.ksyms :
	{
		__ksyms_start =.;
		KEEP(*(.ksyms))
		__ksyms_end =.;
	} :rodata

	. = ALIGN(4096);
	__data_start =.;
	.data:
	{
		*(.data.data.*).= ALIGN(64);
	} :data
	.tdata :
	{
		__tls_start =.;
		*(.tdata.tdata.*) __tdata_end =.;
	} :data
	/* Thread-local zeroes take no room here; the sizes are what the C library needs. */
	.tbss :
	{
		*(.tbss.tbss.*) __tls_end =.;
	} :data
	/* Exactly what the linker takes for the offsets from FS: the C library rounds the block's size by it. */
	__tls_align = MAX(ALIGNOF(.tdata), ALIGNOF(.tbss));
	.= ALIGN(64);
	.bss:
	{
		__bss_start =.;
		*(.bss.bss.*COMMON).= ALIGN(4096);
		__bss_end =.;
	} :data
	__image_end = .;

	/ DISCARD /:
	{
		*(.comment) * (.eh_frame) * (.note.GNU - stack) * (.note.gnu.property)
	}
}
