"""Who acts: opens a node's desk with one officer at it, named by `--as`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

if TYPE_CHECKING:
    from tocsin.desk.ports import Desk
    from tocsin.node import Node

as_option = click.option(
    "--as",
    "as_name",
    envvar="TOCSIN_AS",
    default="",
    metavar="NAME",
    help="who acts: the name of an officer of this node (see `tocsin officer list`)",
)


def open_desk(folder: Path, as_name: str = "") -> "Desk":
    """The desk of the node in that folder. Without a name nobody is at it: then one can look, and nothing else.

    The name is taken at its word, and the log says so (`via` is `named`): whoever can run commands in the node's folder
    can read its keys. ConfigError if there is no node, NotFoundError if nobody of that name works there.
    """
    return open_acting(folder, as_name).desk


def open_acting(folder: Path, as_name: str = "") -> "Node":
    """The same with the node's ways out into the world, for what asks others."""
    from tocsin.node import open_node

    node = open_node(folder)
    if not as_name:
        return node
    from tocsin.desk.people import officer_named

    return replace(node, desk=node.desk.acting(officer_named(node.desk, as_name).id, "named"))
