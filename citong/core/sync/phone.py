"""What the core itself says about phones: the operations and rows of register, cases and notices."""

from collections.abc import Sequence

from citong.core.sync.declare import Holding, Kind
from citong.core.sync.holdings import cases, own, records
from citong.core.sync.kinds.cases import Act, Open
from citong.core.sync.kinds.marks import Looked, Read
from citong.core.sync.kinds.records import Change, End, NewRecord, NewTie, Untie

KINDS: Sequence[Kind] = (NewRecord(), Change(), End(), NewTie(), Untie(), Open(), Act(), Looked(), Read())
HOLDINGS: Sequence[Holding] = (
    records.Records(), records.Ties(), cases.Cases(), own.Notices(), own.Proposals(), own.Operations(),
)  # fmt: skip
