#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes dune.jsonl and bigquery.jsonl of the cases named on the command line.

A second, slow implementation of the contract (tables.md), made from its list of
columns (tables.json) and sharing nothing with the module. It does not check
what a message must not hold: cases of rejection name what they expect by hand.

    ./expected-rows.py /path/to/tables.json CASE...

Needs python3-xxhash."""

import base64
import csv
import datetime
import hashlib
import json
import pathlib
import re
import sys

import xxhash

SPACE = ' \t\r\n'
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|true|false|null|[][{}:,]')
ERA = datetime.datetime(2025, 1, 1, 12, tzinfo=datetime.timezone.utc)
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class Node:
    """A JSON value that remembers its text, without insignificant space."""

    def __init__(self, text, value):
        self.text = text
        self.value = value

    def get(self, key):
        found = self.value.get(key, NULL) if isinstance(self.value, dict) else NULL
        return found

    def path(self, path):
        node = self
        for key in filter(None, path.split('.')):
            node = node.get(key)
        return node

    def array(self):
        return self.value if isinstance(self.value, list) else []


NULL = Node('null', None)


def parse(text):
    tokens = TOKEN.findall(text)
    tokens.reverse()

    def value():
        token = tokens.pop()
        if token == '[':
            return array()
        if token == '{':
            return members()
        return Node(token, json.loads(token))

    def array():
        items = []
        while tokens[-1] != ']':
            items.append(value())
            if tokens[-1] == ',':
                tokens.pop()
        tokens.pop()
        return Node('[' + ','.join(item.text for item in items) + ']', items)

    def members():
        pairs = []
        while tokens[-1] != '}':
            name = tokens.pop()
            tokens.pop()
            pairs.append((name, value()))
            if tokens[-1] == ',':
                tokens.pop()
        tokens.pop()
        text = '{' + ','.join(name + ':' + node.text for name, node in pairs) + '}'
        return Node(text, {json.loads(name): node for name, node in pairs})

    return value()


def quote(text):
    return json.dumps(text, ensure_ascii=False)


def unix_ns(time):
    date, fraction, offset = re.fullmatch(r'(.{19})(?:\.(\d+))?(.+)', time.upper()).groups()
    leap = date.endswith(':60')
    moment = datetime.datetime.fromisoformat(date[:-2] + ('59' if leap else date[-2:]) + offset.replace('Z', '+00:00'))
    seconds = (moment - EPOCH) // datetime.timedelta(seconds=1) + leap
    return seconds * 10**9 + int((fraction or '').ljust(9, '0'))


def hex_bytes(node):
    return bytes.fromhex(node.value[2:])


def blake2b256(data):
    return '0x' + hashlib.blake2b(data, digest_size=32).hexdigest()


class Encoded:
    """Walks over JAM-encoded bytes; running off the end raises IndexError."""

    def __init__(self, node):
        text = node.value or ''
        if not re.fullmatch('0x(?:[0-9a-fA-F]{2})*', text):
            raise IndexError
        self.data = bytes.fromhex(text[2:])
        self.pos = 0

    def skip(self, size):
        if self.pos + size > len(self.data):
            raise IndexError
        self.pos += size

    def byte(self):
        self.skip(1)
        return self.data[self.pos - 1]

    def natural(self):
        first = self.byte()
        following = 8 - len(format(first ^ 0xFF, 'b')) if first != 0xFF else 8
        low = sum(self.byte() << 8 * i for i in range(following))
        return low if following == 8 else low + ((first & (0x7F >> following)) << 8 * following)

    def optional(self, size):
        present = self.byte()
        if present > 1:
            raise IndexError
        self.skip(size * present)

    def hash(self):
        return blake2b256(self.data[:self.pos])


def header_hash(message):
    header = message.path('json_encoded.header')
    keys = sum(32 if isinstance(entry.value, str) or len(entry.value) == 1 else 64
               for entry in header.path('epoch_mark.validators').array())
    encoded = Encoded(message.get('codec_encoded'))
    encoded.skip(100)
    encoded.optional(64 + keys)
    encoded.optional(33 * len(header.get('tickets_mark').array()))
    encoded.skip(32 * encoded.natural())
    encoded.skip(2 + 96 + 96)
    return encoded.hash()


def work_package_hash(message):
    encoded = Encoded(message.get('codec_encoded'))
    encoded.skip(encoded.natural())
    encoded.skip(36)
    encoded.skip(encoded.natural())
    encoded.skip(132)
    encoded.skip(32 * encoded.natural())
    for _ in range(encoded.natural()):
        encoded.skip(36)
        encoded.skip(encoded.natural())
        encoded.skip(16)
        encoded.skip(34 * encoded.natural())
        encoded.skip(36 * encoded.natural())
        encoded.skip(2)
    return encoded.hash()


def fitting(function, message):
    try:
        return quote(function(message))
    except IndexError:
        return None


def metadata(message, key):
    pairs = [pair.partition('=') for pair in (message.get('metadata').value or '').split('|')]
    return {name: value for name, equals, value in pairs if equals}.get(key)


def team(message, teams):
    sender = (message.get('sender_id').value or '').lower()
    named = message.get('team')
    in_metadata = metadata(message, 'team')
    if sender in teams:
        return quote(teams[sender])
    if named.value is not None:
        return named.text
    return quote('unknown' if in_metadata is None else in_metadata)


class Row:
    def __init__(self, dialect, message, ident, teams, item, index):
        self.dialect = dialect
        self.message = message
        self.ident = ident
        self.teams = teams
        self.item = item
        self.index = index

    def source(self, source):
        """Returns the cell's JSON text, or None for null."""
        message = self.message
        ns = unix_ns(message.get('time').value)
        simple = {
            'time': lambda: self.time(ns),
            'unix_ns(time)': lambda: str(ns),
            'slot(time)': lambda: str((ns - unix_ns('2025-01-01T12:00:00Z')) // (6 * 10**9)),
            'team': lambda: team(message, self.teams),
            'sender_id': lambda: message.get('sender_id').text if message.get('sender_id').value else '"unknown"',
            'row_id': lambda: quote('%s-%d' % (self.ident, self.index)),
            'index': lambda: None if self.item is NULL else str(self.index),
            'codec_encoded': lambda: self.value(message.get('codec_encoded')) if self.index == 0 else None,
            'header_hash(codec_encoded)': lambda: fitting(header_hash, message),
            'work_package_hash(codec_encoded)': lambda: fitting(work_package_hash, message),
        }
        if source in simple:
            return simple[source]()
        if source.startswith('metadata.'):
            value = metadata(message, source[9:])
            return None if value is None else quote(value)
        function, path = re.fullmatch(r'(?:(\w+)\()?(.*?)\)?', source).groups()
        return self.function(function, self.node(path))

    def time(self, ns):
        if self.dialect == 'dune':
            return self.message.get('time').text
        moment = EPOCH + datetime.timedelta(microseconds=ns // 1000)
        return quote(moment.strftime('%Y-%m-%dT%H:%M:%S.%fZ'))

    def node(self, path):
        if path.startswith('item'):
            return self.item.path(path[5:])
        indexed = re.fullmatch(r'(\w+)\[index\]\.(\w+)', path)
        if not indexed:
            return self.message.path(path)
        items = self.message.path('json_encoded.' + indexed[1]).array()
        return items[self.index].get(indexed[2]) if self.index < len(items) else NULL

    def value(self, node):
        return None if node.value is None else node.text

    def function(self, function, node):
        if function == 'count':
            return str(len(node.array()))
        if function == 'json' and node.value is not None:
            return '"' + re.sub(r'(["\\])', r'\\\1', node.text) + '"'
        if function == 'blake2b256' and node.value is not None:
            return quote(blake2b256(hex_bytes(node)))
        return self.value(node)

    def column(self, column):
        source = column['from']
        both = re.fullmatch(r'dune: (.*?); bigquery: (.*?)(?: \(.*\))?', source)
        if both:
            source = both[1 + (self.dialect == 'bigquery')]
        cell = self.source(source)
        if cell is None:
            return None
        kind = column[self.dialect]
        if kind in ('INTEGER', 'bigint'):
            number = str(int(json.loads(cell)))
            return quote(number) if self.dialect == 'bigquery' else number
        if kind == 'BYTES':
            text = json.loads(cell)
            return quote(text if source == 'item' else base64.b64encode(bytes.fromhex(text[2:])).decode())
        return cell

    def json(self, columns):
        cells = []
        for column in columns:
            if self.dialect not in column:
                continue
            name = column['name']
            if self.dialect == 'bigquery':
                name = column.get('bigquery_name', name)
            cell = self.column(column)
            if cell is not None or self.dialect == 'dune':
                cells.append(quote(name) + ':' + (cell or 'null'))
        return '{' + ','.join(cells) + '}'


def items_of(table, dialect, message):
    rows = table['rows']
    if rows.startswith('dune: one; bigquery: each') and dialect == 'bigquery':
        return message.get('json_encoded').array() or [NULL]
    each = re.match(r'each (\S+?),?(?: |$)', rows)
    return message.path(each[1]).array() if each else [NULL]


def rows_of(tables, dialect, text, teams):
    text = text.strip(SPACE)
    message = parse(text)
    ident = xxhash.xxh3_128_hexdigest(text.encode())
    kind = int(message.get('msg_type').value)
    for table in tables:
        if kind not in table['msg_types']:
            continue
        for index, item in enumerate(items_of(table, dialect, message)):
            row = Row(dialect, message, ident, teams, item, index)
            yield '{"table":%s,"row":%s}\n' % (quote(table['table']), row.json(table['columns']))


def main(spec, *cases):
    tables = json.loads(pathlib.Path(spec).read_text())['tables']
    for case in map(pathlib.Path, cases):
        text = (case / 'message.json').read_bytes().decode()
        team_map = case / 'team-map.csv'
        teams = {}
        if team_map.exists():
            teams = {line[0].lower(): line[1] for line in csv.reader(team_map.open()) if line}
        for dialect in ('dune', 'bigquery'):
            rows = ''.join(rows_of(tables, dialect, text, teams))
            (case / (dialect + '.jsonl')).write_text(rows)


sys.setrecursionlimit(10000)
main(*sys.argv[1:])
