/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef LANGUAGES_H_INCLUDED
#define LANGUAGES_H_INCLUDED

/* Words of an API in several languages and scripts: of two, three and four bytes a
 * letter, from right to left, with marks that belong to the letter before. */
static const char *const languages[] = {
  "Ung\u00fcltiger Wert in der Spalte \u201eslot\u201c",
  "\u5024\u304c\u7121\u52b9\u3067\u3059",
  "\u0642\u064a\u0645\u0629 \u063a\u064a\u0631 \u0635\u0627\u0644\u062d\u0629",
  "\u041d\u0435\u0432\u0435\u0440\u043d\u043e\u0435 \u0437\u043d\u0430\u0447\u0435\u043d\u0438\u0435",
  "\u0905\u092e\u093e\u0928\u094d\u092f \u092e\u093e\u0928",
  "no luck \U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467",
};

#endif
