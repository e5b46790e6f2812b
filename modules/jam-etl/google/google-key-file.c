/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google/google-key-file.h"
#include "google/google-error.h"
#include "http/google-secret.h"
#include "http/json-nodes.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* key files have 3 kB */
#define MAX_FILE_BYTES (64 * 1024)

/* where gcloud's users get their tokens; their files do not say it */
#define DEFAULT_TOKEN_URI "https://oauth2.googleapis.com/token"

/* A file while it is read. */
typedef struct _Reading
{
  const gchar *path;
  JamJsonNode *json;
  JamGoogleKey *key;
} Reading;

static gboolean
_fail_to_read(const gchar *path, const gchar *why, GError **error)
{
  g_set_error(error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_UNREADABLE, "cannot read %s: %s", path, why);
  return FALSE;
}

static gboolean
_fail(const Reading *self, GError **error, const gchar *field, const gchar *what)
{
  g_set_error(error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_MALFORMED, "%s: field %s %s", self->path, field, what);
  return FALSE;
}

static gboolean
_check_file(gint fd, const gchar *path, guint *mode, GError **error)
{
  struct stat st;

  if (fstat(fd, &st) < 0)
    return _fail_to_read(path, g_strerror(errno), error);
  if (!S_ISREG(st.st_mode))
    return _fail_to_read(path, "not a regular file", error);
  *mode = st.st_mode & 07777;
  return TRUE;
}

/* Reads to the end of the file, at most @size bytes. */
static gboolean
_read_all(gint fd, const gchar *path, gchar *text, gsize size, gsize *length, GError **error)
{
  gssize n;

  *length = 0;
  while (*length < size && (n = read(fd, text + *length, size - *length)) != 0)
    {
      if (n > 0)
        *length += n;
      else if (errno != EINTR)
        return _fail_to_read(path, g_strerror(errno), error);
    }
  return *length < size || _fail_to_read(path, "too large for a key file", error);
}

static gboolean
_read_file(const gchar *path, gchar *text, gsize size, gsize *length, guint *mode, GError **error)
{
  /* a pipe without a writer would block here */
  gint fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  gboolean success;

  if (fd < 0)
    return _fail_to_read(path, g_strerror(errno), error);
  success = _check_file(fd, path, mode, error) && _read_all(fd, path, text, size, length, error);
  close(fd);
  return success;
}

static const gchar *
_get_field(const Reading *self, const gchar *field, GError **error)
{
  const gchar *value = jam_json_nodes_get_string(self->json, field);

  if (!jam_json_nodes_has_member(self->json, field))
    _fail(self, error, field, "is missing");
  else if (!value)
    _fail(self, error, field, "is not a string");
  else if (!*value)
    _fail(self, error, field, "is empty");
  else
    return value;
  return NULL;
}

static gboolean
_copy_field(const Reading *self, const gchar *field, gchar **copy, GError **error)
{
  *copy = g_strdup(_get_field(self, field, error));
  return *copy != NULL;
}

/* A user name or password in it would get into messages. */
static gboolean
_is_plain_url(const gchar *text)
{
  if (!g_str_has_prefix(text, "https://") && !g_str_has_prefix(text, "http://"))
    return FALSE;
  for (; *text; text++)
    {
      if (!g_ascii_isgraph(*text) || *text == '@')
        return FALSE;
    }
  return TRUE;
}

static gboolean
_take_token_uri(const Reading *self, GError **error)
{
  if (!_copy_field(self, "token_uri", &self->key->token_uri, error))
    return FALSE;
  return _is_plain_url(self->key->token_uri) || _fail(self, error, "token_uri", "is not an http(s) URL");
}

/* Without it OpenSSL asks on the terminal. */
static gint
_give_no_password(gchar *buffer G_GNUC_UNUSED, gint size G_GNUC_UNUSED, gint writing G_GNUC_UNUSED,
                  gpointer user_data G_GNUC_UNUSED)
{
  return -1;
}

static EVP_PKEY *
_parse_private_key(const gchar *pem)
{
  BIO *bio = BIO_new_mem_buf(pem, -1);
  EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, _give_no_password, NULL);

  BIO_free(bio);
  ERR_clear_error();
  return key;
}

static gboolean
_take_private_key(const Reading *self, GError **error)
{
  const gchar *pem = _get_field(self, "private_key", error);

  if (!pem)
    return FALSE;
  self->key->private_key = _parse_private_key(pem);
  if (self->key->private_key && EVP_PKEY_is_a(self->key->private_key, "RSA"))
    return TRUE;
  return _fail(self, error, "private_key", "is not an RSA private key in PEM form");
}

static gboolean
_take_service_account(const Reading *self, GError **error)
{
  self->key->type = JAM_GOOGLE_KEY_SERVICE_ACCOUNT;
  return _copy_field(self, "client_email", &self->key->client_email, error)
         && _copy_field(self, "private_key_id", &self->key->private_key_id, error) && _take_token_uri(self, error)
         && _take_private_key(self, error);
}

static gboolean
_take_authorized_user(const Reading *self, GError **error)
{
  self->key->type = JAM_GOOGLE_KEY_AUTHORIZED_USER;
  if (!_copy_field(self, "client_id", &self->key->client_id, error)
      || !_copy_field(self, "client_secret", &self->key->client_secret, error)
      || !_copy_field(self, "refresh_token", &self->key->refresh_token, error))
    return FALSE;
  if (jam_json_nodes_has_member(self->json, "token_uri"))
    return _take_token_uri(self, error);
  self->key->token_uri = g_strdup(DEFAULT_TOKEN_URI);
  return TRUE;
}

static gboolean
_take_fields(const Reading *self, GError **error)
{
  const gchar *type = _get_field(self, "type", error);

  if (!type)
    return FALSE;
  if (strcmp(type, "service_account") == 0)
    return _take_service_account(self, error);
  if (strcmp(type, "authorized_user") == 0)
    return _take_authorized_user(self, error);
  return _fail(self, error, "type", "is neither service_account nor authorized_user");
}

static JamGoogleKey *
_parse(const gchar *path, const gchar *text, gsize length, GError **error)
{
  Reading reading = { .path = path, .json = jam_json_nodes_parse(text, length) };

  if (!jam_json_nodes_is_object(reading.json))
    {
      g_set_error(error, JAM_GOOGLE_ERROR, JAM_GOOGLE_ERROR_MALFORMED, "%s: not a JSON object", path);
      jam_json_nodes_free(reading.json);
      return NULL;
    }
  reading.key = g_new0(JamGoogleKey, 1);
  if (!_take_fields(&reading, error))
    {
      jam_google_key_free(reading.key);
      reading.key = NULL;
    }
  jam_json_nodes_free(reading.json);
  return reading.key;
}

JamGoogleKey *
jam_google_key_file_read(const gchar *path, GError **error)
{
  gchar *text = g_malloc(MAX_FILE_BYTES);
  JamGoogleKey *key = NULL;
  gsize length = 0;
  guint mode = 0;

  if (_read_file(path, text, MAX_FILE_BYTES, &length, &mode, error))
    key = _parse(path, text, length, error);
  if (key)
    key->mode = mode;
  jam_google_secret_free_sized(text, MAX_FILE_BYTES);
  return key;
}

void
jam_google_key_free(JamGoogleKey *self)
{
  g_free(self->token_uri);
  g_free(self->client_email);
  g_free(self->private_key_id);
  EVP_PKEY_free(self->private_key);
  g_free(self->client_id);
  jam_google_secret_free(self->client_secret);
  jam_google_secret_free(self->refresh_token);
  g_free(self);
}
