"""Reads the package's own data files, each once."""

import json
from functools import cache
from pkgutil import get_data
from typing import Any


@cache
def read_data(package: str, name: str) -> Any:
    """The JSON file `name` in the `data` folder of `tocsin.PACKAGE`. Callers must not change what they get."""
    return json.loads(read_text_data(package, name))


@cache
def read_text_data(package: str, name: str) -> str:
    """The text file `name` in the `data` folder of `tocsin.PACKAGE`."""
    return package_file(package, f"data/{name}").decode()


def package_file(package: str, path: str) -> bytes:
    """The file at that path in the folder of `tocsin.PACKAGE`; FileNotFoundError if it is not there."""
    # importlib.resources does the same and costs each command 8 ms: it can also unpack archives.
    found = get_data(f"tocsin.{package}", path)
    assert found is not None, f"tocsin.{package} is a package of files"
    return found
