/* SPDX-FileCopyrightText: 2026 The jam-etl authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef JAM_ETL_NETWORK_H_INCLUDED
#define JAM_ETL_NETWORK_H_INCLUDED

#include "plugin.h"

/* Makes the generator behind jam-etl-network(transport() tls() options()), which the SCL's
 * jam-etl-source() uses: it becomes the syslog-ng source that transport() names, with the
 * options as they are. A tls() that would not encrypt, an encrypting transport() without
 * tls(), and an unknown transport() are errors when the configuration is read. */
gpointer jam_etl_network_construct(Plugin *plugin);

#endif
