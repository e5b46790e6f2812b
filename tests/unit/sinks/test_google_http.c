/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "google-fixture.h"
#include "google/google-http-curl.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <curl/curl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A server on 127.0.0.1 that answers once. */
static gint listener;
static gchar *url;
static const gchar *answer;
static gsize padding;
static GString *received;
static GThread *server;

static JamGoogleHttp *http;
static JamGoogleHttpResponse response;
static GoogleFixture fixture;

static void
_listen(void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t length = sizeof address;

  listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  cr_assert_eq(bind(listener, (struct sockaddr *) &address, sizeof address), 0);
  cr_assert_eq(listen(listener, 5), 0);
  getsockname(listener, (struct sockaddr *) &address, &length);
  url = g_strdup_printf("http://127.0.0.1:%u/token", ntohs(address.sin_port));
}

static void
_setup(void)
{
  static const gchar *const variables[] = { "http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY", NULL };

  for (guint i = 0; variables[i]; i++)
    g_unsetenv(variables[i]);
  curl_global_init(CURL_GLOBAL_DEFAULT);
  google_fixture_init(&fixture);
  received = g_string_new(NULL);
  _listen();
}

static void
_stop_serving(void)
{
  if (server)
    g_thread_join(server);
  server = NULL;
}

static void
_teardown(void)
{
  _stop_serving();
  close(listener);
  if (http)
    jam_google_http_curl_free(http);
  jam_google_http_response_clear(&response);
  g_string_free(received, TRUE);
  g_free(url);
  google_fixture_clear(&fixture);
  curl_global_cleanup();
}

TestSuite(google_http, .init = _setup, .fini = _teardown, .timeout = 60);

static gboolean
_has_whole_request(void)
{
  const gchar *length = strstr(received->str, "Content-Length: ");
  const gchar *body = strstr(received->str, "\r\n\r\n");

  if (!body)
    return FALSE;
  return !length || strlen(body + 4) >= g_ascii_strtoull(length + 16, NULL, 10);
}

static gpointer
_serve(gpointer unused G_GNUC_UNUSED)
{
  gint fd = accept(listener, NULL, NULL);
  gchar *spaces = g_strnfill(padding, ' ');
  gchar bytes[4096];
  gssize n;

  while (!_has_whole_request() && (n = read(fd, bytes, sizeof bytes)) > 0)
    g_string_append_len(received, bytes, n);
  send(fd, answer, strlen(answer), MSG_NOSIGNAL);
  send(fd, spaces, padding, MSG_NOSIGNAL);
  close(fd);
  g_free(spaces);
  return NULL;
}

static void
_answer(const gchar *text)
{
  answer = text;
  server = g_thread_new("server", _serve, NULL);
}

static gboolean
_send_by(const JamGoogleHttpOptions *options, const JamGoogleHttpRequest *request, GError **error)
{
  http = jam_google_http_curl_new(options);
  return jam_google_http_send(http, request, &response, error);
}

static void
_assert_sent(const JamGoogleHttpRequest *request, guint status, const gchar *body)
{
  JamGoogleHttpOptions options = { .timeout_seconds = 30, .user_agent = "jam-etl-test" };
  GError *error = NULL;

  cr_assert(_send_by(&options, request, &error), "%s", error ? error->message : "");
  cr_assert_eq(response.status, status);
  cr_assert_eq(response.length, strlen(body));
  cr_assert(response.length == 0 || memcmp(response.body, body, response.length) == 0);
  _stop_serving();
}

static void
_assert_not_sent(const JamGoogleHttpOptions *options, JamGoogleError code, const gchar *what)
{
  JamGoogleHttpRequest request = { .url = url };
  GError *error = NULL;

  cr_assert_not(_send_by(options, &request, &error));
  google_fixture_assert_error(&fixture, error, code, what);
}

static void
_assert_received(const gchar *part)
{
  cr_assert_not_null(strstr(received->str, part), "\"%s\" is not in: %s", part, received->str);
}

Test(google_http, a_form_is_posted)
{
  JamGoogleHttpRequest request = { .url = url, .form = "a=b&c=d, and more", .form_length = 7 };

  _answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  _assert_sent(&request, 200, "{}");
  _assert_received("POST /token HTTP/1.1\r\n");
  _assert_received("Content-Type: application/x-www-form-urlencoded\r\n");
  _assert_received("Content-Length: 7\r\n");
  _assert_received("User-Agent: jam-etl-test\r\n");
  _assert_received("\r\n\r\na=b&c=d");
  cr_assert_null(strstr(received->str, "more"));
}

Test(google_http, without_a_form_the_request_is_a_get_with_its_header)
{
  JamGoogleHttpRequest request = { .url = url, .header = "Metadata-Flavor: Google" };

  _answer("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
  _assert_sent(&request, 404, "none");
  _assert_received("GET /token HTTP/1.1\r\n");
  _assert_received("Metadata-Flavor: Google\r\n");
}

Test(google_http, redirections_are_not_followed)
{
  JamGoogleHttpRequest request = { .url = url };

  _answer("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  _assert_sent(&request, 302, "");
}

Test(google_http, what_asks_the_host_itself_does_not_use_the_proxy)
{
  JamGoogleHttpOptions options = { .timeout_seconds = 30, .proxy = "http://127.0.0.1:1" };
  JamGoogleHttpRequest request = { .url = url, .is_direct = TRUE };

  _answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  cr_assert(_send_by(&options, &request, NULL));
}

Test(google_http, anything_else_does)
{
  JamGoogleHttpOptions options = { .timeout_seconds = 30, .proxy = "http://127.0.0.1:1" };

  _assert_not_sent(&options, JAM_GOOGLE_ERROR_TEMPORARY, "Failed to connect to 127.0.0.1");
}

Test(google_http, an_answer_that_does_not_end_is_cut_off)
{
  JamGoogleHttpOptions options = { .timeout_seconds = 30 };

  padding = 1000000;
  _answer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
  _assert_not_sent(&options, JAM_GOOGLE_ERROR_TEMPORARY, "the answer is too long");
}

Test(google_http, a_connection_that_ends_early_may_work_later)
{
  JamGoogleHttpOptions options = { .timeout_seconds = 30 };

  _answer("");
  _assert_not_sent(&options, JAM_GOOGLE_ERROR_TEMPORARY, "");
}

Test(google_http, a_server_that_says_nothing_is_waited_for_only_so_long)
{
  JamGoogleHttpOptions options = { .timeout_seconds = 1 };
  gint64 start = g_get_monotonic_time();

  _assert_not_sent(&options, JAM_GOOGLE_ERROR_TEMPORARY, "timed out");
  cr_assert_lt(g_get_monotonic_time() - start, 10 * G_USEC_PER_SEC);
}

static gboolean
_has_passed(gpointer moment)
{
  return g_get_monotonic_time() > *(gint64 *) moment;
}

Test(google_http, stopping_ends_the_wait)
{
  gint64 start = g_get_monotonic_time();
  gint64 moment = start + G_USEC_PER_SEC / 2;
  JamGoogleHttpOptions options = { .timeout_seconds = 50, .should_stop = _has_passed, .user_data = &moment };

  _assert_not_sent(&options, JAM_GOOGLE_ERROR_STOPPED, "stopped");
  cr_assert_lt(g_get_monotonic_time() - start, 10 * G_USEC_PER_SEC);
}

Test(google_http, other_protocols_are_refused)
{
  JamGoogleHttpOptions options = { .timeout_seconds = 30 };
  JamGoogleHttpRequest request = { .url = "file:///etc/passwd" };
  GError *error = NULL;

  cr_assert_not(_send_by(&options, &request, &error));
  google_fixture_assert_error(&fixture, error, JAM_GOOGLE_ERROR_TEMPORARY, "Protocol \"file\"");
}

Test(google_http, credentials_get_their_token_over_it)
{
  JamGoogleHttpOptions options = { .timeout_seconds = 30 };
  JsonObject *content = google_fixture_make_service_account(&fixture);
  JamGoogleCredentials *credentials;
  GError *error = NULL;
  gchar *authorization;
  gchar *path;

  json_object_set_string_member(content, "token_uri", url);
  path = google_fixture_write_key_file(&fixture, content);
  fixture.host.http = http = jam_google_http_curl_new(&options);
  credentials = jam_google_credentials_new_from_file(path, JAM_GOOGLE_EXCHANGE, &fixture.host);
  cr_assert_not_null(credentials);
  _answer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"access_token\":\"t\",\"expires_in\":3599}");
  cr_assert(jam_google_credentials_authorize(credentials, &authorization, &error), "%s", error ? error->message : "");
  cr_assert_str_eq(authorization, "Bearer t");
  _assert_received("\r\n\r\ngrant_type=urn%3A");
  jam_google_authorization_free(authorization);
  jam_google_credentials_free(credentials);
  json_object_unref(content);
  g_free(path);
}
