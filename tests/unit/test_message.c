/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "effort.h"
#include "guarded.h"

#include "core/jamtart/message.h"

#include <criterion/criterion.h>
#include <sys/mman.h>

#define MESSAGE(msg_type, payload) \
  "{\"time\":\"2025-06-01T00:00:03Z\",\"msg_type\":" msg_type ",\"json_encoded\":" payload "}"
#define WITH_METADATA(metadata) \
  "{\"time\":\"2025-06-01T00:00:03Z\",\"msg_type\":142,\"json_encoded\":{},\"metadata\":\"" metadata "\"}"

static Guarded input;
static JamMessage *message;
static JamReject reject;

static void
_setup(void)
{
  guarded_init(&input, 32 * JAM_ITEM_LIST_MAX_ITEMS);
  message = jam_message_new();
}

static void
_teardown(void)
{
  jam_message_free(message);
  guarded_clear(&input);
}

TestSuite(message, .init = _setup, .fini = _teardown);

static gboolean
_read(const gchar *text)
{
  return jam_message_read(message, guarded_copy(&input, text, strlen(text)), strlen(text), NULL, &reject);
}

Test(message, its_body_is_the_text_without_white_space_at_both_ends)
{
  static const gchar json[] = MESSAGE("142", "{}");

  cr_assert(_read(" \t\r\n" MESSAGE("142", "{}") "\n\n"));
  cr_expect_eq(message->body.length, strlen(json));
  cr_expect_arr_eq(message->body.text, json, strlen(json));
}

Test(message, its_id_is_the_hash_of_its_body)
{
  gchar id[JAM_MESSAGE_ID_LENGTH];
  JamIdentity identity;

  cr_assert(_read(MESSAGE("142", "{}")));
  /* python3-xxhash: xxh3_128_hexdigest of the same text */
  cr_expect_arr_eq(message->id.hex, "203640771332af75e5209dc00bf9b96f", sizeof(id));
  /* the journal writes the numbers, and recovery compares them with the hex of row_ids */
  cr_assert(jam_identity_from_hex(&identity, message->id.hex));
  cr_expect_arr_eq(identity.words, message->id.identity.words, sizeof(identity.words));
  memcpy(id, message->id.hex, sizeof(id));
  cr_assert(_read("\n" MESSAGE("142", "{}") " "));
  cr_expect_arr_eq(message->id.hex, id, sizeof(id));
  cr_assert(_read(MESSAGE("142", "{ }")));
  cr_expect(memcmp(message->id.hex, id, sizeof(id)) != 0);
}

static const struct
{
  const gchar *message;
  const gchar *key;
  /* NULL if there is none */
  const gchar *value;
} metadata[] = {
  { WITH_METADATA("wph=0x12|c=0|len=2"), "wph", "0x12" },
  { WITH_METADATA("wph=0x12|c=0|len=2"), "c", "0" },
  { WITH_METADATA("wph=0x12|c=0|len=2"), "len", "2" },
  { WITH_METADATA("wph=0x12|c=0|len=2"), "x", NULL },
  { WITH_METADATA("wph=0x12|c=0|len=2"), "w", NULL },
  { WITH_METADATA("wph=0x12|c=0|len=2"), "ph", NULL },
  { WITH_METADATA("wph=0x12|c=0|len=2"), "wph=0x12|c", NULL },
  { WITH_METADATA("c=1|c=2"), "c", "2" },
  { WITH_METADATA("c=1|c="), "c", "" },
  { WITH_METADATA("c=1|c"), "c", "1" },
  { WITH_METADATA("c=a=b"), "c", "a=b" },
  { WITH_METADATA("c"), "c", NULL },
  { WITH_METADATA("=x"), "c", NULL },
  { WITH_METADATA(""), "c", NULL },
  { WITH_METADATA("|"), "c", NULL },
  { WITH_METADATA("||c=1||"), "c", "1" },
  { WITH_METADATA(" c=1"), "c", NULL },
  { WITH_METADATA("C=1"), "c", NULL },
  { WITH_METADATA("\\u0063=\\n\\u00e9\\u007cd=1"), "c", "\n\xc3\xa9" },
  { WITH_METADATA("\\u0063=\\n\\u00e9\\u007cd=1"), "d", "1" },
  { MESSAGE("142", "{}"), "c", NULL },
};

Test(message, finds_values_in_its_metadata)
{
  for (gsize i = 0; i < G_N_ELEMENTS(metadata); i++)
    {
      JamText value;
      gboolean found;

      cr_assert(_read(metadata[i].message), "%s", metadata[i].message);
      found = jam_message_get_metadata(message, metadata[i].key, strlen(metadata[i].key), &value);
      cr_expect_eq(found, metadata[i].value != NULL, "%s, %s", metadata[i].message, metadata[i].key);
      if (!found || !metadata[i].value)
        continue;
      cr_expect(value.length == strlen(metadata[i].value) && memcmp(value.text, metadata[i].value, value.length) == 0,
                "%s, %s: %.*s", metadata[i].message, metadata[i].key, (gint) value.length, value.text);
    }
}

Test(message, escaped_metadata_is_not_seen_in_the_next_message)
{
  JamText value;

  cr_assert(_read(WITH_METADATA("\\u0063=1")));
  cr_expect(jam_message_get_metadata(message, "c", 1, &value));
  cr_assert(_read(WITH_METADATA("d=1")));
  cr_expect_not(jam_message_get_metadata(message, "c", 1, &value));
  cr_assert(_read(MESSAGE("142", "{}")));
  cr_expect_not(jam_message_get_metadata(message, "c", 1, &value));
}

Test(message, says_at_which_byte_it_stops_to_be_json)
{
  cr_assert_not(_read(" {\"time\":1,}"));
  cr_expect_eq(reject.reason, JAM_REJECT_INVALID_JSON);
  /* counted from the body's start */
  cr_expect_str_eq(reject.text, "invalid-json: unexpected character or end of text at byte 10");
}

Test(message, a_rejection_names_the_value_in_words)
{
  cr_assert_not(_read(MESSAGE("7", "{}")));
  cr_expect_str_eq(reject.text, "unknown-msg-type: no table takes msg_type 7");
  cr_expect_str_eq(reject.column, "msg_type");
  cr_expect_null(reject.table);
  cr_assert_not(_read("[]"));
  cr_expect_str_eq(reject.text, "wrong-type: the message is an array, expected an object");
  cr_assert_not(_read("{\"msg_type\":142,\"time\":{}}"));
  cr_expect_str_eq(reject.text, "wrong-type: time is an object, expected a string");
  cr_assert_not(_read("{\"msg_type\":142}"));
  cr_expect_str_eq(reject.text, "missing-value: time is missing or null");
}

/* Whatever place it is cut at, the text goes into a JSON file. */
Test(message, the_words_of_a_rejection_are_utf8_also_where_they_are_cut)
{
  for (gint i = 0; i < 4; i++)
    {
      GString *json = g_string_new("{\"msg_type\":\"");

      g_string_append_len(json, "aaaa", i);
      for (gint j = 0; j < 200; j++)
        g_string_append(json, "\xf0\x9f\x90\xa2");
      g_string_append(json, "\"}");
      cr_assert_not(_read(json->str));
      cr_expect_eq(reject.reason, JAM_REJECT_UNKNOWN_MSG_TYPE);
      cr_expect(g_utf8_validate(reject.text, -1, NULL), "%d bytes before", i);
      g_string_free(json, TRUE);
    }
}

static GString *
_segments(guint n)
{
  GString *json = g_string_new("{\"time\":\"2025-06-01T00:00:03Z\",\"msg_type\":135,\"json_encoded\":[\"\"");

  for (guint i = 1; i < n; i++)
    g_string_append(json, ",\"\"");
  g_string_append(json, "]}");
  return json;
}

Test(message, an_array_may_become_so_many_rows_and_no_more)
{
  GString *most = _segments(JAM_ITEM_LIST_MAX_ITEMS);
  GString *too_many = _segments(JAM_ITEM_LIST_MAX_ITEMS + 1);

  cr_expect(_read(most->str));
  cr_expect_eq(message->lists[0].n_items, JAM_ITEM_LIST_MAX_ITEMS);
  cr_expect_not(_read(too_many->str));
  cr_expect_eq(reject.reason, JAM_REJECT_TOO_LARGE);
  cr_expect(_read(most->str));
  g_string_free(most, TRUE);
  g_string_free(too_many, TRUE);
}

/* Returns a message with services called @first, @first + @step and so on. */
static GString *
_services(guint n, gint64 first, gint64 step)
{
  GString *json = g_string_new("{\"time\":\"2025-06-01T00:00:03Z\",\"msg_type\":13,\"json_encoded\":{\"services\":{");

  for (guint i = 0; i < n; i++)
    g_string_append_printf(json, "%s\"%" G_GINT64_FORMAT "\":{}", i > 0 ? "," : "", first + i * step);
  g_string_append(json, "}}}");
  return json;
}

static const JamItemList *
_service_list(void)
{
  return &message->lists[jam_shape_get(message->kind->payload, "services")->items->list];
}

Test(message, an_object_may_become_as_many_rows_as_an_array)
{
  GString *most = _services(JAM_ITEM_LIST_MAX_ITEMS, JAM_ITEM_LIST_MAX_ITEMS, -1);
  GString *too_many = _services(JAM_ITEM_LIST_MAX_ITEMS + 1, 7, 1);

  cr_expect(_read(most->str));
  cr_expect_eq(_service_list()->n_items, JAM_ITEM_LIST_MAX_ITEMS);
  cr_expect_not(_read(too_many->str));
  cr_expect_eq(reject.reason, JAM_REJECT_TOO_LARGE);
  g_string_free(most, TRUE);
  g_string_free(too_many, TRUE);
}

/* Whatever the order of the keys, each has one row at its first place with its last
 * value. */
Test(message, a_repeated_key_of_an_object_keeps_its_place_and_takes_its_last_value)
{
  static const gint64 steps[] = { 1, -1, 7, -9 };

  for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
    {
      GString *json = _services(50, 1000, steps[i]);
      const JamItemList *list;

      g_string_truncate(json, json->len - strlen("}}}"));
      for (gint j = 0; j < 50; j++)
        g_string_append_printf(json, ",\"%d\":{\"imports\":%d}", (gint) (1000 + (49 - j) * steps[i]), 49 - j);
      g_string_append(json, "}}}");
      cr_assert(_read(json->str));
      list = _service_list();
      cr_assert_eq(list->n_items, 50, "step %d", (gint) steps[i]);
      for (gint j = 0; j < 50; j++)
        {
          const JamShape *element = jam_shape_get(message->kind->payload, "services")->items->element;
          const JamJsonValue *frame = &list->values[j * list->n_slots];
          gchar *value = g_strdup_printf("%d", j);

          cr_expect_eq(atoi(frame[jam_shape_get(element, "id")->slot].text + 1), 1000 + j * steps[i]);
          cr_expect_eq(strncmp(frame[jam_shape_get(element, "record.imports")->slot].text, value, strlen(value)), 0);
          g_free(value);
        }
      g_string_free(json, TRUE);
    }
}

/* GLib chooses the number of buckets of a hash table by its size. A sender that knows it
 * could make each search go through all keys, which takes more than ten seconds here. */
Test(message, keys_that_a_sender_has_made_collide_take_no_longer, .timeout = 5)
{
  static const guint n_keys = 60000;
  const gint n_repeated = test_effort(400000);
  GString *json = g_string_new(
    "{\"time\":\"2025-06-01T00:00:03Z\",\"msg_type\":13,\"json_encoded\":{\"services\":{\"9\":0");

  for (guint i = n_keys; i > 0; i--)
    g_string_append_printf(json, ",\"%u\":0", 8 + 65521 * i);
  for (gint i = 0; i < n_repeated; i++)
    g_string_append_printf(json, ",\"%u\":0", 8 + 65521);
  g_string_append(json, "}}}");
  cr_assert(_read(json->str));
  cr_expect_eq(_service_list()->n_items, n_keys + 1);
  g_string_free(json, TRUE);
}

/* Go sorts the keys of a map as text. */
Test(message, keys_that_ascend_as_text_need_no_table)
{
  cr_assert(_read(MESSAGE("13", "{\"services\":{\"0\":{},\"10\":{},\"1809622564\":{},\"9\":{}}}")));
  cr_expect_eq(_service_list()->n_items, 4);
  cr_expect_null(_service_list()->names);
  cr_assert(_read(MESSAGE("13", "{\"services\":{\"0\":{},\"10\":{},\"9\":{},\"11\":{},\"9\":{}}}")));
  cr_expect_eq(_service_list()->n_items, 4);
}

Test(message, a_huge_message_does_not_leave_its_memory_behind)
{
  GString *most = _segments(JAM_ITEM_LIST_MAX_ITEMS);

  cr_assert(_read(most->str));
  cr_assert_geq(message->lists[0].capacity, JAM_ITEM_LIST_MAX_ITEMS);
  cr_assert(_read(MESSAGE("135", "[\"\",\"\"]")));
  cr_expect_eq(message->lists[0].n_items, 2);
  cr_expect_lt(message->lists[0].capacity, JAM_ITEM_LIST_MAX_ITEMS / 2);
  g_string_free(most, TRUE);
}

/* A list that was emptied on the way is as large as one that was not. */
Test(message, a_huge_array_that_does_not_count_does_not_leave_its_memory_behind)
{
  static const gchar *others[] = { "\"vals_curr\":[]", "\"vals_current\":[]", "\"vals_current\":null" };

  for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
    {
      GString *json = g_string_new(
        "{\"time\":\"2025-06-01T00:00:03Z\",\"msg_type\":13,\"json_encoded\":{\"vals_current\":[{}");
      const JamItemList *list;

      for (guint j = 0; j <= JAM_ITEM_LIST_MAX_ITEMS; j++)
        g_string_append(json, ",{}");
      g_string_append_printf(json, "],%s}}", others[i]);
      cr_assert(_read(json->str), "%s: too many elements, but they do not count", others[i]);
      list = &message->lists[jam_shape_get(message->kind->payload, "vals_current")->items->list];
      cr_expect_eq(list->n_items, 0);
      cr_assert(_read(MESSAGE("13", "{}")));
      cr_expect_lt(list->capacity, JAM_ITEM_LIST_MAX_ITEMS / 2, "%s", others[i]);
      g_string_free(json, TRUE);
    }
}

Test(message, more_bytes_than_can_be_read_are_not_touched)
{
  gsize length = (gsize) JAM_MESSAGE_MAX_LENGTH + 1;
  gchar *text = mmap(NULL, length, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  if (text == MAP_FAILED)
    cr_skip_test("no room for an address range of 2 GiB");
  cr_expect_not(jam_message_read(message, text, length, NULL, &reject));
  cr_expect_eq(reject.reason, JAM_REJECT_TOO_LARGE);
  munmap(text, length);
}

static const struct
{
  gint msg_type;
  const gchar *tables[JAM_MAX_TABLES_PER_KIND];
} kinds[] = {
  { 0, { "workpackages" } },
  { 3, { "segments" } },
  { 13, { "validatorstatistics", "corestatistics", "servicestatistics" } },
  { 128, { "blocks" } },
  { 131, { "tickets" } },
  { 133, { "workpackages" } },
  { 135, { "segments" } },
  { 141, { "assurances" } },
  { 142, { "preimages" } },
  { 143, { "services" } },
  { 255, { "workreports" } },
};

static gsize
_find_kind(gint msg_type)
{
  gsize i = 0;

  while (i < G_N_ELEMENTS(kinds) && kinds[i].msg_type != msg_type)
    i++;
  return i;
}

Test(message, there_is_a_kind_for_each_msg_type_in_use_and_for_no_other)
{
  for (gint msg_type = -2; msg_type < 300; msg_type++)
    {
      const JamMessageKind *kind = jam_message_kind_lookup(msg_type);
      gsize i = _find_kind(msg_type);

      cr_assert_eq(kind != NULL, i < G_N_ELEMENTS(kinds), "%d", msg_type);
      for (gsize j = 0; kind && j < JAM_MAX_TABLES_PER_KIND; j++)
        {
          const gchar *table = j < kind->n_tables ? jam_tables[kind->tables[j]].name : NULL;
          cr_expect_eq(g_strcmp0(table, kinds[i].tables[j]), 0, "%d: %s", msg_type, table);
        }
    }
}

Test(message, old_and_new_numbers_are_the_same_kind)
{
  cr_expect_eq(jam_message_kind_lookup(0), jam_message_kind_lookup(133));
  cr_expect_eq(jam_message_kind_lookup(3), jam_message_kind_lookup(135));
  cr_expect_null(jam_message_kind_lookup(G_MAXINT));
  cr_expect_null(jam_message_kind_lookup(G_MININT));
}

static JamTeamMap *
_team_map(const gchar *csv)
{
  JamTeamMap *map = jam_team_map_new(csv, strlen(csv), NULL);

  cr_assert(map);
  return map;
}

Test(message, each_message_is_looked_up_in_the_map_that_comes_with_it)
{
  static const gchar json[] =
    "{\"time\":\"2025-06-01T00:00:03Z\",\"msg_type\":142,\"sender_id\":\"0xAB\",\"team\":\"said\"}";
  const gchar *expected[] = { "\"one\"", "\"two\"", "\"said\"", "\"said\"" };
  JamTeamMap *maps[] = { _team_map("0xab,one\n"), _team_map("0xab,two\n"), _team_map("0xabc,three\n"), NULL };

  for (gsize i = 0; i < G_N_ELEMENTS(maps); i++)
    {
      cr_assert(jam_message_read(message, json, strlen(json), maps[i], &reject));
      cr_expect_eq(message->team.length, strlen(expected[i]));
      cr_expect_arr_eq(message->team.text, expected[i], message->team.length);
      if (maps[i])
        jam_team_map_free(maps[i]);
    }
}
