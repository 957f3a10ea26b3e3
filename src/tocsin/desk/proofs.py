"""What proves what we did: checkpoints, tiles, and bundles that anybody can check offline."""

from collections.abc import Iterable

from tocsin.compose.fields import derive_fields
from tocsin.desk.ports import Desk, Transaction
from tocsin.desk.records import KeptCheckpoint, KeptVersion, Logged
from tocsin.errors import NotFoundError
from tocsin.evidence.bundle import Bundle, BundleItem, BundleKey, KeyUse, VerifiedBundle, make_bundle, verify_bundle, write_bundle
from tocsin.evidence.checkpoint import read_checkpoint
from tocsin.evidence.entry import Kind
from tocsin.evidence.statement import Disclosable, present
from tocsin.evidence.tiles import read_tile_path, write_entry_bundle, write_tile
from tocsin.evidence.tree import inclusion_proof
