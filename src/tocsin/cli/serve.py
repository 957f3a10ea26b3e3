"""`tocsin serve`: run a node."""

from pathlib import Path

import click

from tocsin.cli.output import node_option, say


@click.command("serve")
@node_option
def command(node_folder: Path) -> None:
    """Run the node: API, sender and clockwork in one process, until interrupted."""
    from tocsin.node import open_node
    from tocsin.service import check_listen, serve
    from tocsin.web.build import HINT, find_missing

    node = open_node(node_folder)
    check_listen(node.desk.settings)
    say(f"{node.desk.settings.name} serves {node.desk.settings.url} (listening on {node.desk.settings.listen})")
    if find_missing():
        say(f"the map's files are not here, so maps stay pictures that cannot be moved; {HINT}")
    serve(node)
