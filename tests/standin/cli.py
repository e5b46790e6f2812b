# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""The stand-in as a process. Its first line on standard output is JSON, once it listens:
{"ready": true, "url": ..., "port": ..., "token_uri": ..., "project": ..., "pid": ...}"""

from __future__ import annotations

import argparse
import json
import os
import signal
from pathlib import Path

from . import accounts
from .accounts import Accounts
from .options import Options
from .server import DEFAULT_PROJECT, StandIn, Start


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="standin", description="A stand-in for the BigQuery REST API on 127.0.0.1.")
    parser.add_argument("--port", type=int, default=0, help="a free one by default")
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="write the ready line here too")
    parser.add_argument("--project", default=DEFAULT_PROJECT, help="of names without one (%(default)s)")
    parser.add_argument("--dataset", action="append", default=[], metavar="[PROJECT:]NAME[@LOCATION]")
    parser.add_argument("--schemas", action="append", default=[], metavar="DATASET=FOLDER",
                        help="make a table of each NAME.json in the folder")
    parser.add_argument("--cert", type=Path, metavar="PEM", help="serve HTTPS with this certificate")
    parser.add_argument("--key", type=Path, metavar="PEM", help="and this key, if it is not in the same file")
    parser.add_argument("--no-auth", action="store_true", help="take any request, as emulators do")
    parser.add_argument("--service-account", action="append", type=Path, default=[], metavar="FILE",
                        help="know the account of this key file")
    parser.add_argument("--public-key", action="append", default=[], metavar="EMAIL=PEM",
                        help="know this account by its public key")
    parser.add_argument("--user", action="append", type=Path, default=[], metavar="FILE",
                        help="know the user of these application default credentials")
    parser.add_argument("--write-service-account", type=Path, metavar="FILE",
                        help="make an account, write its key file")
    parser.add_argument("--write-user", type=Path, metavar="FILE", help="make a user, write the credentials")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=JSON", help="a setting of options.py")
    return parser


def _accounts(arguments: argparse.Namespace) -> Accounts:
    services = [accounts.service_from_file(path) for path in arguments.service_account]
    for one in arguments.public_key:
        email, _, path = one.partition("=")
        services.append(accounts.service_from_pem(email, Path(path).read_bytes()))
    return Accounts(tuple(services), tuple(accounts.user_from_file(path) for path in arguments.user))


def _start(arguments: argparse.Namespace) -> Start:
    folders = dict(one.split("=", 1) for one in arguments.schemas)
    return Start(
        port=arguments.port, project=arguments.project, datasets=arguments.dataset,
        schema_folders={name: Path(folder) for name, folder in folders.items()},
        certificate=arguments.cert, private_key=arguments.key, accounts=_accounts(arguments),
        service_account_out=arguments.write_service_account, user_out=arguments.write_user)


def _options(arguments: argparse.Namespace) -> Options:
    options = Options(auth="none" if arguments.no_auth else "required")
    changes = dict(one.split("=", 1) for one in arguments.set)
    options.change({name: json.loads(value) for name, value in changes.items()})
    return options


def _ready(standin: StandIn, path: Path | None) -> None:
    """The file appears whole, or not at all."""
    line = json.dumps({"ready": True, "url": standin.url, "port": standin.port, "token_uri": standin.token_uri,
                       "project": standin.start_options.project, "pid": os.getpid()})
    if path:
        draft = path.with_name(path.name + ".draft")
        draft.write_text(line + "\n")
        draft.rename(path)
    print(line, flush=True)


def main() -> None:
    arguments = _parser().parse_args()
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    with StandIn(_start(arguments), _options(arguments)) as standin:
        _ready(standin, arguments.ready_file)
        signal.sigwait(stops)
