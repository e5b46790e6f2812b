/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/rows/row-plan.h"

static const JamShape *
_payload_node(const JamMessageKind *kind, const gchar *path)
{
  return jam_shape_get(kind->payload, jam_source_payload_path(path));
}

static const JamShape *
_frame_root(const JamRowPlan *self, const JamMessageKind *kind, JamFrame frame)
{
  switch (frame)
    {
    case JAM_FRAME_EACH:
      return _payload_node(kind, self->table->each)->items->element;
    case JAM_FRAME_PAIRED:
      return _payload_node(kind, self->table->paired)->items->element;
    default:
      return kind->payload;
    }
}

static const JamRequiredObject *
_find_required_object(const JamTable *table, const gchar *path)
{
  for (gsize i = 0; table->required_objects[i].path; i++)
    {
      if (g_str_equal(jam_source_payload_path(table->required_objects[i].path), path))
        return &table->required_objects[i];
    }
  return NULL;
}

static gboolean
_is_checked_already(const GArray *checks, JamFrame frame, guint slot)
{
  for (guint i = 0; i < checks->len; i++)
    {
      const JamObjectCheck *check = &g_array_index(checks, JamObjectCheck, i);
      if (check->frame == frame && check->slot == slot)
        return TRUE;
    }
  return FALSE;
}

static const gchar *
_display_path(const JamRowPlan *self, JamFrame frame, const gchar *path)
{
  const gchar *roots[] = {
    [JAM_FRAME_PAYLOAD] = "json_encoded",
    [JAM_FRAME_EACH] = self->table->each,
    [JAM_FRAME_PAIRED] = self->table->paired,
  };
  const gchar *brackets = frame == JAM_FRAME_PAYLOAD ? "" : "[]";
  gchar *text = g_strconcat(roots[frame], brackets, *path ? "." : "", path, NULL);
  const gchar *interned = g_intern_string(text);

  g_free(text);
  return interned;
}

static void
_add_check(JamRowPlan *self, const JamMessageKind *kind, JamFrame frame, const gchar *path)
{
  GArray *checks = frame == JAM_FRAME_PAYLOAD ? self->message_checks : self->row_checks;
  guint slot = jam_shape_get(_frame_root(self, kind, frame), path)->slot;
  const JamRequiredObject *required = frame == JAM_FRAME_PAYLOAD ? _find_required_object(self->table, path) : NULL;
  JamObjectCheck check = {
    .frame = frame,
    .slot = slot,
    .path = _display_path(self, frame, path),
    .required = required != NULL,
    .has_unless = required && required->unless,
  };

  if (check.has_unless)
    check.unless_slot = _payload_node(kind, required->unless)->slot;

  if (!_is_checked_already(checks, frame, slot))
    g_array_append_val(checks, check);
}

/* Every object that the path leads through is checked, outermost first. */
static void
_add_checks_on_path(JamRowPlan *self, const JamMessageKind *kind, const JamSource *source)
{
  const gchar *path = source->path;

  if (!*path)
    return;
  _add_check(self, kind, source->frame, "");
  for (const gchar *dot = strchr(path, '.'); dot; dot = strchr(dot + 1, '.'))
    {
      gchar *object_path = g_strndup(path, dot - path);
      _add_check(self, kind, source->frame, object_path);
      g_free(object_path);
    }
}

static void
_add_required_checks(JamRowPlan *self, const JamMessageKind *kind)
{
  for (gsize i = 0; self->table->required_objects[i].path; i++)
    _add_check(self, kind, JAM_FRAME_PAYLOAD, jam_source_payload_path(self->table->required_objects[i].path));
}

static const gchar *
_value_name(const JamRowPlan *self, const JamColumnPlan *column)
{
  if (jam_source_has_path(&column->source))
    return _display_path(self, column->source.frame, column->source.path);
  return column->source.kind == JAM_SOURCE_METADATA ? column->definition->from : column->name;
}

static gboolean
_is_constant(const JamColumnPlan *column)
{
  switch (column->source.kind)
    {
    case JAM_SOURCE_INDEX:
    case JAM_SOURCE_ROW_ID:
    case JAM_SOURCE_CODEC_ENCODED:
      return FALSE;
    default:
      return !jam_source_has_path(&column->source) || column->source.frame == JAM_FRAME_PAYLOAD;
    }
}

static void
_resolve_object(JamRowPlan *self, const JamMessageKind *kind, JamEncodedObject object)
{
  for (gsize i = 0; jam_encoded_paths[object][i]; i++)
    self->object_slots[i] = jam_shape_get(kind->payload, jam_encoded_paths[object][i])->slot;
}

static void
_write_key(JamColumnPlan *column)
{
  gchar *key = g_strdup_printf(",\"%s\":", column->name);

  column->key_length = strlen(key);
  column->key = g_malloc0(column->key_length + JAM_BUFFER_BLOCK);
  memcpy(column->key, key, column->key_length);
  g_free(key);
}

static void
_write_lead(const JamRowPlan *self, JamColumnPlan *column)
{
  const gchar *mark = self->dialect == JAM_DIALECT_BIGQUERY ? "\"" : "";
  gsize length = column->key_length + strlen(mark);

  if (length < sizeof(column->lead))
    column->lead_length = g_snprintf(column->lead, sizeof(column->lead), ",\"%s\":%s", column->name, mark);
}

static void
_add_column(JamRowPlan *self, const JamMessageKind *kind, const JamColumn *definition)
{
  JamColumnPlan *column = &self->columns[self->n_columns++];

  column->definition = definition;
  column->type = definition->type[self->dialect];
  column->name = jam_column_name(definition, self->dialect);
  _write_key(column);
  _write_lead(self, column);
  jam_source_parse(&column->source, self->table, definition);
  column->value_name = _value_name(self, column);
  column->rejected_column = column->name;
  column->is_constant = _is_constant(column);
  if (column->source.object != JAM_ENCODED_NONE)
    _resolve_object(self, kind, column->source.object);
  if (!jam_source_has_path(&column->source))
    return;
  column->slot = jam_shape_get(_frame_root(self, kind, column->source.frame), column->source.path)->slot;
  _add_checks_on_path(self, kind, &column->source);
}

/* A hash is not what is bad: the column with the value itself is. */
static void
_find_rejected_column(const JamRowPlan *self, JamColumnPlan *hash)
{
  for (gsize i = 0; i < self->n_columns; i++)
    {
      const JamColumnPlan *column = &self->columns[i];
      if (column->source.kind == JAM_SOURCE_VALUE && column->value_name == hash->value_name)
        hash->rejected_column = column->name;
    }
}

static void
_find_rejected_columns(JamRowPlan *self)
{
  for (gsize i = 0; i < self->n_columns; i++)
    {
      if (self->columns[i].source.kind == JAM_SOURCE_BLAKE2B256)
        _find_rejected_column(self, &self->columns[i]);
    }
}

static JamRunKind
_run_kind(const JamColumnPlan *column)
{
  if (column->is_constant)
    return JAM_RUN_CONSTANT;
  if (column->source.kind == JAM_SOURCE_VALUE && column->type == JAM_TYPE_INTEGER && column->lead_length > 0)
    return JAM_RUN_INTEGERS;
  return JAM_RUN_OTHER;
}

static JamColumnRun *
_ensure_run(JamRowPlan *self, JamRunKind kind, gsize column)
{
  JamColumnRun *last = self->n_runs > 0 ? &self->runs[self->n_runs - 1] : NULL;

  if (last && last->kind == kind && !last->ends_with_row_id)
    return last;
  g_assert(self->n_runs < JAM_MAX_RUNS);
  self->runs[self->n_runs] = (JamColumnRun){ .kind = kind, .from = column, .to = column };
  return &self->runs[self->n_runs++];
}

static void
_divide_into_runs(JamRowPlan *self)
{
  for (gsize i = 0; i < self->n_columns; i++)
    {
      const JamColumnPlan *column = &self->columns[i];

      if (column->source.kind == JAM_SOURCE_ROW_ID)
        _ensure_run(self, JAM_RUN_CONSTANT, i)->ends_with_row_id = TRUE;
      else
        _ensure_run(self, _run_kind(column), i)->to = i + 1;
    }
}

/* The column that has the name of an object's member. */
static const gchar *
_member_column(const JamRowPlan *self)
{
  for (gsize i = 0; i < self->table->n_columns; i++)
    {
      const JamColumn *column = &self->table->columns[i];
      JamSource source;

      jam_source_parse(&source, self->table, column);
      if (source.frame == JAM_FRAME_EACH && g_str_equal(source.path, self->table->member_name))
        return jam_column_name(column, self->dialect);
    }
  return NULL;
}

static void
_resolve_arrays(JamRowPlan *self, const JamMessageKind *kind)
{
  if (self->table->each)
    {
      const JamShape *array = _payload_node(kind, self->table->each);
      self->each_slot = array->slot;
      self->each_list = array->items->list;
      self->member_name = array->items->member_name;
      if (self->member_name)
        self->member_column = _member_column(self);
    }
  if (self->table->paired)
    {
      const JamShape *array = _payload_node(kind, self->table->paired);
      self->paired_slot = array->slot;
      self->paired_list = array->items->list;
    }
}

void
jam_row_plan_init(JamRowPlan *self, gint table, JamDialect dialect, const gboolean *left_out)
{
  const JamMessageKind *kind = jam_message_kind_lookup(jam_tables[table].msg_types[0]);

  *self = (JamRowPlan){ .table = &jam_tables[table], .dialect = dialect };
  self->columns = g_new0(JamColumnPlan, self->table->n_columns);
  self->message_checks = g_array_new(FALSE, FALSE, sizeof(JamObjectCheck));
  self->row_checks = g_array_new(FALSE, FALSE, sizeof(JamObjectCheck));
  _resolve_arrays(self, kind);
  _add_required_checks(self, kind);
  for (gsize i = 0; i < self->table->n_columns; i++)
    {
      if (self->table->columns[i].type[dialect] != JAM_TYPE_NONE && !(left_out && left_out[i]))
        _add_column(self, kind, &self->table->columns[i]);
    }
  _find_rejected_columns(self);
  _divide_into_runs(self);
}

void
jam_row_plan_clear(JamRowPlan *self)
{
  for (gsize i = 0; i < self->n_columns; i++)
    g_free(self->columns[i].key);
  g_free(self->columns);
  g_array_unref(self->message_checks);
  g_array_unref(self->row_checks);
}
