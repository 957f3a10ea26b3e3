"""Reads the package's own data files, each once."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def read_data(package: str, name: str) -> Any:
    """The JSON file `name` in the `data` folder of `tocsin.PACKAGE`. Callers must not change what they get."""
    return json.loads(files(f"tocsin.{package}").joinpath("data", name).read_text(encoding="utf-8"))


@cache
def read_text_data(package: str, name: str) -> str:
    """The text file `name` in the `data` folder of `tocsin.PACKAGE`."""
    return files(f"tocsin.{package}").joinpath("data", name).read_text(encoding="utf-8")
