# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""What syslog-ng carries with jam-etl, beside what it carries without: scripts/bench."""
