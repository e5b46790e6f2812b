/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef SINK_FIXTURE_H_INCLUDED
#define SINK_FIXTURE_H_INCLUDED

#include "files/append-file.h"

/* A folder of the test's own, and an opener that counts. */
typedef struct _SinkFixture
{
  JamFileOpener opener;
  gchar *directory;
  guint n_opened;
  guint n_warnings;
  /* what the disk does not answer for: the end of a path, or NULL */
  const gchar *unanswered;
  gboolean has_no_links;
} SinkFixture;

void sink_fixture_init(SinkFixture *self);

/* Removes the folder with all that is in it. */
void sink_fixture_clear(SinkFixture *self);

/* Returns the path of @name in the folder; the caller frees it. */
gchar *sink_fixture_path(SinkFixture *self, const gchar *name);

/* Asserts that the file called @name holds @expected. */
void sink_fixture_assert_content(SinkFixture *self, const gchar *name, const gchar *expected);

void sink_fixture_set_content(SinkFixture *self, const gchar *name, const gchar *content);

/* Lets no file grow over @size bytes, as if the disk were full there. A negative
 * @size takes the limit away. */
void sink_fixture_limit_file_size(gssize size);

#endif
