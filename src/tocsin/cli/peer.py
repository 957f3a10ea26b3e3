"""`tocsin peer`: the nodes we have an agreement with."""

from pathlib import Path

import click

from tocsin.cli.acting import open_desk
from tocsin.cli.output import emit_table, json_option, node_option


@click.group("peer")
def command() -> None:
    """See the nodes we have an agreement with."""


@command.command("list")
@node_option
@json_option
def list_all(node_folder: Path, as_json: bool) -> None:
    """List every peer with the fingerprint of its key and what was agreed."""
    desk = open_desk(node_folder)
    rows = [
        {
            "peer": name,
            "url": agreement.keys_of(name).url,
            "response_clock": int(agreement.response_clock.total_seconds()),
            "fingerprint": agreement.keys_of(name).node.fingerprint,
        }
        for name, agreement in desk.agreements.items()
    ]
    columns = ("peer", "url", "response_clock", "fingerprint")
    emit_table(rows, columns, as_json=as_json, empty="no peers yet: no other node can be warned")
