/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "guarded.h"
#include "random.h"

#include "core/tables/team-map.h"

#include <criterion/criterion.h>
#include <string.h>

static Guarded input;

static void
_setup(void)
{
  guarded_init(&input, 4096);
}

static void
_teardown(void)
{
  guarded_clear(&input);
}

TestSuite(team_map, .init = _setup, .fini = _teardown);

static JamTeamMap *
_parse(const gchar *csv)
{
  return jam_team_map_new(guarded_copy(&input, csv, strlen(csv)), strlen(csv), NULL);
}

#define MAX_LOOKUPS 4

static const struct
{
  const gchar *csv;
  struct
  {
    const gchar *sender_id;
    /* a JSON string; NULL if there is none */
    const gchar *team;
  } lookups[MAX_LOOKUPS];
} maps[] = {
  { "", { { "0x01", NULL }, { "", NULL } } },
  { "0x01,one\n0x02,two\n", { { "0x01", "\"one\"" }, { "0x02", "\"two\"" }, { "0x0", NULL }, { "0x012", NULL } } },
  { "0x01,one", { { "0x01", "\"one\"" } } },
  { "sender_id,team\n0x01,one\n", { { "0x01", "\"one\"" }, { "sender_id", NULL } } },
  { "\"sender_id\",\"team\"\r\n0x01,one\r\n", { { "0x01", "\"one\"" }, { "sender_id", NULL } } },
  { "0x01,one\r\n0x02,two\r\n", { { "0x01", "\"one\"" }, { "0x02", "\"two\"" } } },
  { "\n# a comment, with a comma\n\n#\n \t\n0x01,one\n\n", { { "0x01", "\"one\"" }, { "# a comment", NULL } } },
  { "0xAb,one\n", { { "0xab", "\"one\"" }, { "0xAB", "\"one\"" }, { "0XaB", "\"one\"" } } },
  { "0x01,one\n0X01,two\n", { { "0x01", "\"two\"" } } },
  { "0x01,one\n0x01,two\n0x01,one\n", { { "0x01", "\"one\"" } } },
  { "\"0x01\",\"one\"\n", { { "0x01", "\"one\"" } } },
  { "0x01,\"a, b\"\n", { { "0x01", "\"a, b\"" } } },
  { "0x01,\"say \"\"hello\"\"\"\n", { { "0x01", "\"say \\\"hello\\\"\"" } } },
  { "0x01,\"\"\"\"\n", { { "0x01", "\"\\\"\"" } } },
  { "\"0x,01\",one\n", { { "0x,01", "\"one\"" } } },
  { "0x01,back\\slash\n", { { "0x01", "\"back\\\\slash\"" } } },
  { "0x01,\xc5\xbc\xc3\xb3\xc5\x82w\n", { { "0x01", "\"\xc5\xbc\xc3\xb3\xc5\x82w\"" } } },
  { "0x01,# no comment\n", { { "0x01", "\"# no comment\"" } } },
};

Test(team_map, finds_the_teams_that_the_csv_names)
{
  for (gsize i = 0; i < G_N_ELEMENTS(maps); i++)
    {
      JamTeamMap *map = _parse(maps[i].csv);

      cr_assert(map, "%s", maps[i].csv);
      for (gsize j = 0; j < MAX_LOOKUPS && maps[i].lookups[j].sender_id; j++)
        {
          const gchar *sender_id = maps[i].lookups[j].sender_id;
          gsize length = strlen(sender_id);
          const gchar *team = jam_team_map_lookup(map, guarded_copy(&input, sender_id, length), length);

          cr_expect_eq(g_strcmp0(team, maps[i].lookups[j].team), 0, "%s: %s is %s", maps[i].csv, sender_id, team);
        }
      jam_team_map_free(map);
    }
}

static const struct
{
  const gchar *csv;
  JamTeamMapError code;
  /* how the message must start */
  const gchar *place;
} errors[] = {
  { "0x01\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { "0x01,\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { ",one\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { "\"\",one\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { "0x01,\"\"\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { ",\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { "0x01,one\n0x02,two,three\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 2:" },
  { "0x01,one,\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { "sender_id,team\n# fine\n\n0x01 one\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 4:" },
  { "0x01,one\r\n\r\n0x02\r\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 3:" },
  { "0x01,\"one\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { "\"0x01,one\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { "0x01,\"one\"x\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { "0x01,o\"ne\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { "0x01;one\n", JAM_TEAM_MAP_ERROR_SYNTAX, "line 1:" },
  { "0x01,\xff\n", JAM_TEAM_MAP_ERROR_ENCODING, "" },
  { "0x01,caf\xe9\n", JAM_TEAM_MAP_ERROR_ENCODING, "" },
  { "0x01,\xed\xa0\x80\n", JAM_TEAM_MAP_ERROR_ENCODING, "" },
};

Test(team_map, names_the_line_that_is_wrong)
{
  for (gsize i = 0; i < G_N_ELEMENTS(errors); i++)
    {
      GError *error = NULL;
      gsize length = strlen(errors[i].csv);
      JamTeamMap *map = jam_team_map_new(guarded_copy(&input, errors[i].csv, length), length, &error);

      cr_expect_null(map, "%s", errors[i].csv);
      if (map)
        {
          jam_team_map_free(map);
          continue;
        }
      cr_assert(g_error_matches(error, JAM_TEAM_MAP_ERROR, errors[i].code), "%s", errors[i].csv);
      cr_expect(g_str_has_prefix(error->message, errors[i].place), "%s: %s", errors[i].csv, error->message);
      g_clear_error(&error);
    }
}

Test(team_map, refuses_nul_bytes)
{
  cr_expect_null(jam_team_map_new("0x01,a\0b\n", 9, NULL));
}

Test(team_map, needs_no_place_for_the_error)
{
  cr_expect_null(_parse("0x01"));
  cr_expect_null(_parse("\xff"));
}

Test(team_map, a_sender_with_a_nul_in_it_is_another_sender)
{
  JamTeamMap *map = _parse("0x01,one\n");

  cr_expect_not_null(jam_team_map_lookup(map, "0x01", 4));
  cr_expect_null(jam_team_map_lookup(map, "0x01\0", 5));
  cr_expect_null(jam_team_map_lookup(map, "0x01\0abc", 8));
  jam_team_map_free(map);
}

Test(team_map, sender_ids_of_any_length_can_be_looked_up)
{
  gchar *longest = g_strnfill(255, 'a');
  gchar *csv = g_strdup_printf("%s,long\n", longest);
  gchar *too_long = g_strdup_printf("a%s,long\n", longest);
  JamTeamMap *map = _parse(csv);
  gchar *sender_id = guarded_get(&input, 4096);

  cr_assert(map);
  memset(sender_id, 'A', 4096);
  for (gsize length = 0; length <= 4096; length++)
    cr_expect_eq(jam_team_map_lookup(map, guarded_get(&input, length), length) != NULL, length == 255);
  cr_expect_null(_parse(too_long));
  jam_team_map_free(map);
  g_free(longest);
  g_free(csv);
  g_free(too_long);
}

Test(team_map, random_text_is_parsed_or_refused)
{
  static const gchar alphabet[] = "0x1a,,\"\"\n\n\r# \xc3\xa9";
  Random random = { 13 };

  for (gint i = 0; i < 20000; i++)
    {
      gsize length = random_below(&random, 30);
      gchar *csv = guarded_get(&input, length);
      GError *error = NULL;
      JamTeamMap *map;

      for (gsize j = 0; j < length; j++)
        csv[j] = alphabet[random_below(&random, sizeof(alphabet) - 1)];
      map = jam_team_map_new(csv, length, &error);
      cr_assert_neq(map == NULL, error == NULL);
      if (map)
        jam_team_map_free(map);
      g_clear_error(&error);
    }
}
