/* SPDX-License-Identifier: BSD-3-Clause */
/* The CMOS real-time clock, read once (MC146818 registers; UTC, as hypervisors set it). */
#include <arch/io.h>
#include <core/base.h>
#include <plat/plat.h>

#include "kvm.h"

#define RTC_INDEX 0x70
#define RTC_DATA 0x71
#define RTC_STATUS_A 0x0a
#define RTC_STATUS_B 0x0b
#define RTC_CENTURY 0x32

struct rtc_time {
	uint8_t second, minute, hour, day, month, year, century;
};

static uint8_t rtc_read(uint8_t reg)
{
	outb(RTC_INDEX, reg);
	return inb(RTC_DATA);
}

static struct rtc_time read_once(void)
{
	for (int i = 0; i < 1000000 && rtc_read(RTC_STATUS_A) & 0x80; i++)
		;
	return (struct rtc_time){ rtc_read(0), rtc_read(2), rtc_read(4),          rtc_read(7),
		                  rtc_read(8), rtc_read(9), rtc_read(RTC_CENTURY) };
}

static unsigned from_bcd(unsigned v, bool binary)
{
	return binary ? v : (v >> 4) * 10 + (v & 15);
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static uint64_t days_since_1970(unsigned year, unsigned month, unsigned day)
{
	static const uint16_t before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
	unsigned past = year - 1;
	unsigned leaps = past / 4 - past / 100 + past / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
	bool leap = (year % 4 == 0 && year % 100) || year % 400 == 0;

	return (year - 1970) * 365ull + leaps + before[(month - 1) % 12] + (leap && month > 2) + day - 1;
}

uint64_t kvm_clock_wall_at_boot(void)
{
	struct rtc_time t = read_once();
	uint8_t status = rtc_read(RTC_STATUS_B);
	bool binary = status & 4;
	unsigned hour = from_bcd(t.hour & 0x7f, binary), century = from_bcd(t.century, binary);
	unsigned year = from_bcd(t.year, binary) + (century >= 19 && century < 30 ? century : 20) * 100;

	if (!(status & 2))
		hour = hour % 12 + (t.hour & 0x80 ? 12 : 0);
	uint64_t seconds = days_since_1970(year, from_bcd(t.month, binary), from_bcd(t.day, binary)) * 86400 + hour * 3600 +
	                   from_bcd(t.minute, binary) * 60 + from_bcd(t.second, binary);

	return year < 1970 || seconds > UINT64_MAX / NSEC_PER_SEC ? 0 : seconds * NSEC_PER_SEC;
}
