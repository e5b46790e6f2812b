/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Preloaded, it takes the place of Criterion's runner and forks for each test.
 * Criterion starts the program anew for each, which under valgrind and with
 * AddressSanitizer takes most of the time; a fork is as well isolated, and inherits
 * what valgrind has translated.
 */
#include <criterion/criterion.h>
#include <criterion/internal/ordered-set.h>
#include <criterion/internal/parameterized.h>
#include <criterion/logging.h>
#include <criterion/stats.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <valgrind/valgrind.h>

#define DEADLINE_SECONDS 300

typedef struct _Running
{
  const struct criterion_suite *suite;
  const struct criterion_test *test;
  void *parameter;
  bool failed;
} Running;

typedef struct _Tally
{
  unsigned passed;
  unsigned failed;
} Tally;

static Running running;

static void
_call(void (*fixture)(void))
{
  if (fixture)
    fixture();
}

static void
_fail(const char *file, unsigned line, const char *message)
{
  running.failed = true;
  fprintf(stderr, "%s:%u: %s/%s failed: %s\n", file, line, running.suite->name, running.test->name, message);
}

static void __attribute__((noreturn)) _end(void)
{
  /* leaks are looked for at the exit */
  exit(running.failed);
}

void
criterion_internal_test_setup(void)
{
  if (running.suite->data)
    _call(running.suite->data->init);
  _call(running.test->data->init);
}

void
criterion_internal_test_main(void (*body)(void))
{
  if (running.test->data->kind_ == CR_TEST_PARAMETERIZED)
    ((void (*)(void *))(void *) body)(running.parameter);
  else
    body();
}

void
criterion_internal_test_teardown(void)
{
  _call(running.test->data->fini);
  if (running.suite->data)
    _call(running.suite->data->fini);
}

void
cri_asserts_passed_incr(void)
{
}

void
criterion_send_assert(struct criterion_assert_stats *result)
{
  if (!result->passed)
    _fail(result->file, result->line, result->message);
}

void
criterion_abort_test(void)
{
  _end();
}

void
criterion_continue_test(void)
{
}

static void
_say(const char *format, va_list arguments)
{
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}

void
criterion_skip_test(const char *format, ...)
{
  va_list arguments;

  va_start(arguments, format);
  _say(format, arguments);
  va_end(arguments);
  _end();
}

void
cr_log(enum criterion_severity severity, const char *format, ...)
{
  va_list arguments;

  (void) severity;
  va_start(arguments, format);
  _say(format, arguments);
  va_end(arguments);
}

static bool
_passes_in_a_fork(void)
{
  int status;
  pid_t child;

  fflush(NULL);
  child = fork();
  if (child == 0)
    {
      alarm(DEADLINE_SECONDS);
      /* Criterion does not want to hear of errors in what is to it the runner */
      VALGRIND_ENABLE_ERROR_REPORTING;
      running.test->test();
      _end();
    }
  if (child < 0 || waitpid(child, &status, 0) != child)
    {
      perror("fork");
      return false;
    }
  if (WIFSIGNALED(status))
    _fail(running.test->data->file_, running.test->data->line_, strsignal(WTERMSIG(status)));
  return status == 0;
}

static void
_run(Tally *tally)
{
  if (_passes_in_a_fork())
    tally->passed++;
  else
    tally->failed++;
}

static void
_run_with_each_parameter(Tally *tally)
{
  struct criterion_test_params all = running.test->data->param_();

  for (size_t i = 0; i < all.length; i++)
    {
      running.parameter = (char *) all.params + i * all.size;
      _run(tally);
    }
  if (all.cleanup)
    all.cleanup(&all);
}

int
main(void)
{
  struct criterion_test_set *tests = criterion_initialize();
  Tally tally = { 0 };

  FOREACH_SET(struct criterion_suite_set * suite, tests->suites)
  {
    FOREACH_SET(struct criterion_test * test, suite->tests)
    {
      running = (Running){ .suite = &suite->suite, .test = test };
      if (test->data->kind_ == CR_TEST_PARAMETERIZED)
        _run_with_each_parameter(&tally);
      else
        _run(&tally);
    }
  }
  criterion_finalize(tests);
  /* as Criterion says it */
  printf("[====] Synthesis: Tested: %u | Passing: %u | Failing: %u | Crashing: 0 \n", tally.passed + tally.failed,
         tally.passed, tally.failed);
  return tally.failed > 0;
}
