/* SPDX-License-Identifier: BSD-3-Clause */
/* Disk geometry. */
#ifndef UK_LINUX_HDREG_H
#define UK_LINUX_HDREG_H

#define HDIO_GETGEO 0x0301

struct hd_geometry {
	unsigned char heads;
	unsigned char sectors;
	unsigned short cylinders;
	unsigned long start;
};

#endif
