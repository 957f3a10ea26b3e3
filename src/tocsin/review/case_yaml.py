"""Reads YAML from outside strictly: plain values and numbers only, no aliases, no key twice, at most one mebibyte and 50 levels."""

from typing import Any

from tocsin.core.expression import Expression
from tocsin.errors import InputError

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 50
_NUMBER = Expression(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def load_yaml(raw: bytes, name: str) -> Any:
    """The value of the one YAML document in `raw`; InputError calls it `name`.

    Aliases are refused because a few of them unfold into gigabytes; a key that stands twice, because one would be lost.
    """
    import yaml

    if len(raw) > MAX_BYTES:
        raise InputError(f"{name} has {len(raw)} bytes, at most {MAX_BYTES} expected")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        text = raw.decode("utf-8")
        _check_shape(yaml.parse(text, Loader=loader), name)
        root = yaml.compose(text, Loader=loader)
        _check_keys(root, name)
        return yaml.load(text, Loader=loader)  # noqa: S506  # both are safe loaders
    except UnicodeDecodeError as error:
        raise InputError(f"{name} is not UTF-8 at byte {error.start}") from None
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        raise InputError(f"{name} is not YAML: {' '.join(str(error).split())[:200]}") from None


def _check_shape(events: Any, name: str) -> None:
    """Before anything is built of it: no alias, and no depth that a parser could stumble over."""
    import yaml

    depth = 0
    for event in events:
        if isinstance(event, yaml.AliasEvent):
            raise InputError(f"{name} holds a YAML alias, {event.anchor!r}", hint="write the value out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise InputError(f"{name} is nested more than {MAX_DEPTH} levels deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _check_keys(root: Any, name: str) -> None:
    import yaml

    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)
        elif isinstance(node, yaml.ScalarNode):
            # YAML 1.1 also takes 4_2, +42, 1:30 and 0x2a for numbers; who writes them in a case may mean something else.
            if node.tag.endswith((":int", ":float")) and not _NUMBER.fullmatch(node.value):
                raise InputError(f"{name}: {node.value[:60]!r} is not a plain number (line {node.start_mark.line + 1})")
        elif isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                # A key that is no scalar cannot be a name and is refused when the value is built.
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen:
                        raise InputError(f"{name}: key {key.value!r} stands twice (line {key.start_mark.line + 1})")
                    seen.add(key.value)
                waiting.append(value)
