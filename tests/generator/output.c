/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "output.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define STREAM_BUFFER_SIZE (256 * 1024)
#define CLOSE_WAIT_US (10 * G_USEC_PER_SEC)

typedef struct _Stream
{
  gint fd;
  gsize len;
  guint8 buffer[STREAM_BUFFER_SIZE];
} Stream;

struct _Output
{
  gchar *name; /* for errors */
  gboolean is_socket;
  guint n_streams;
  Stream *streams;
};

static void
_set_error(GError **error, gint code, const gchar *action, const gchar *name)
{
  g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(code), "cannot %s %s: %s", action, name, g_strerror(code));
}

static Output *
_new(const gchar *name, gboolean is_socket, guint n_streams)
{
  Output *self = g_new0(Output, 1);

  self->name = g_strdup(name);
  self->is_socket = is_socket;
  self->n_streams = n_streams;
  self->streams = g_new(Stream, n_streams);
  for (guint i = 0; i < n_streams; i++)
    {
      self->streams[i].fd = -1;
      self->streams[i].len = 0;
    }
  return self;
}

Output *
output_new_stdout(void)
{
  Output *self = _new("standard output", FALSE, 1);

  self->streams[0].fd = STDOUT_FILENO;
  return self;
}

void
output_free(Output *self)
{
  if (!self)
    return;

  for (guint i = 0; self->is_socket && i < self->n_streams; i++)
    if (self->streams[i].fd >= 0)
      close(self->streams[i].fd);

  g_free(self->streams);
  g_free(self->name);
  g_free(self);
}

static struct addrinfo *
_resolve(const gchar *host_port, GError **error)
{
  const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
  struct addrinfo *addresses = NULL;
  const gchar *colon = strrchr(host_port, ':');

  if (!colon || colon == host_port || colon[1] == '\0')
    {
      g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "cannot connect to %s: it is not HOST:PORT", host_port);
      return NULL;
    }

  gchar *host = g_strndup(host_port, colon - host_port);
  gint result = getaddrinfo(host, colon + 1, &hints, &addresses);
  g_free(host);
  if (result != 0)
    {
      g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot connect to %s: %s", host_port,
                  gai_strerror(result));
      return NULL;
    }
  return addresses;
}

/* Returns the socket, or -1 with errno set. */
static gint
_connect_address(const struct addrinfo *address)
{
  gint fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC, address->ai_protocol);

  if (fd < 0)
    return -1;
  if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
    return fd;

  gint code = errno;
  close(fd);
  errno = code;
  return -1;
}

static gint
_connect_any(const struct addrinfo *addresses)
{
  gint fd = -1;

  for (; addresses && fd < 0; addresses = addresses->ai_next)
    fd = _connect_address(addresses);
  return fd;
}

Output *
output_new_tcp(const gchar *host_port, guint connections, GError **error)
{
  struct addrinfo *addresses = _resolve(host_port, error);

  if (!addresses)
    return NULL;

  Output *self = _new(host_port, TRUE, connections);
  for (guint i = 0; self && i < connections; i++)
    {
      self->streams[i].fd = _connect_any(addresses);
      if (self->streams[i].fd < 0)
        {
          _set_error(error, errno, "connect to", host_port);
          g_clear_pointer(&self, output_free);
        }
    }
  freeaddrinfo(addresses);
  return self;
}

static gboolean
_write_all(Output *self, gint fd, const guint8 *data, gsize len, GError **error)
{
  while (len > 0)
    {
      gssize written = write(fd, data, len);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        {
          _set_error(error, errno, self->is_socket ? "send to" : "write to", self->name);
          return FALSE;
        }
      data += written;
      len -= written;
    }
  return TRUE;
}

static gboolean
_flush(Output *self, Stream *stream, GError **error)
{
  gsize len = stream->len;

  stream->len = 0;
  return _write_all(self, stream->fd, stream->buffer, len, error);
}

gboolean
output_write(Output *self, guint key, gconstpointer data, gsize len, GError **error)
{
  Stream *stream = &self->streams[key % self->n_streams];

  if (len > STREAM_BUFFER_SIZE - stream->len && !_flush(self, stream, error))
    return FALSE;
  if (len > STREAM_BUFFER_SIZE)
    return _write_all(self, stream->fd, data, len, error);

  memcpy(stream->buffer + stream->len, data, len);
  stream->len += len;
  return TRUE;
}

/* Waits until there is something to read. Returns FALSE when time is up. */
static gboolean
_wait_readable(gint fd, gint64 deadline)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
  gint result;

  do
    {
      gint64 left = MAX(deadline - g_get_monotonic_time(), 0);
      result = poll(&poll_fd, 1, left / 1000);
    }
  while (result < 0 && errno == EINTR);
  return result > 0;
}

static gboolean
_await_close(Output *self, gint fd, gint64 deadline, GError **error)
{
  gchar ignored[1024];

  while (_wait_readable(fd, deadline))
    {
      gssize got = read(fd, ignored, sizeof(ignored));

      if (got == 0)
        return TRUE;
      if (got < 0 && errno != EINTR)
        {
          _set_error(error, errno, "send to", self->name);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
_end_stream(Output *self, Stream *stream, GError **error)
{
  if (!_flush(self, stream, error))
    return FALSE;
  if (self->is_socket && shutdown(stream->fd, SHUT_WR) != 0)
    {
      _set_error(error, errno, "send to", self->name);
      return FALSE;
    }
  return TRUE;
}

gboolean
output_finish(Output *self, GError **error)
{
  for (guint i = 0; i < self->n_streams; i++)
    if (!_end_stream(self, &self->streams[i], error))
      return FALSE;

  gint64 deadline = g_get_monotonic_time() + CLOSE_WAIT_US;
  for (guint i = 0; self->is_socket && i < self->n_streams; i++)
    if (!_await_close(self, self->streams[i].fd, deadline, error))
      return FALSE;
  return TRUE;
}
