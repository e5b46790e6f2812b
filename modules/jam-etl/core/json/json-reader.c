/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/json/json-reader.h"

/* One bit a level: set where the container is an object. */
typedef struct _ContainerStack
{
  guint64 is_object[JAM_JSON_MAX_DEPTH / 64];
  guint depth;
} ContainerStack;

static inline void
_stack_push(ContainerStack *self, gboolean is_object)
{
  guint64 bit = G_GUINT64_CONSTANT(1) << (self->depth % 64);
  guint64 *word = &self->is_object[self->depth / 64];

  *word = is_object ? *word | bit : *word & ~bit;
  self->depth++;
}

static inline gboolean
_stack_top_is_object(const ContainerStack *self)
{
  guint top = self->depth - 1;

  return (self->is_object[top / 64] >> (top % 64)) & 1;
}

static gboolean
_fail(JamJsonReader *self, JamJsonError error)
{
  if (self->error == JAM_JSON_OK)
    {
      self->error = error;
      self->error_pos = self->pos;
    }
  return FALSE;
}

static inline gboolean
_is_space(gchar c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static void
_skip_spaces(JamJsonReader *self)
{
  const gchar *start = self->pos;

  while (self->pos < self->end && _is_space(*self->pos))
    self->pos++;
  self->n_spaces += self->pos - start;
}

/* The known senders write none. */
static inline void
_skip_space(JamJsonReader *self)
{
  if (G_UNLIKELY(self->pos < self->end && (guchar) *self->pos <= ' '))
    _skip_spaces(self);
}

/* the byte at the reader's place, or NUL, which starts no token */
static inline gchar
_current(const JamJsonReader *self)
{
  return self->pos < self->end ? *self->pos : '\0';
}

static inline gboolean
_accept(JamJsonReader *self, gchar c)
{
  if (_current(self) != c)
    return FALSE;
  self->pos++;
  return TRUE;
}

static gboolean
_expect(JamJsonReader *self, gchar c)
{
  _skip_space(self);
  return _accept(self, c) || _fail(self, JAM_JSON_ERROR_SYNTAX);
}

static gboolean
_read_literal(JamJsonReader *self, const gchar *literal, gsize length)
{
  if (self->end - self->pos < (gssize) length || memcmp(self->pos, literal, length) != 0)
    return _fail(self, JAM_JSON_ERROR_SYNTAX);
  self->pos += length;
  return TRUE;
}

static gboolean
_read_digits(JamJsonReader *self)
{
  const gchar *digits = self->pos;

  self->pos = jam_json_scan_digits(digits, self->end);
  return self->pos > digits || _fail(self, JAM_JSON_ERROR_NUMBER);
}

static gboolean
_read_fraction_and_exponent(JamJsonReader *self)
{
  if (_accept(self, '.') && !_read_digits(self))
    return FALSE;
  if (_accept(self, 'e') || _accept(self, 'E'))
    {
      if (!_accept(self, '+'))
        _accept(self, '-');
      return _read_digits(self);
    }
  return TRUE;
}

static inline gboolean
_goes_on_behind_digits(gchar c)
{
  return c == '.' || c == 'e' || c == 'E';
}

static gboolean
_read_number(JamJsonReader *self, guint8 *flags)
{
  _accept(self, '-');
  if (!_accept(self, '0') && !_read_digits(self))
    return FALSE;
  if (_goes_on_behind_digits(_current(self)))
    return _read_fraction_and_exponent(self);
  *flags |= JAM_JSON_INTEGER;
  return TRUE;
}

static gboolean
_read_unicode_escape(JamJsonReader *self, guint8 *flags)
{
  gunichar c;
  guint length = jam_json_read_unicode_escape(self->pos, self->end, &c);

  if (length == 0)
    {
      for (self->pos += 2; g_ascii_isxdigit(_current(self)); self->pos++)
        ;
      return _fail(self, JAM_JSON_ERROR_STRING);
    }
  self->pos += length;
  if (jam_unichar_is_surrogate(c))
    {
      *flags |= JAM_JSON_UNPAIRED;
      self->n_unpaired++;
    }
  return TRUE;
}

/* At a backslash. */
static gboolean
_read_escape(JamJsonReader *self, guint8 *flags)
{
  *flags |= JAM_JSON_ESCAPED;
  switch (self->end - self->pos > 1 ? self->pos[1] : '\0')
    {
    case '"':
    case '\\':
    case '/':
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      self->pos += 2;
      return TRUE;
    case 'u':
      return _read_unicode_escape(self, flags);
    default:
      self->pos++;
      return _fail(self, JAM_JSON_ERROR_STRING);
    }
}

static gboolean
_read_utf8_sequence(JamJsonReader *self)
{
  guint length = jam_utf8_sequence_length(self->pos, self->end);

  self->pos += length;
  return length > 0 || _fail(self, JAM_JSON_ERROR_UTF8);
}

static gboolean
_read_special_string_byte(JamJsonReader *self, guint8 *flags)
{
  if (self->pos == self->end || (guchar) *self->pos < 0x20)
    return _fail(self, JAM_JSON_ERROR_STRING);
  if (*self->pos == '\\')
    return _read_escape(self, flags);
  return _read_utf8_sequence(self);
}

static gboolean
_read_special_string(JamJsonReader *self, guint8 *flags)
{
  while (_read_special_string_byte(self, flags))
    {
      self->pos = jam_json_scan_plain(self->pos, self->end);
      if (_accept(self, '"'))
        return TRUE;
    }
  return FALSE;
}

static inline gboolean
_read_string(JamJsonReader *self, guint8 *flags)
{
  self->pos = jam_json_scan_short(self->pos + 1, self->end);
  return G_LIKELY(_accept(self, '"')) || _read_special_string(self, flags);
}

static gboolean
_read_scalar(JamJsonReader *self, JamJsonType type, guint8 *flags)
{
  switch (type)
    {
    case JAM_JSON_STRING:
      return _read_string(self, flags);
    case JAM_JSON_NUMBER:
      return _read_number(self, flags);
    case JAM_JSON_NULL:
      return _read_literal(self, "null", 4);
    case JAM_JSON_BOOLEAN:
      return *self->pos == 't' ? _read_literal(self, "true", 4) : _read_literal(self, "false", 5);
    default:
      return _fail(self, JAM_JSON_ERROR_SYNTAX);
    }
}

static gboolean
_read_member_name(JamJsonReader *self, guint8 *flags)
{
  if (_current(self) != '"')
    return _fail(self, JAM_JSON_ERROR_SYNTAX);
  return _read_string(self, flags);
}

static inline JamJsonType
_peek(JamJsonReader *self)
{
  /* clang-format off */
  static const guint8 types[256] =
  {
    ['"'] = JAM_JSON_STRING,
    ['{'] = JAM_JSON_OBJECT,
    ['['] = JAM_JSON_ARRAY,
    ['n'] = JAM_JSON_NULL,
    ['t'] = JAM_JSON_BOOLEAN,
    ['f'] = JAM_JSON_BOOLEAN,
    ['-'] = JAM_JSON_NUMBER,
    ['0' ... '9'] = JAM_JSON_NUMBER,
  };
  /* clang-format on */

  _skip_space(self);
  return types[(guchar) _current(self)];
}

JamJsonType
jam_json_reader_peek(JamJsonReader *self)
{
  return _peek(self);
}

static inline gboolean
_skip_member_name(JamJsonReader *self)
{
  guint8 name_flags = 0;

  _skip_space(self);
  if (!_read_member_name(self, &name_flags))
    return FALSE;
  _skip_space(self);
  return _accept(self, ':') || _fail(self, JAM_JSON_ERROR_SYNTAX);
}

static inline gboolean
_open_container(JamJsonReader *self, ContainerStack *stack, gboolean is_object)
{
  if (self->depth + stack->depth >= JAM_JSON_MAX_DEPTH)
    return _fail(self, JAM_JSON_ERROR_DEPTH);
  self->pos++;
  _stack_push(stack, is_object);
  return TRUE;
}

/* Behind a value: closes what ends here, until another value is due.
 * Returns FALSE when the outermost container has ended, or on an error. */
static inline gboolean
_advance_to_next_value(JamJsonReader *self, ContainerStack *stack, JamJsonValue *outermost)
{
  while (stack->depth > 0 && self->error == JAM_JSON_OK)
    {
      gboolean in_object = _stack_top_is_object(stack);

      if (stack->depth == 1)
        outermost->count++;
      _skip_space(self);
      if (_accept(self, ','))
        return !in_object || _skip_member_name(self);
      if (!_accept(self, in_object ? '}' : ']'))
        return _fail(self, JAM_JSON_ERROR_SYNTAX);
      stack->depth--;
    }
  return FALSE;
}

/* Behind an opening bracket. Returns TRUE if a value is due in the container,
 * FALSE if it is empty and was closed, or on an error. */
static inline gboolean
_advance_to_first_value(JamJsonReader *self, ContainerStack *stack)
{
  gboolean in_object = _stack_top_is_object(stack);

  _skip_space(self);
  if (_accept(self, in_object ? '}' : ']'))
    {
      stack->depth--;
      return FALSE;
    }
  return !in_object || _skip_member_name(self);
}

/* Reads a scalar, or steps into a container. Returns TRUE if a value is due
 * right behind, FALSE if a value has ended, or on an error. */
static inline gboolean
_begin_value(JamJsonReader *self, ContainerStack *stack)
{
  JamJsonType type = _peek(self);
  guint8 scalar_flags = 0;

  if (type == JAM_JSON_STRING)
    {
      _read_string(self, &scalar_flags);
      return FALSE;
    }
  if (type != JAM_JSON_OBJECT && type != JAM_JSON_ARRAY)
    {
      _read_scalar(self, type, &scalar_flags);
      return FALSE;
    }
  return _open_container(self, stack, type == JAM_JSON_OBJECT) && _advance_to_first_value(self, stack);
}

static gboolean
_read_container(JamJsonReader *self, JamJsonValue *value)
{
  JamJsonReader start = *self;
  ContainerStack stack;

  stack.depth = 0;
  while (_begin_value(self, &stack) || _advance_to_next_value(self, &stack, value))
    ;
  value->flags |= jam_json_reader_container_flags(self, &start);
  return self->error == JAM_JSON_OK;
}

gboolean
jam_json_reader_value(JamJsonReader *self, JamJsonValue *value)
{
  JamJsonType type = _peek(self);
  gboolean success;

  *value = (JamJsonValue){ .text = self->pos, .type = type };
  if (type == JAM_JSON_OBJECT || type == JAM_JSON_ARRAY)
    success = _read_container(self, value);
  else
    success = _read_scalar(self, type, &value->flags);
  value->length = self->pos - value->text;
  return success;
}

static gboolean
_enter(JamJsonReader *self, gchar bracket)
{
  if (self->depth >= JAM_JSON_MAX_DEPTH)
    return _fail(self, JAM_JSON_ERROR_DEPTH);
  self->depth++;
  self->at_first = TRUE;
  return _expect(self, bracket);
}

gboolean
jam_json_reader_enter_array(JamJsonReader *self)
{
  return _enter(self, '[');
}

gboolean
jam_json_reader_enter_object(JamJsonReader *self)
{
  return _enter(self, '{');
}

/* Returns TRUE if something follows in the container that @bracket closes. */
static gboolean
_next(JamJsonReader *self, gchar bracket)
{
  gboolean at_first = self->at_first;

  self->at_first = FALSE;
  if (self->error != JAM_JSON_OK)
    return FALSE;
  _skip_space(self);
  if (_accept(self, bracket))
    {
      self->depth--;
      return FALSE;
    }
  return at_first || _expect(self, ',');
}

gboolean
jam_json_reader_next_element(JamJsonReader *self)
{
  return _next(self, ']');
}

gboolean
jam_json_reader_next_member(JamJsonReader *self, JamJsonValue *key)
{
  if (!_next(self, '}'))
    return FALSE;
  _skip_space(self);
  *key = (JamJsonValue){ .text = self->pos, .type = JAM_JSON_STRING };
  if (!_read_member_name(self, &key->flags))
    return FALSE;
  key->length = self->pos - key->text;
  return _expect(self, ':');
}

gboolean
jam_json_reader_finish(JamJsonReader *self)
{
  if (self->error != JAM_JSON_OK)
    return FALSE;
  _skip_space(self);
  return self->pos == self->end || _fail(self, JAM_JSON_ERROR_TRAILING);
}

void
jam_json_values_clear(JamJsonValue *values, gsize n)
{
  memset(values, 0, n * sizeof(*values));
}

void
jam_json_name_init(JamJsonName *self, const gchar *name, gsize length)
{
  *self = (JamJsonName){ .length = 0 };
  if (length + 4 >= sizeof(self->text) || jam_json_scan_plain(name, name + length) != name + length)
    return;
  self->length = g_snprintf(self->text, sizeof(self->text), ",\"%.*s\":", (gint) length, name);
}

void
jam_json_reader_init(JamJsonReader *self, const gchar *text, gsize length)
{
  *self = (JamJsonReader){ .start = text, .pos = text, .end = text + length };
}

const gchar *
jam_json_reader_error_message(const JamJsonReader *self)
{
  static const gchar *messages[] = {
    [JAM_JSON_OK] = "no error",
    [JAM_JSON_ERROR_SYNTAX] = "unexpected character or end of text",
    [JAM_JSON_ERROR_STRING] = "invalid string",
    [JAM_JSON_ERROR_NUMBER] = "invalid number",
    [JAM_JSON_ERROR_UTF8] = "invalid UTF-8",
    [JAM_JSON_ERROR_DEPTH] = "nested too deep",
    [JAM_JSON_ERROR_TRAILING] = "text behind the value",
  };

  return messages[self->error];
}

gsize
jam_json_reader_error_offset(const JamJsonReader *self)
{
  return self->error_pos - self->start;
}
