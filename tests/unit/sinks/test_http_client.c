/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "http/http-client-curl.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define OK(body_length, body) "HTTP/1.1 200 OK\r\nContent-Length: " #body_length "\r\n\r\n" body

/* A server on 127.0.0.1 that takes one connection and answers each request on it
 * with the next text; an empty one closes it, NULL leaves the client waiting. */
static gint listener;
static gchar *url;
static const gchar *const *answers;
static GPtrArray *received;
static GThread *server;
static gint connections;

static JamHttpClient *client;
static gint stop;

static gboolean
_should_stop(gpointer user_data G_GNUC_UNUSED)
{
  return g_atomic_int_get(&stop);
}

static void
_listen(void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t length = sizeof address;

  listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  cr_assert_eq(bind(listener, (struct sockaddr *) &address, sizeof address), 0);
  cr_assert_eq(listen(listener, 5), 0);
  getsockname(listener, (struct sockaddr *) &address, &length);
  url = g_strdup_printf("http://127.0.0.1:%u/path", ntohs(address.sin_port));
}

static void
_make_client(guint timeout_seconds)
{
  JamHttpOptions options = {
    .timeout_seconds = timeout_seconds,
    .peer_verify = TRUE,
    .user_agent = "jam-etl-test",
    .should_stop = _should_stop,
  };

  client = jam_http_client_curl_new(&options);
}

static void
_setup(void)
{
  static const gchar *const variables[] = { "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", NULL };

  for (guint i = 0; variables[i]; i++)
    g_unsetenv(variables[i]);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  received = g_ptr_array_new_with_free_func(g_free);
  _listen();
  _make_client(30);
}

static void
_teardown(void)
{
  jam_http_client_free(client);
  /* wakes the server, if it still waits */
  shutdown(listener, SHUT_RDWR);
  if (server)
    g_thread_join(server);
  close(listener);
  g_ptr_array_unref(received);
  g_free(url);
  curl_global_cleanup();
}

TestSuite(http_client, .init = _setup, .fini = _teardown, .timeout = 60);

static gboolean
_is_whole(const GString *request)
{
  const gchar *length = strstr(request->str, "Content-Length: ");
  const gchar *body = strstr(request->str, "\r\n\r\n");

  return body && (!length || strlen(body + 4) >= g_ascii_strtoull(length + 16, NULL, 10));
}

static gchar *
_read_request(gint fd)
{
  GString *request = g_string_new(NULL);
  gchar bytes[4096];
  gssize n;

  while (!_is_whole(request) && (n = read(fd, bytes, sizeof bytes)) > 0)
    g_string_append_len(request, bytes, n);
  return g_string_free(request, FALSE);
}

static gpointer
_serve(gpointer unused G_GNUC_UNUSED)
{
  gint fd = accept(listener, NULL, NULL);
  gchar byte;

  connections++;
  for (; *answers && **answers; answers++)
    {
      g_ptr_array_add(received, _read_request(fd));
      send(fd, *answers, strlen(*answers), MSG_NOSIGNAL);
    }
  if (!*answers)
    g_ptr_array_add(received, _read_request(fd));
  while (!*answers && read(fd, &byte, 1) > 0)
    ;
  close(fd);
  return NULL;
}

static void
_answer(const gchar *const *texts)
{
  answers = texts;
  server = g_thread_new("server", _serve, NULL);
}

static void
_perform(JamHttpCall *call)
{
  jam_http_client_perform(client, &call, 1);
}

Test(http_client, a_request_is_sent_with_its_headers_and_answered)
{
  static const gchar *const texts[] = { OK(5, "hello"), "", NULL };
  JamHttpCall call;

  jam_http_call_init(&call, "POST", url);
  call.authorization = "Bearer token";
  call.content_type = "application/json";
  call.is_gzip = TRUE;
  call.body = "abc";
  call.length = 3;
  _answer(texts);
  _perform(&call);
  cr_assert_eq(call.status, 200, "%s", call.error);
  cr_assert_str_eq(call.answer->str, "hello");
  g_thread_join(g_steal_pointer(&server));
  cr_assert(g_str_has_prefix(received->pdata[0], "POST /path HTTP/1.1\r\n"));
  cr_assert(strstr(received->pdata[0], "\r\nAuthorization: Bearer token\r\n"));
  cr_assert(strstr(received->pdata[0], "\r\nContent-Type: application/json\r\n"));
  cr_assert(strstr(received->pdata[0], "\r\nContent-Encoding: gzip\r\n"));
  cr_assert(strstr(received->pdata[0], "\r\nUser-Agent: jam-etl-test\r\n"));
  cr_assert_null(strstr(received->pdata[0], "Expect:"));
  cr_assert(g_str_has_suffix(received->pdata[0], "\r\n\r\nabc"));
  jam_http_call_clear(&call);
}

Test(http_client, the_connection_is_kept_and_a_call_can_be_repeated)
{
  static const gchar *const texts[] = {
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\nlate", OK(2, "ok"), "", NULL
  };
  JamHttpCall call;

  jam_http_call_init(&call, "GET", url);
  _answer(texts);
  _perform(&call);
  cr_assert_eq(call.status, 503);
  cr_assert_eq(call.retry_after, 7);
  _perform(&call);
  cr_assert_eq(call.status, 200);
  cr_assert_eq(call.retry_after, 0);
  cr_assert_str_eq(call.answer->str, "ok");
  cr_assert_eq(connections, 1);
  jam_http_call_clear(&call);
}

Test(http_client, a_redirection_is_an_answer_like_others)
{
  static const gchar *const texts[] = {
    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "", NULL
  };
  JamHttpCall call;

  jam_http_call_init(&call, "GET", url);
  _answer(texts);
  _perform(&call);
  cr_assert_eq(call.status, 302);
  jam_http_call_clear(&call);
}

Test(http_client, a_cut_connection_is_no_answer_and_says_why)
{
  static const gchar *const texts[] = { "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", "", NULL };
  JamHttpCall call;

  jam_http_call_init(&call, "GET", url);
  _answer(texts);
  _perform(&call);
  cr_assert_eq(call.status, 0);
  cr_assert_neq(*call.error, '\0');
  jam_http_call_clear(&call);
}

Test(http_client, a_server_that_says_nothing_is_left_after_the_timeout)
{
  static const gchar *const texts[] = { NULL };
  JamHttpCall call;

  jam_http_client_free(client);
  _make_client(1);
  jam_http_call_init(&call, "GET", url);
  _answer(texts);
  _perform(&call);
  cr_assert_eq(call.status, 0);
  jam_http_call_clear(&call);
}

Test(http_client, a_stop_ends_what_a_dead_server_holds_up)
{
  static const gchar *const texts[] = { NULL };
  JamHttpCall call;

  jam_http_call_init(&call, "GET", url);
  _answer(texts);
  g_atomic_int_set(&stop, TRUE);
  _perform(&call);
  cr_assert_eq(call.status, 0);
  cr_assert_not(jam_http_client_wait(client, G_MAXINT64 / 2));
  jam_http_call_clear(&call);
}

/* What the server has taken in is worth waiting for. */
Test(http_client, an_answer_that_comes_soon_after_a_stop_counts)
{
  static const gchar *const texts[] = { OK(2, "ok"), "", NULL };
  JamHttpCall call;

  jam_http_call_init(&call, "GET", url);
  g_atomic_int_set(&stop, TRUE);
  _answer(texts);
  _perform(&call);
  cr_assert_eq(call.status, 200);
  jam_http_call_clear(&call);
}

static void
_assert_faults(const JamHttpOptions *options, const gchar *expected)
{
  gchar *faults = jam_http_options_find_file_faults(options);

  cr_assert_str_eq(faults ? faults : "", expected);
  g_free(faults);
}

Test(http_client, files_that_can_be_read_are_no_fault)
{
  JamHttpOptions options = { .ca_file = "/etc/passwd", .ca_dir = "/etc", .cert_file = "/etc/passwd" };

  _assert_faults(&options, "");
  options = (JamHttpOptions){ 0 };
  _assert_faults(&options, "");
}

Test(http_client, each_file_that_cannot_be_read_is_told)
{
  JamHttpOptions options = {
    .ca_file = "/nowhere/ca.pem", .ca_dir = "/etc/passwd", .cert_file = "/etc", .key_file = "/dev/null"
  };

  _assert_faults(&options, "ca-file(): cannot read /nowhere/ca.pem: No such file or directory; "
                           "ca-dir(): cannot read /etc/passwd: not a directory; "
                           "cert-file(): cannot read /etc: not a regular file; "
                           "key-file(): cannot read /dev/null: not a regular file");
}

Test(http_client, a_pipe_in_place_of_a_file_holds_nothing_up)
{
  gchar *folder = g_dir_make_tmp("jam-etl-XXXXXX", NULL);
  gchar *pipe = g_build_filename(folder, "pipe", NULL);
  JamHttpOptions options = { .key_file = pipe };
  gchar *expected = g_strdup_printf("key-file(): cannot read %s: not a regular file", pipe);

  cr_assert_eq(mkfifo(pipe, 0600), 0);
  _assert_faults(&options, expected);
  unlink(pipe);
  rmdir(folder);
  g_free(expected);
  g_free(pipe);
  g_free(folder);
}
