"""Proofs: that entries are under signed checkpoints, for a receipt's file and for the walk over everything."""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from citong.core.ledger.models import Checkpoint, Content, Entry, Seal
from citong.core.ledger.seal import public_key, public_pem, signed
from citong.core.ledger.stamp import reaching
from citong.core.ledger.write import told
from citong.kit.chain import signature_holds
from citong.kit.merkle import proofs, root


def receipt(
    number: str, entries: Sequence[Entry], *, readable: frozenset[UUID], withheld: frozenset[UUID] = frozenset()
) -> dict[str, Any]:
    """The file of a receipt as `citong.kit.receipt` checks it; words only of the `readable` entries, of `withheld` ones
    no more than their place in the chain.

    Six queries, and the entries of each checkpoint that these stand under. Stamps come with the chain up to them.
    """
    held = Content.objects.in_bulk([entry.id for entry in entries if entry.id in readable])
    seals = Seal.objects.filter(entry__in=[entry.id for entry in entries], checkpoint__isnull=False)
    placed = {seal.entry: seal for seal in seals}
    numbers = {seal.checkpoint for seal in placed.values() if seal.checkpoint is not None}
    paths = {number: _paths(number) for number in numbers}
    stamps, between = reaching(numbers)
    checkpoints = Checkpoint.objects.filter(number__in=numbers | between).order_by("number")
    return {
        "number": number,
        "key": public_pem().decode(),
        "entries": [_link(entry) if entry.id in withheld else _entry(entry, held.get(entry.id)) for entry in entries],
        "proofs": {str(e.position): paths[s.checkpoint or 0][e.id] for e in entries if (s := placed.get(e.id))},
        "checkpoints": [_checkpoint(one) for one in checkpoints],
        "stamps": [{"checkpoint": one.checkpoint, "token": b64encode(one.token).decode()} for one in stamps],
    }


def checkpoint_faults() -> Iterator[str]:
    """Yield what is wrong with checkpoints: a broken chain or signature, entries gone from under one or moved, and an
    entry that none will ever cover."""
    previous, key = "", public_key()
    for expected, checkpoint in enumerate(Checkpoint.objects.order_by("number").iterator(), start=1):
        said = signed(checkpoint)
        if said.number != expected or said.previous != previous:
            yield f"checkpoint {expected} is missing, or does not follow the one before it"
            return
        if not signature_holds(said, bytes(checkpoint.signature), key):
            yield f"checkpoint {expected} is not signed with the city's key"
        if root(_hashes(expected)[1]) != bytes(checkpoint.root):
            yield f"an entry under checkpoint {expected} was changed, deleted, inserted or moved"
        previous = said.digest().hex()
    lost = Entry.objects.filter(~Exists(Seal.objects.filter(entry=OuterRef("pk")))).values_list("id", flat=True).first()
    if lost is not None:
        yield f"entry {lost} has no seal, so it would never come under a checkpoint"


def _hashes(number: int) -> tuple[list[UUID], list[bytes]]:
    """Ids and hashes of the entries under a checkpoint, in their order."""
    order = list(Seal.objects.filter(checkpoint=number).order_by("index").values_list("entry", flat=True))
    found = dict(Entry.objects.filter(id__in=order).values_list("id", "hash"))
    return order, [bytes(found.get(entry, b"")) for entry in order]


def _paths(number: int) -> dict[UUID, dict[str, Any]]:
    order, hashes = _hashes(number)
    made = defaultdict[UUID, dict[str, Any]](dict)
    for entry, proof in zip(order, proofs(hashes), strict=True):
        path = [step.hex() for step in proof.path]
        made[entry] = {"checkpoint": number, "index": proof.index, "size": proof.size, "path": path}
    return made


def _entry(entry: Entry, content: Content | None) -> dict[str, Any]:
    plain = told(entry) | {"hash": bytes(entry.hash).hex()}
    if content is None or content.salt is None:
        return plain
    return plain | {"words": content.body, "salt": bytes(content.salt).hex()}


def _link(entry: Entry) -> dict[str, Any]:
    hashes = {"previous": bytes(entry.previous).hex(), "hash": bytes(entry.hash).hex()}
    return {"position": entry.position, "withheld": True, **hashes}


def _checkpoint(checkpoint: Checkpoint) -> dict[str, Any]:
    return {"statement": vars(signed(checkpoint)), "signature": bytes(checkpoint.signature).hex()}
