"""Every public function says what it gives; a method that serves a port is documented at the port."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tocsin"
PORTS = ("desk/ports.py", "desk/stores/*.py", "intake/ports.py")
OTHERS = frozenset({"list_commands", "get_command", "format_commands"})
"""Methods that click defines."""


def methods(tree: ast.Module) -> Iterator[tuple[ast.ClassDef | None, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield None, node
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from ((node, one) for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_public_function_has_a_docstring() -> None:
    at_a_port = {
        one.name
        for ports in PORTS
        for file in SOURCE.glob(ports)
        for cls, one in methods(ast.parse(file.read_text(encoding="utf-8")))
        if cls is not None
    }
    missing = []
    for file in sorted(SOURCE.rglob("*.py")):
        for cls, one in methods(ast.parse(file.read_text(encoding="utf-8"))):
            if one.name.startswith("_") or ast.get_docstring(one) or "versions" in file.parts:
                continue
            serves_a_port = cls is not None and (ast.get_docstring(cls) or "").startswith("Serves")
            if not (one.name in OTHERS or (serves_a_port and one.name in at_a_port)):
                missing.append(f"{file.relative_to(SOURCE)}: {cls.name + '.' if cls else ''}{one.name}")
    assert missing == []
