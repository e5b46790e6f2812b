# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Tokens: who gets one, how long it is good for, what it allows."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from . import StandIn
from .client_http import JWT_GRANT, SCOPE, Client, Signer, base64url, insert, table_path
from .conftest import TIME

AUTH = "https://www.googleapis.com/auth/"
METADATA = "/computeMetadata/v1/instance/service-accounts/default/token"


def bearer(client: Client, token: str) -> int:
    return client.get(table_path("t"), headers={"Authorization": f"Bearer {token}"}).status


def token_for(client: Client, assertion: str) -> str:
    answer = client.form("/token", grant_type=JWT_GRANT, assertion=assertion)
    assert answer.status == 200, answer.body
    return answer.json["access_token"]


def test_a_signed_assertion_gets_a_token(guarded: StandIn, client: Client, signer: Signer) -> None:
    answer = client.form("/token", grant_type=JWT_GRANT, assertion=signer.grant())
    assert (answer.status, answer.json["token_type"], answer.json["expires_in"]) == (200, "Bearer", 3599)
    assert bearer(client, answer.json["access_token"]) == 200
    entry = guarded.requests("tables.get")[-1]
    assert (entry["auth"]["kind"], entry["auth"]["subject"]) == ("access_token", signer.email)
    assert guarded.requests("oauth.token")[-1]["auth"]["subject"] == signer.email


def test_google_own_address_is_a_good_audience_too(guarded: StandIn, client: Client, signer: Signer) -> None:
    assert token_for(client, signer.grant(aud="https://oauth2.googleapis.com/token"))


def refused_grants(signer: Signer) -> dict[str, tuple[str, str, str]]:
    now = int(time.time())
    short_lived = "Invalid JWT: Token must be a short-lived token"
    head, claims, signature = signer.grant().split(".")
    other = base64url(json.dumps({"iss": signer.email, "scope": AUTH + "cloud-platform"}).encode())
    plain = base64url(b'{"alg":"none","typ":"JWT"}')
    return {
        "forged claims": (f"{head}.{other}.{signature}", "invalid_grant", "Invalid JWT Signature."),
        "no signature": (f"{plain}.{claims}.AAAA", "invalid_grant", "Invalid JWT: the algorithm"),
        "other key id": (signer.jwt({"kid": "x"}, aud=signer.token_uri), "invalid_grant", "Invalid JWT Signature."),
        "padding": (signer.grant() + "=", "invalid_grant", "Invalid JWT: it must be three parts"),
        "unknown account": (signer.grant(iss="nobody@x"), "invalid_grant", "Invalid grant: account not found"),
        "other audience": (signer.grant(aud="https://example.com"), "invalid_grant", "Invalid JWT: Failed audience"),
        "over an hour": (signer.grant(exp=now + 3700), "invalid_grant", short_lived),
        "over": (signer.grant(iat=now - 3600, exp=now - 1), "invalid_grant", short_lived),
        "not yet": (signer.grant(iat=now + 900, exp=now + 1800), "invalid_grant", short_lived),
        "no times": (signer.grant(iat=None), "invalid_grant", "Invalid JWT: iat and exp"),
        "no scope": (signer.grant(scope=None), "invalid_scope", "Invalid OAuth scope"),
        "bad scope": (signer.grant(scope="bigquery"), "invalid_scope", "Invalid OAuth scope"),
    }


@pytest.mark.parametrize("case", [
    "forged claims", "no signature", "other key id", "padding", "unknown account", "other audience", "over an hour",
    "over", "not yet", "no times", "no scope", "bad scope"])
def test_other_assertions_do_not(guarded: StandIn, client: Client, signer: Signer, case: str) -> None:
    assertion, error, description = refused_grants(signer)[case]
    answer = client.form("/token", grant_type=JWT_GRANT, assertion=assertion)
    assert (answer.status, answer.json["error"]) == (400, error)
    assert answer.json["error_description"].startswith(description)


def test_other_grants_and_bodies_are_refused(guarded: StandIn, client: Client, signer: Signer) -> None:
    assert client.form("/token", grant_type="password").json["error"] == "unsupported_grant_type"
    assert client.post("/token", {"grant_type": JWT_GRANT}).json["error"] == "invalid_request"


def test_refresh_tokens(guarded: StandIn, client: Client, secrets: Path) -> None:
    user = json.loads((secrets / "user.json").read_text())
    fields = {name: user[name] for name in ("client_id", "client_secret", "refresh_token")}

    def ask(**changes: str) -> tuple[int, Any]:
        answer = client.form("/token", grant_type="refresh_token", **{**fields, **changes})
        return answer.status, answer.json

    status, answer = ask()
    assert (status, bearer(client, answer["access_token"])) == (200, 200)
    assert ask(refresh_token="x")[1]["error"] == "invalid_grant"
    assert ask(client_secret="x") == (401, {"error": "invalid_client", "error_description": "Unauthorized"})
    assert ask(client_id="x")[1]["error"] == "invalid_client"


def test_written_secrets_are_their_owners_own(server: StandIn, secrets: Path) -> None:
    assert [(secrets / name).stat().st_mode & 0o777 for name in ("service.json", "user.json")] == [0o600, 0o600]


def test_the_metadata_server(guarded: StandIn, client: Client) -> None:
    flavor = {"Metadata-Flavor": "Google"}
    assert client.get(METADATA).status == 403
    answer = client.get(METADATA, headers=flavor)
    assert (answer.status, answer.json["token_type"], answer.headers["Metadata-Flavor"]) == (200, "Bearer", "Google")
    assert bearer(client, answer.json["access_token"]) == 200
    assert client.get(METADATA, headers=flavor).json["access_token"] == answer.json["access_token"]
    guarded.clock.advance(3400)
    assert client.get(METADATA, headers=flavor).json["access_token"] != answer.json["access_token"]
    assert client.get("/computeMetadata/v1/project/project-id", headers=flavor).body == b"test-project"


def test_requests_without_a_good_token_are_refused(guarded: StandIn, client: Client) -> None:
    answer = client.get(table_path("t"))
    assert (answer.status, answer.reason) == (401, "required")
    for header in ("Bearer x", "Bearer a.b.c", "Basic eDp5", "Bearer"):
        answer = client.get(table_path("t"), headers={"Authorization": header})
        assert (answer.status, answer.reason) == (401, "authError")
        assert answer.json["error"]["status"] == "UNAUTHENTICATED"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_tokens_run_out(guarded: StandIn, client: Client, signer: Signer) -> None:
    guarded.options.token_lifetime = 100
    token = token_for(client, signer.grant())
    assert bearer(client, token) == 200
    guarded.clock.advance(101)
    assert bearer(client, token) == 401


def test_tokens_run_out_on_command(guarded: StandIn, client: Client, signer: Signer) -> None:
    tokens = [token_for(client, signer.grant()), signer.self_signed()]
    assert [bearer(client, token) for token in tokens] == [200, 200]
    guarded.tokens.expire_all()
    assert [bearer(client, token) for token in tokens] == [401, 401]
    assert bearer(client, token_for(client, signer.grant())) == 200


def test_tokens_need_the_scope_of_the_operation(guarded: StandIn, client: Client, signer: Signer) -> None:
    row = [{"time": TIME}]

    def statuses(scope: str) -> list[int]:
        client.headers = {"Authorization": f"Bearer {token_for(client, signer.grant(scope=scope))}"}
        answers = [insert(client, "t", row), client.get(table_path("t")), client.post(table_path("")[:-1], {})]
        client.headers = {}
        return [answer.status for answer in answers]

    assert statuses(AUTH + "bigquery.insertdata") == [200, 403, 403]
    assert statuses(AUTH + "bigquery.readonly") == [403, 200, 403]
    assert statuses(f"{AUTH}cloud-platform {AUTH}devstorage.read_only") == [200, 200, 400]


def test_self_signed_tokens(guarded: StandIn, client: Client, signer: Signer) -> None:
    assert bearer(client, signer.self_signed()) == 200
    assert bearer(client, signer.self_signed(scope=None, aud="https://bigquery.googleapis.com/")) == 200
    assert bearer(client, signer.self_signed(scope=None, aud=guarded.url + "/")) == 200
    assert guarded.requests("tables.get")[-1]["auth"]["kind"] == "self_signed"
    assert bearer(client, signer.self_signed(scope=AUTH + "bigquery.insertdata")) == 403


def test_bad_self_signed_tokens(guarded: StandIn, client: Client, signer: Signer) -> None:
    now = int(time.time())
    changes: list[dict[str, Any]] = [
        {"aud": "https://bigquery.googleapis.com/"}, {"scope": None}, {"scope": None, "aud": "https://example.com/"},
        {"sub": None}, {"sub": "x"}, {"iss": "x", "sub": "x"}, {"exp": now + 1800}, {"iat": now - 3601, "exp": now - 1},
        {"scope": ""}]
    assert [bearer(client, signer.self_signed(**change)) for change in changes] == [401] * len(changes)
    token = signer.self_signed()
    assert bearer(client, token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB")) == 401


def test_emulators_do_not_look(standin: StandIn, client: Client) -> None:
    assert (bearer(client, "x"), client.get(table_path("t")).status) == (200, 200)
    assert [entry["auth"]["kind"] for entry in standin.requests()] == ["other", "none"]


def test_the_log_holds_no_secret(guarded: StandIn, client: Client, signer: Signer, secrets: Path) -> None:
    user = json.loads((secrets / "user.json").read_text())
    assertion, own = signer.grant(), signer.self_signed()
    token = token_for(client, assertion)
    bearer(client, token)
    bearer(client, own)
    client.form("/token", grant_type="refresh_token", refresh_token=user["refresh_token"])
    log = json.dumps(guarded.requests())
    assert SCOPE not in log
    for secret in (assertion, own, token, user["refresh_token"], "Bearer"):
        assert secret not in log
