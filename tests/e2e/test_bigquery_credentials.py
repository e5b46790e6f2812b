# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Who the daemon says that it is, and that it tells nobody else."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bigquery import DATASET, INSERT, BigQueryServer, assert_all_sent, make_tables
from expected_rows import expected_tables
from messages import PAYLOADS, message, numbered
from sender import send
from standin import Options, StandIn, Start
from standin.accounts import Accounts, service_from_file, write_service_file
from tunnel import GOOGLE_HOST, Tunnel, make_certificate

MakeBigQuery = Callable[..., BigQueryServer]
SERVICE = "jam-etl@standin.iam.gserviceaccount.com"
USER = "user@standin.invalid"
MACHINE = "default@standin.iam.gserviceaccount.com"
UNUSABLE = "jam-etl: a file cannot be used"
WAITS_FOR_FILE = "jam-etl: cannot write, a file that the options name is missing"
EVERY_KIND = [message(msg_type) for msg_type in PAYLOADS]


def identities(standin: StandIn, operation: str = INSERT) -> set[tuple[str, str]]:
    return {(entry["auth"]["kind"], entry["auth"]["subject"]) for entry in standin.requests(operation)}


def tokens_asked(standin: StandIn) -> list[Any]:
    return [entry["status"] for entry in standin.requests("oauth.token")]


def test_a_service_account_exchanges_its_signature_for_a_token_once(
        make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path) -> None:
    server = make_bigquery(f'credentials-file("{keys}/service.json") workers(3)')
    send(server.port, EVERY_KIND)
    server.assert_sent(EVERY_KIND)
    assert identities(guarded) == identities(guarded, "tables.get") == {("access_token", SERVICE)}
    assert tokens_asked(guarded) == [200]


def test_a_self_signed_token_asks_no_token_server(make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path) -> None:
    server = make_bigquery(f'credentials-file("{keys}/service.json") bigquery-options(self-signed-jwt(yes))')
    send(server.port, EVERY_KIND)
    server.assert_sent(EVERY_KIND)
    assert identities(guarded) == {("self_signed", SERVICE)}
    assert tokens_asked(guarded) == []


def test_a_user_of_gcloud_refreshes_a_token(make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path) -> None:
    server = make_bigquery(f'credentials-file("{keys}/user.json")')
    send(server.port, numbered(3))
    server.assert_sent(numbered(3))
    assert identities(guarded) == {("access_token", USER)}


def test_url_alone_sends_no_credentials(make_bigquery: MakeBigQuery, standin: StandIn, keys: Path) -> None:
    server = make_bigquery(environment={"GOOGLE_APPLICATION_CREDENTIALS": str(keys / "service.json")})
    send(server.port, numbered(3))
    server.assert_sent(numbered(3))
    assert identities(standin) == identities(standin, "tables.get") == {("none", "")}
    assert tokens_asked(standin) == []


@pytest.mark.parametrize("form", ["http://{}", "{}", "http://{}/bigquery/v2", "{}/bigquery/v2/"])
def test_the_variable_of_emulators_is_a_url(make_bigquery: MakeBigQuery, standin: StandIn, form: str) -> None:
    host = form.format(standin.url.removeprefix("http://"))
    server = make_bigquery(url="", environment={"BIGQUERY_EMULATOR_HOST": host})
    send(server.port, numbered(3))
    server.assert_sent(numbered(3))
    assert identities(standin) == {("none", "")}
    assert all(entry["path"].startswith("/bigquery/v2/projects/") for entry in standin.requests())


def test_url_and_credentials_are_stronger_than_the_environment(
        make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path) -> None:
    server = make_bigquery(f'credentials-file("{keys}/service.json")',
                           environment={"BIGQUERY_EMULATOR_HOST": "127.0.0.1:9",
                                        "GOOGLE_APPLICATION_CREDENTIALS": str(keys / "user.json")})
    send(server.port, numbered(3))
    server.assert_sent(numbered(3))
    assert identities(guarded) == {("access_token", SERVICE)}


# --- against Google's own name, by way of a proxy


@dataclass
class Google:
    """The stand-in under Google's name; what bigquery-options() and environment it takes to get there."""

    standin: StandIn
    tunnel: Tunnel
    keys: Path
    options: str
    environment: dict[str, str]


@pytest.fixture(scope="module")
def google_standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StandIn, Path]]:
    folder = tmp_path_factory.mktemp("google")
    start = Start(datasets=[DATASET], certificate=make_certificate(folder), service_account_out=folder / "service.json",
                  user_out=folder / "user.json")
    with StandIn(start, Options(dedup=False)) as standin:
        yield standin, folder


@pytest.fixture
def google(google_standin: tuple[StandIn, Path], tmp_path: Path) -> Iterator[Google]:
    standin, folder = google_standin
    standin.reset()
    make_tables(standin)
    with Tunnel(standin.port) as tunnel:
        options = f'ca-file("{folder}/certificate.pem") proxy("http://jam:pass-word@{tunnel.address}")'
        environment = {"GCE_METADATA_HOST": tunnel.address, "CLOUDSDK_CONFIG": str(tmp_path), "HOME": str(tmp_path)}
        yield Google(standin, tunnel, folder, options, environment)
    assert standin.failures == []


def served(make_bigquery: MakeBigQuery, google: Google, environment: dict[str, str] = {},
           options: str = "") -> BigQueryServer:
    server = make_bigquery(f"bigquery-options({google.options}) {options}", standin=google.standin, url="",
                           environment={**google.environment, **environment})
    send(server.port, numbered(3))
    server.assert_sent(numbered(3))
    assert f"{GOOGLE_HOST}:443" in google.tunnel.connects()
    return server


@pytest.mark.parametrize("file, subject", [("service.json", SERVICE), ("user.json", USER)])
def test_the_file_that_the_environment_names_is_used(
        make_bigquery: MakeBigQuery, google: Google, file: str, subject: str) -> None:
    served(make_bigquery, google, {"GOOGLE_APPLICATION_CREDENTIALS": str(google.keys / file)})
    assert identities(google.standin) == {("access_token", subject)}
    assert google.standin.requests("metadata.get") == []


def test_what_gcloud_wrote_is_used_next(make_bigquery: MakeBigQuery, google: Google, tmp_path: Path) -> None:
    shutil.copy(google.keys / "user.json", tmp_path / "application_default_credentials.json")
    served(make_bigquery, google)
    assert identities(google.standin) == {("access_token", USER)}


def test_the_machine_own_account_is_used_last_and_asked_without_the_proxy(
        make_bigquery: MakeBigQuery, google: Google) -> None:
    served(make_bigquery, google)
    assert identities(google.standin) == {("access_token", MACHINE)}
    asked, = [head for head in google.tunnel.heads if not head.startswith("CONNECT ")]
    assert asked.startswith("GET /computeMetadata/v1/instance/service-accounts/default/token ")
    assert "metadata-flavor: google" in asked.lower() and "proxy-authorization" not in asked.lower()


def test_the_proxy_gets_its_password_and_nothing_of_the_requests(make_bigquery: MakeBigQuery, google: Google) -> None:
    served(make_bigquery, google, options=f'credentials-file("{google.keys}/service.json")')
    heads = [head.lower() for head in google.tunnel.heads]
    assert heads and all("proxy-authorization: basic " in head for head in heads)
    assert not any("\nauthorization:" in head for head in heads)


def test_the_proxy_of_the_environment_is_used_without_proxy(make_bigquery: MakeBigQuery, google: Google) -> None:
    google.options = google.options.partition(" proxy(")[0]
    served(make_bigquery, google, {"https_proxy": f"http://jam:pass-word@{google.tunnel.address}"},
           options=f'credentials-file("{google.keys}/service.json")')


# --- tokens that do not last


def test_tokens_that_expire_cost_one_401_each_and_no_row(
        make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path) -> None:
    guarded.add_fault(operation=INSERT, table="tickets", expire_tokens=True, probability=0.5, seed=3)
    server = make_bigquery(f'credentials-file("{keys}/service.json") batch-lines(40)')
    messages = [message(131, {"elapsed": i}) for i in range(800)]
    send(server.port, messages)
    server.assert_sent(messages)
    statuses = [entry["status"] for entry in guarded.requests(INSERT)]
    assert statuses.count(401) >= 4 and set(statuses) == {200, 401}
    assert len(tokens_asked(guarded)) <= statuses.count(401) + 1
    assert set(guarded.arrivals(f"{DATASET}.tickets").values()) == {1}
    assert server.log_lines("jam-etl: cannot write") == []


@pytest.mark.parametrize("form", ["exchanged", "self-signed"])
def test_one_refused_token_is_replaced_without_a_word(
        make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path, form: str) -> None:
    more = "bigquery-options(self-signed-jwt(yes))" if form == "self-signed" else ""
    server = make_bigquery(f'credentials-file("{keys}/service.json") {more}')
    send(server.port, EVERY_KIND)
    server.assert_sent(EVERY_KIND)
    # a self-signed token of the same second is the same token
    started = guarded.requests("tables.get")[0]["started"]
    server.wait_until(lambda: int(guarded.clock.now()) > int(started) + 1, "the next second")
    guarded.tokens.expire_all()
    more_messages = [message(msg_type, {"elapsed": 7}) for msg_type in PAYLOADS]
    send(server.port, more_messages)
    server.assert_sent(EVERY_KIND + more_messages)
    refused = [entry["table"] for entry in guarded.requests() if entry["status"] == 401]
    assert refused and len(refused) == len(set(refused)), "one 401 a request"
    assert server.log_lines("attention") == [line for line in server.log_lines("attention") if "https" in line]


def test_tokens_are_renewed_before_they_expire(make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path) -> None:
    guarded.options.token_lifetime = 2
    server = make_bigquery(f'credentials-file("{keys}/service.json")')
    i = 0
    while len(tokens_asked(guarded)) < 3:
        send(server.port, numbered(1, first=i))
        i += 1
        server.wait_for_rows("assurances", i)
    assert {entry["status"] for entry in guarded.requests(INSERT)} == {200}


def test_a_token_server_that_is_down_holds_up_and_loses_nothing(
        make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path) -> None:
    number = guarded.add_fault(operation="oauth.token", status=503)
    server = make_bigquery(f'credentials-file("{keys}/service.json")')
    send(server.port, numbered(3))
    server.wait_for_log("BigQuery takes no rows now")
    assert guarded.requests(INSERT) == []
    guarded.faults.remove(number)
    server.assert_sent(numbered(3))


def test_a_grant_that_is_refused_is_an_error_that_names_it(
        make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path, tmp_path: Path) -> None:
    user = json.loads((keys / "user.json").read_text())
    path = tmp_path / "user.json"
    path.write_text(json.dumps({**user, "refresh_token": "1//revoked"}))
    path.chmod(0o600)
    server = make_bigquery(f'credentials-file("{path}")')
    send(server.port, numbered(3))
    server.wait_for_log("jam-etl: cannot write")
    error, = server.log_lines("jam-etl: cannot write")
    assert "invalid_grant" in error and "expired or revoked" in error and str(path) in error
    shutil.copy(keys / "user.json", path)
    server.assert_sent(numbered(3))


# --- files


def test_a_key_that_others_can_read_is_warned_of(make_bigquery: MakeBigQuery, keys: Path, tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    shutil.copy(keys / "service.json", path)
    for mode, number in ((0o640, 1), (0o604, 1), (0o600, 0), (0o400, 0)):
        path.chmod(mode)
        server = make_bigquery(f'credentials-file("{path}")', start=False, folder=f"mode-{mode:o}")
        result = server.check_syntax()
        assert result.returncode == 0
        warnings = [line for line in result.stdout.splitlines() if "others than its owner" in line]
        assert len(warnings) == number, result.stdout
        assert all(str(path) in line and f"{mode:04o}" in line and "chmod 600" in line for line in warnings)


def change(**fields: Any) -> Callable[[dict[str, Any]], str]:
    return lambda key: json.dumps({name: value for name, value in {**key, **fields}.items() if value is not None})


MALFORMED = {
    "no file": (None, ["No such file"]),
    "no JSON": (lambda key: "key", ["not a JSON object"]),
    "an array": (lambda key: "[]", ["not a JSON object"]),
    "brackets": (lambda key: "[" * 60_000, ["not a JSON object"]),
    "more than is read": (lambda key: "[" * 100_000, ["too large for a key file"]),
    "half of it": (lambda key: json.dumps(key)[:900], ["not a JSON object"]),
    "another type": (change(type="external_account"), ["field type"]),
    "no private key": (change(private_key=None), ["field private_key is missing"]),
    "a bad private key": (change(private_key="-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"),
                          ["field private_key"]),
    "no e-mail address": (change(client_email=""), ["field client_email is empty"]),
    "a bad token_uri": (change(token_uri="ftp://x"), ["field token_uri"]),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_key_that_cannot_be_used_is_named_and_waited_for(
        make_bigquery: MakeBigQuery, guarded: StandIn, keys: Path, tmp_path: Path, what: str) -> None:
    make, named = MALFORMED[what]
    path = tmp_path / "key.json"
    secret = json.loads((keys / "service.json").read_text())["private_key"].splitlines()[3]
    if make:
        path.write_text(make(json.loads((keys / "service.json").read_text())))
    server = make_bigquery(f'credentials-file("{path}")', start=False)
    result = server.check_syntax()
    assert result.returncode == 0, result.stdout
    warning, = [line for line in result.stdout.splitlines() if UNUSABLE in line]
    server.start()
    send(server.port, numbered(3))
    server.wait_for_log(WAITS_FOR_FILE)
    for said in (warning, server.log_lines(WAITS_FOR_FILE)[0]):
        for part in ["credentials-file()", str(path), *named]:
            assert part in said, said
    assert f"{server.config_file}:4" in warning
    assert secret not in result.stdout + server.log()
    shutil.copy(keys / "service.json", path)
    server.assert_sent(numbered(3))


def test_a_file_that_the_environment_names_is_waited_for(
        make_bigquery: MakeBigQuery, google: Google, tmp_path: Path) -> None:
    path = tmp_path / "named.json"
    server = make_bigquery(f"bigquery-options({google.options})", standin=google.standin, url="", start=False,
                           environment={**google.environment, "GOOGLE_APPLICATION_CREDENTIALS": str(path)})
    result = server.check_syntax()
    assert result.returncode == 0, result.stdout
    server.start()
    send(server.port, numbered(3))
    server.wait_for_log(WAITS_FOR_FILE)
    for said in (result.stdout, server.log_lines(WAITS_FOR_FILE)[0]):
        for part in (str(path), "default credentials", "credentials-file()"):
            assert part in said, said
    assert f"{server.config_file}:4" in result.stdout
    shutil.copy(google.keys / "user.json", path)
    server.assert_sent(numbered(3))
    assert identities(google.standin) == {("access_token", USER)}


def test_a_key_that_was_replaced_is_used_after_a_reload(make_bigquery: MakeBigQuery, tmp_path: Path) -> None:
    first, second, key = (tmp_path / f"{name}.json" for name in ("first", "second", "key"))
    write_service_file(second, "http://to.be.known/token", "test-project", "second@standin.invalid")
    start = Start(datasets=[DATASET], service_account_out=first, accounts=Accounts((service_from_file(second),)))
    with StandIn(start, Options(dedup=False)) as standin:
        make_tables(standin)
        second.write_text(second.read_text().replace("http://to.be.known/token", standin.token_uri))
        shutil.copy(first, key)
        server = make_bigquery(f'credentials-file("{key}")', standin=standin)
        send(server.port, numbered(1))
        server.wait_for_rows("assurances", 1)
        shutil.copy(second, key)
        send(server.port, numbered(1, first=1))
        server.wait_for_rows("assurances", 2)
        server.settle()
        assert identities(standin) == {("access_token", SERVICE)}
        server.reload()
        seen = len(standin.requests())
        send(server.port, numbered(1, first=2))
        server.wait_for_rows("assurances", 3)
        server.settle()
        late = {entry["auth"]["subject"] for entry in standin.requests()[seen:] if entry["operation"] == INSERT}
        assert late == {"second@standin.invalid"}
        server.kill()


# --- secrets


def secrets_of(standin: StandIn, keys: Path) -> list[str]:
    service, user = (json.loads((keys / name).read_text()) for name in ("service.json", "user.json"))
    lines = [line for line in service["private_key"].splitlines() if not line.startswith("-----")]
    return [*lines, user["client_secret"], user["refresh_token"], *standin.tokens._tokens, "pass-word"]


@pytest.mark.parametrize("options", [
    'credentials-file("{keys}/service.json")', 'credentials-file("{keys}/user.json")',
    'credentials-file("{keys}/service.json") self-signed-jwt(yes)',
], ids=["service account", "user", "self-signed"])
def test_no_secret_is_told_however_much_is_logged(make_bigquery: MakeBigQuery, google: Google, options: str) -> None:
    standin = google.standin
    standin.add_fault(operation=INSERT, expire_tokens=True, times=1)
    standin.add_fault(operation="oauth.token", status=401, body='{"error":"invalid_client"}', skip=1, times=1)
    server = make_bigquery(f"bigquery-options({google.options} {options.format(keys=google.keys)})",
                           standin=standin, url="", environment=google.environment, start=False)
    server.options += ["-d", "-v", "-t"]
    server.start()
    send(server.port, numbered(20))
    server.wait_for_rows("assurances", 20)
    server.reload()
    send(server.port, numbered(20, first=20))
    server.wait_for_rows("assurances", 40)
    server.stop()
    assert_all_sent(standin, expected_tables(numbered(40), "bigquery"))
    said = server.log()
    assert len(said) > 20_000, "tracing was on"
    assert [secret for secret in secrets_of(standin, google.keys) if secret in said] == []
    assert not re.search(r"eyJ[\w-]{10,}\.[\w-]{10,}|ya29\.|Bearer ", said), "a token"


def test_a_proxy_that_is_down_is_told_without_its_password(make_bigquery: MakeBigQuery, google: Google) -> None:
    address = google.tunnel.address
    server = make_bigquery(f"bigquery-options({google.options.replace(address, '127.0.0.1:9')})", url="",
                           standin=google.standin, environment=google.environment, start=False)
    server.options += ["-d", "-v", "-t"]
    server.start()
    send(server.port, numbered(1))
    server.wait_for_log("BigQuery takes no rows now")
    assert "pass-word" not in server.log()
