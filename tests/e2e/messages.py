# SPDX-FileCopyrightText: 2026 The jam-etl authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Small messages made by hand, valid until a test bends them."""

from __future__ import annotations

import copy
import json
from typing import Any

KEY = "0x" + "3b" * 32
OTHER_KEY = "0x" + "e6" * 32
HASH = "0x" + "ab" * 32
TIME = "2025-04-29T00:49:42.392650512Z"
MISSING = object()

_CONTEXT = {"anchor": HASH, "state_root": HASH, "beefy_root": HASH, "lookup_anchor": HASH,
            "lookup_anchor_slot": 1692399, "prerequisites": [HASH]}
_VALIDATOR = {"blocks": 1, "tickets": 2, "pre_images": 3, "pre_images_size": 4, "guarantees": 5, "assurances": 6}

PAYLOADS: dict[int, Any] = {
    128: {"header": {"parent": HASH, "parent_state_root": HASH, "extrinsic_hash": HASH, "slot": 1692273,
                     "epoch_mark": None, "tickets_mark": None, "offenders_mark": [], "author_index": 3,
                     "entropy_source": "0x" + "cd" * 96, "seal": "0x" + "ef" * 96},
          "extrinsic": {"tickets": [], "preimages": [], "guarantees": [{}], "assurances": [],
                        "disputes": {"verdicts": [], "culprits": [], "faults": [{}, {}]}}},
    13: {"vals_current": [{**_VALIDATOR}, {**_VALIDATOR}], "vals_last": [{**_VALIDATOR}, {**_VALIDATOR}],
         "cores": [{"da_load": 0, "popularity": 1, "imports": 2, "exports": 3, "extrinsic_size": 4,
                    "extrinsic_count": 5, "bundle_size": 6, "gas_used": 7}],
         "services": [{"id": 9, "record": {"provided_count": 1, "refinement_count": 2}}]},
    131: {"attempt": 1, "signature": "0xdb8a"},
    133: {"work_package": {"authorization": "0x3078", "auth_code_host": 0,
                           "authorizer": {"code_hash": HASH, "params": "0x"}, "context": _CONTEXT, "items": []},
          "extrinsics": [], "import_segments": [[]], "justifications": [[]]},
    135: ["AAEC", "AwQF"],
    141: {"anchor": HASH, "bitfield": "0x01", "validator_index": 2, "signature": "0x5999"},
    142: {"requester": 400845930, "blob": "0x09617574"},
    143: {"service_index": 1533641205, "code_hash": HASH, "balance": 508476, "min_item_gas": 100,
          "min_memo_gas": 100, "code_size": 8356, "items": 2, "deposit_offset": 18446744073709551615,
          "creation_slot": 7, "last_accumulation_slot": 1692270, "parent_service": 0, "version": 1},
    255: {"package_spec": {"hash": HASH, "length": 335, "erasure_root": HASH, "exports_root": HASH,
                           "exports_count": 0},
          "context": _CONTEXT, "core_index": 1, "authorizer_hash": HASH, "segment_root_lookup": [],
          "results": [{}], "auth_gas_used": 0},
}
METADATA = {135: f"wph={HASH}|c=1|len=2", 255: "role=Guarantor|numSig=3"}


def envelope(msg_type: int) -> dict[str, Any]:
    message = {"time": TIME, "sender_id": KEY, "msg_type": str(msg_type),
               "json_encoded": copy.deepcopy(PAYLOADS[msg_type]), "elapsed": 2748, "codec_encoded": "0x00"}
    if msg_type in METADATA:
        message["metadata"] = METADATA[msg_type]
    return message


def encode(message: object) -> bytes:
    return json.dumps(message, separators=(",", ":"), ensure_ascii=False).encode()


def _place(within: Any, path: str) -> tuple[Any, Any]:
    """The container of a path's value, and its key there."""
    *parents, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    for key in parents:
        within = within[key]
    return within, last


def message(msg_type: int = 141, changes: dict[str, Any] = {}, names: dict[str, str] = {}) -> bytes:
    """A message with changes, by path: {"elapsed": 1, "json_encoded.header.slot": MISSING}; then values are moved."""
    made = envelope(msg_type)
    for path, value in changes.items():
        place, key = _place(made, path)
        if value is MISSING:
            del place[key]
        else:
            place[key] = value
    for path, other in names.items():
        place, key = _place(made, path)
        other_place, other_key = _place(made, other)
        other_place[other_key] = place.pop(key)
    return encode(made)


def numbered(count: int, msg_type: int = 141, first: int = 0) -> list[bytes]:
    """Messages that differ in elapsed, which counts from first."""
    return [message(msg_type, {"elapsed": first + i}) for i in range(count)]
