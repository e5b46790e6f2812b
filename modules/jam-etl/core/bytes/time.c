/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/bytes/time.h"

#define NS_PER_SECOND G_GINT64_CONSTANT(1000000000)
#define MAX_FRACTION_DIGITS 9
/* 2025-04-24T23:39:00 */
#define CIVIL_TIME_LENGTH 19
/* more than any part of a time may be, also as the last two digits of a year */
#define NO_NUMBER 10000
#define SECONDS_PER_DAY 86400
#define SECONDS_PER_SLOT 6
/* 2025-01-01T12:00:00Z */
#define COMMON_ERA_START G_GINT64_CONSTANT(1735732800)
/* so that seconds * NS_PER_SECOND plus a fraction cannot overflow */
#define MAX_SECONDS (G_MAXINT64 / NS_PER_SECOND - 1)

#define DAYS_PER_ERA 146097
/* from 0000-03-01 to 1970-01-01 */
#define DAYS_TO_UNIX_EPOCH 719468

typedef struct _Cursor
{
  const gchar *pos;
  const gchar *end;
} Cursor;

typedef struct _CivilTime
{
  gint year, month, day;
  gint hour, minute, second;
} CivilTime;

static inline gboolean
_read_char(Cursor *cursor, const gchar *allowed, gchar *found)
{
  if (cursor->pos == cursor->end)
    return FALSE;
  for (; *allowed; allowed++)
    {
      if (*cursor->pos == *allowed)
        {
          *found = *cursor->pos++;
          return TRUE;
        }
    }
  return FALSE;
}

static inline gboolean
_expect_char(Cursor *cursor, const gchar *allowed)
{
  gchar ignored;

  return _read_char(cursor, allowed, &ignored);
}

static inline gboolean
_read_number(Cursor *cursor, gint n_digits, gint *number)
{
  *number = 0;
  for (; n_digits > 0; n_digits--)
    {
      if (cursor->pos == cursor->end || !g_ascii_isdigit(*cursor->pos))
        return FALSE;
      *number = *number * 10 + (*cursor->pos++ - '0');
    }
  return TRUE;
}

static gboolean
_is_leap_year(gint year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static gint
_days_of_month(gint year, gint month)
{
  static const gint8 days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  return month == 2 && _is_leap_year(year) ? 29 : days[month - 1];
}

/* Returns the number that the two bytes at @p stand for; over 99 if they are no
 * digits. */
static inline gint
_two_digits(const gchar *p)
{
  guint tens = (guchar) p[0] - '0';
  guint ones = (guchar) p[1] - '0';

  return tens <= 9 && ones <= 9 ? tens * 10 + ones : NO_NUMBER;
}

static gboolean
_is_civil_time(const CivilTime *t)
{
  return t->year <= 9999 && t->month >= 1 && t->month <= 12 && t->day >= 1
         && t->day <= _days_of_month(t->year, t->month) && t->hour <= 23 && t->minute <= 59 && t->second <= 60;
}

static gboolean
_read_civil_time(Cursor *cursor, CivilTime *t)
{
  const gchar *p = cursor->pos;

  if (cursor->end - p < CIVIL_TIME_LENGTH || p[4] != '-' || p[7] != '-' || (p[10] != 'T' && p[10] != 't')
      || p[13] != ':' || p[16] != ':')
    return FALSE;
  *t = (CivilTime){
    .year = _two_digits(p) * 100 + _two_digits(p + 2),
    .month = _two_digits(p + 5),
    .day = _two_digits(p + 8),
    .hour = _two_digits(p + 11),
    .minute = _two_digits(p + 14),
    .second = _two_digits(p + 17),
  };
  cursor->pos += CIVIL_TIME_LENGTH;
  return _is_civil_time(t);
}

static gboolean
_read_fraction(Cursor *cursor, gint64 *ns)
{
  static const gint64 units[] = { 1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1 };
  guint digits = 0;
  guint n_digits = 0;

  *ns = 0;
  if (!_expect_char(cursor, "."))
    return TRUE;
  for (; cursor->pos < cursor->end && g_ascii_isdigit(*cursor->pos) && n_digits < MAX_FRACTION_DIGITS; n_digits++)
    digits = digits * 10 + (*cursor->pos++ - '0');
  *ns = digits * units[n_digits];
  return n_digits > 0;
}

static gboolean
_read_offset(Cursor *cursor, gint *seconds)
{
  gchar sign;
  gint hours, minutes;

  *seconds = 0;
  if (_expect_char(cursor, "Zz"))
    return TRUE;
  if (!_read_char(cursor, "+-", &sign) || !_read_number(cursor, 2, &hours) || hours > 23 || !_expect_char(cursor, ":")
      || !_read_number(cursor, 2, &minutes) || minutes > 59)
    return FALSE;
  *seconds = (hours * 60 + minutes) * 60;
  if (sign == '-')
    *seconds = -*seconds;
  return TRUE;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar. Years are counted
 * from March, so that a leap day is the last day of its year. */
static gint64
_days_since_unix_epoch(gint year, gint month, gint day)
{
  gint march_year = month > 2 ? year : year - 1;
  gint march_month = month > 2 ? month - 3 : month + 9;
  gint64 days_before_year = march_year * 365 + march_year / 4 - march_year / 100 + march_year / 400;

  return days_before_year + (153 * march_month + 2) / 5 + day - 1 - DAYS_TO_UNIX_EPOCH;
}

static gint64
_to_unix_seconds(const CivilTime *t, gint offset)
{
  gint64 days = _days_since_unix_epoch(t->year, t->month, t->day);

  return days * SECONDS_PER_DAY + (t->hour * 60 + t->minute) * 60 + t->second - offset;
}

static gboolean
_is_in_range(gint64 seconds)
{
  return seconds <= MAX_SECONDS && seconds >= -MAX_SECONDS;
}

gboolean
jam_time_parse(const gchar *text, gsize length, gint64 *unix_ns)
{
  Cursor cursor = { text, text + length };
  CivilTime t;
  gint64 seconds, fraction;
  gint offset;

  if (!_read_civil_time(&cursor, &t) || !_read_fraction(&cursor, &fraction) || !_read_offset(&cursor, &offset)
      || cursor.pos != cursor.end)
    return FALSE;

  seconds = _to_unix_seconds(&t, offset);
  if (!_is_in_range(seconds) || (t.second == 60 && seconds % SECONDS_PER_DAY != 0))
    return FALSE;
  *unix_ns = seconds * NS_PER_SECOND + fraction;
  return TRUE;
}

static void
_civil_date(gint64 days, CivilTime *t)
{
  gint64 shifted = days + DAYS_TO_UNIX_EPOCH;
  gint64 era = shifted / DAYS_PER_ERA;
  gint day_of_era = shifted % DAYS_PER_ERA;
  gint year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  gint march_month = (5 * day_of_year + 2) / 153;

  t->day = day_of_year - (153 * march_month + 2) / 5 + 1;
  t->month = march_month < 10 ? march_month + 3 : march_month - 9;
  t->year = era * 400 + year_of_era + (t->month <= 2);
}

static gchar *
_write_number(gchar *p, gint number, gint n_digits, gchar behind)
{
  for (gint i = n_digits - 1; i >= 0; i--, number /= 10)
    p[i] = '0' + number % 10;
  p[n_digits] = behind;
  return p + n_digits + 1;
}

void
jam_time_format(gint64 unix_ns, gchar text[JAM_TIME_TEXT_LENGTH])
{
  gint64 seconds = unix_ns / NS_PER_SECOND;
  gint second_of_day = seconds % SECONDS_PER_DAY;
  CivilTime t;

  _civil_date(seconds / SECONDS_PER_DAY, &t);
  text = _write_number(text, t.year, 4, '-');
  text = _write_number(text, t.month, 2, '-');
  text = _write_number(text, t.day, 2, 'T');
  text = _write_number(text, second_of_day / 3600, 2, ':');
  text = _write_number(text, second_of_day / 60 % 60, 2, ':');
  text = _write_number(text, second_of_day % 60, 2, '.');
  _write_number(text, unix_ns % NS_PER_SECOND / 1000, 6, 'Z');
}

gboolean
jam_time_to_slot(gint64 unix_ns, gint64 *slot)
{
  gint64 era_start_ns = COMMON_ERA_START * NS_PER_SECOND;

  if (unix_ns < era_start_ns)
    return FALSE;
  *slot = (unix_ns - era_start_ns) / (SECONDS_PER_SLOT * NS_PER_SECOND);
  return TRUE;
}
