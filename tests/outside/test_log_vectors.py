"""The log, the witness and the signatures against vectors that others made."""

import json
import re
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_ssh_private_key

from tocsin.cli.log import FolderFiles
from tocsin.errors import VerificationError
from tocsin.evidence.audit import audit_log
from tocsin.evidence.checkpoint import read_checkpoint, read_note, read_vkey
from tocsin.evidence.signing import SigningKey, VerifyKey
from tocsin.evidence.tree import verify_consistency, verify_inclusion
from tocsin.evidence.witness import Head, add_checkpoint


def holds(vector: dict[str, Any]) -> bool:
    def raw(text: str | None) -> bytes:
        return b64decode(text or "")

    proof = [raw(one) for one in vector["proof"] or []]
    try:
        if "leafIdx" in vector:
            verify_inclusion(raw(vector["leafHash"]), vector["leafIdx"], vector["treeSize"], proof, raw(vector["root"]))
        else:
            verify_consistency(vector["size1"], vector["size2"], raw(vector["root1"]), raw(vector["root2"]), proof)
    except VerificationError:
        return False
    return True


@pytest.mark.parametrize(("kind", "count"), [("inclusion", 98), ("consistency", 98)])
def test_proofs_agree_with_the_rfc_9162_vectors(shared: Path, kind: str, count: int) -> None:
    folder = shared / "vectors/transparency-dev-merkle/testdata" / kind
    vectors = {str(file): json.loads(file.read_bytes()) for file in sorted(folder.rglob("*.json"))}
    assert len(vectors) == count
    wrong = [name for name, one in vectors.items() if holds(one) is bool(one["wantErr"])]
    assert wrong == []


def tessera(shared: Path) -> tuple[dict[str, bytes], VerifyKey]:
    folder = shared / "vectors/tessera"
    key = next(read_vkey(file.read_text()) for file in folder.rglob("*vkey*"))
    return dict(FolderFiles(folder / "testdata/log")), key


def test_a_log_made_by_tessera_passes(shared: Path) -> None:
    files, key = tessera(shared)
    found = audit_log(files, key)
    assert (found.origin, found.size, found.bad, found.signature) == ("example.com/log/testdata", 15, (), "verified")
    assert found.checkpoints == 17  # sizes 0 to 15, and the newest once more without its size


def test_a_log_made_by_tessera_with_one_byte_changed_is_refused(shared: Path) -> None:
    files, key = tessera(shared)
    overlooked = []
    for path, raw in files.items():
        for place in range(len(raw)):
            changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
            found = audit_log({**files, path: changed}, key)
            if not found.bad:
                overlooked.append((path, place))
    assert overlooked == []


def test_the_witness_answers_as_litewitness_does(shared: Path) -> None:
    script = (shared / "vectors/torchwood/cmd/litewitness/testdata/litewitness.txt").read_text()
    exchanges = re.findall(
        r"add-checkpoint\n```\n(.*?)```\nHTTP (\d+)\n\[Asserts\]\nbody (contains|==) \"(.*?)\"", script, re.DOTALL
    )
    assert len(exchanges) == 9
    pem = script.split("-- witness_key.pem --\n")[1].split("\n\n")[0] + "\n"
    private = load_ssh_private_key(pem.encode(), None)
    key = SigningKey.from_seed("example.com/witness", private.private_bytes_raw())  # type: ignore[union-attr]  # it is Ed25519
    public = re.search(r"add-sigsum-log -key=([0-9a-f]{64})", script)
    assert public is not None
    origin = read_checkpoint(read_note(exchanges[0][0].split("\n\n", 1)[1].encode()).text).origin
    logs = {origin: VerifyKey(origin, bytes.fromhex(public[1]))}
    heads: dict[str, Head] = {}
    for body, status, how, text in exchanges:
        answer = add_checkpoint(body.encode(), logs=logs, head=heads.get, key=key, at=datetime(2024, 3, 7, tzinfo=UTC))
        said = answer.body.decode()
        wanted = text.replace("\\n", "\n")
        assert answer.status == int(status), (body, said)
        assert said == wanted if how == "==" else wanted in said
        if answer.head is not None:
            heads[answer.origin] = answer.head


def test_signatures_agree_with_wycheproof(shared: Path) -> None:
    found = json.loads((shared / "vectors/wycheproof/testvectors_v1/ed25519_test.json").read_text())
    count = 0
    for group in found["testGroups"]:
        key = VerifyKey("test", bytes.fromhex(group["publicKey"]["pk"]))
        for test in group["tests"]:
            count += 1
            try:
                key.verify(bytes.fromhex(test["msg"]), bytes.fromhex(test["sig"]))
                good = True
            except VerificationError:
                good = False
            assert good == (test["result"] == "valid"), test["tcId"]
    assert count == 151
