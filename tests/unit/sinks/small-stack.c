/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "small-stack.h"

#include <criterion/criterion.h>
#include <pthread.h>

typedef struct _Call
{
  void (*function)(void *data);
  void *data;
} Call;

static void *
_call(void *s)
{
  Call *self = s;

  self->function(self->data);
  return NULL;
}

void
small_stack_run(void (*function)(void *data), void *data)
{
  Call call = { .function = function, .data = data };
  pthread_attr_t attributes;
  pthread_t thread;

  pthread_attr_init(&attributes);
  cr_assert_eq(pthread_attr_setstacksize(&attributes, 128 * 1024), 0);
  cr_assert_eq(pthread_create(&thread, &attributes, _call, &call), 0);
  pthread_join(thread, NULL);
  pthread_attr_destroy(&attributes);
}
