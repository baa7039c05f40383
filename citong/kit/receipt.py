"""Checking the file of a receipt with nothing but the city's public key: no database, no server.

A receipt file is JSON: `number`, `key` (PEM), `entries` (the whole history, each with the fields of `chain.FIELDS`,
its `hash`, and `words` with `salt` where the reporter may read them; of a `withheld` one the hashes alone), `proofs`
(position to checkpoint, index, size and path in hex), `checkpoints` (statement and signature) and `stamps` (time stamps
of an outside authority: number of the checkpoint and token in base64; checkpoints between it and an entry's own are in
the file, too).
"""

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509 import Certificate

from citong.kit.chain import Signed, content_hash, entry_hash, signature_holds
from citong.kit.merkle import Proof, holds
from citong.kit.stamp import Stamped, check


def faults(receipt: Mapping[str, Any], key: Ed25519PublicKey) -> Iterator[str]:
    """Yield a sentence for everything that is wrong; nothing when the history is complete and unchanged."""
    try:
        yield from _chain_faults(receipt["entries"])
        yield from _proof_faults(receipt, key)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as fault:
        yield f"The file is not a receipt or a part of it is missing ({type(fault).__name__}: {fault})."


def unsealed(receipt: Mapping[str, Any]) -> list[int]:
    """Positions that are not under a checkpoint yet: written a moment before the receipt was made."""
    return [entry["position"] for entry in receipt["entries"] if str(entry["position"]) not in receipt["proofs"]]


def stamp_faults(receipt: Mapping[str, Any], roots: Sequence[Certificate]) -> Iterator[str]:
    """Yield a sentence for every time stamp that these certificates do not bear out."""
    said = _statements(receipt)
    for given in receipt.get("stamps", ()):
        try:
            check(b64decode(given["token"]), said[given["checkpoint"]].statement(), roots)
        except (ValueError, KeyError, TypeError) as fault:
            yield f"The time stamp over checkpoint {given.get('checkpoint')} does not hold: {fault}"


def anchored(receipt: Mapping[str, Any], roots: Sequence[Certificate]) -> dict[int, Stamped]:
    """Position of an entry to the earliest stamp that covers it; for a receipt without faults."""
    said, covered = _statements(receipt), dict[int, Stamped]()
    for given in receipt.get("stamps", ()):
        number = given["checkpoint"]
        stated = check(b64decode(given["token"]), said[number].statement(), roots)
        while number in said:
            covered[number] = min(stated, covered.get(number, stated), key=lambda one: one.at)
            number -= 1
    places = {int(position): proof["checkpoint"] for position, proof in receipt["proofs"].items()}
    return {position: covered[number] for position, number in sorted(places.items()) if number in covered}


def _statements(receipt: Mapping[str, Any]) -> dict[int, Signed]:
    made = (Signed(**checkpoint["statement"]) for checkpoint in receipt["checkpoints"])
    return {said.number: said for said in made}


def _chain_faults(entries: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    previous = ""
    for expected, entry in enumerate(entries, start=1):
        if entry["position"] != expected:
            yield f"Entry {expected} is missing, doubled or out of order."
            return
        if entry["previous"] != previous:
            yield f"Entry {expected} does not follow the entry before it."
        if not entry.get("withheld") and entry_hash(entry).hex() != entry["hash"]:
            yield f"Entry {expected} was changed after it was written."
        if entry.get("words") is not None and not _words_hold(entry):
            yield f"The words of entry {expected} were changed."
        previous = entry["hash"]


def _words_hold(entry: Mapping[str, Any]) -> bool:
    return bool(content_hash(entry["words"], bytes.fromhex(entry["salt"])).hex() == entry["content"])


def _proof_faults(receipt: Mapping[str, Any], key: Ed25519PublicKey) -> Iterator[str]:
    roots: dict[int, bytes] = {}
    for checkpoint in receipt["checkpoints"]:
        said = Signed(**checkpoint["statement"])
        if signature_holds(said, bytes.fromhex(checkpoint["signature"]), key):
            roots[said.number] = bytes.fromhex(said.root)
        else:
            yield f"Checkpoint {said.number} was not signed with this key."
    yield from _breaks(receipt)
    for entry in receipt["entries"]:
        given = receipt["proofs"].get(str(entry["position"]))
        if given is not None:
            proof = Proof(given["index"], given["size"], tuple(bytes.fromhex(step) for step in given["path"]))
            if not holds(bytes.fromhex(entry["hash"]), proof, roots.get(given["checkpoint"], b"")):
                yield f"Entry {entry['position']} is not under its checkpoint."


def _breaks(receipt: Mapping[str, Any]) -> Iterator[str]:
    """Neighbours in the file must be neighbours in the chain: else the city signed two histories."""
    said = _statements(receipt)
    for number, one in said.items():
        if number - 1 in said and one.previous != said[number - 1].digest().hex():
            yield f"Checkpoint {number} does not follow checkpoint {number - 1}."
