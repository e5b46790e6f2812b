/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SMALL_STACK_H_INCLUDED
#define SMALL_STACK_H_INCLUDED

/* Calls @function with @data in a thread with a stack of 128 KiB, musl's default and the
 * smallest of all systems', and waits for its end. */
void small_stack_run(void (*function)(void *data), void *data);

#endif
