/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The machine's screen as text, and its keyboard, on a connection of the program's. To the other side go messages, each a kind and what it
 * has, in bytes: UK_TEXT_SIZE columns rows: of what follows, at most UK_TEXT_COLUMNS_MAX and UK_TEXT_ROWS_MAX; all cells are blank;
 * UK_TEXT_ROW row, then for each column a character of code page 437 and its attribute as in VGA memory, without blinking;
 * UK_TEXT_CURSOR column row, or 255 255: it is not to be seen.
 * In graphics modes the screen is one line with the mode. From there come pairs of bytes: a key's number in scan code set 1, with bit 7 set
 * for those that have the prefix 0xe0; 1 when it goes down, 0 when it comes up.
 */
#ifndef QEMU_GLUE_TEXT_DISPLAY_H
#define QEMU_GLUE_TEXT_DISPLAY_H

#define UK_TEXT_COLUMNS_MAX 160
#define UK_TEXT_ROWS_MAX 100

enum { UK_TEXT_SIZE = 'S', UK_TEXT_ROW = 'R', UK_TEXT_CURSOR = 'C' };

/*
 * Show the machine's first console on @fd, which is non-blocking and stays open, until its other end has gone. To be called once, after
 * qemu_init() and before the main loop, in whose thread it then runs. A machine without a console shows nothing.
 */
void uk_text_display_start(int fd);

#endif
