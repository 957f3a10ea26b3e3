"""Whose keys a node takes: the agreements in its folder, and the witnesses and logs in its settings. Nothing else."""

from pathlib import Path

from tocsin.config import Settings
from tocsin.desk.ports import WitnessAddress
from tocsin.errors import ConfigError, InputError, TocsinError
from tocsin.evidence.checkpoint import read_vkey
from tocsin.evidence.signing import VerifyKey
from tocsin.exchange.peers import MAX_BYTES, Agreement, read_agreement, verify_agreement


def read_agreements(folder: Path, settings: Settings) -> dict[str, Agreement]:
    """The agreements in force, by the name of the peer. ConfigError for one that does not verify or is of the other kind."""
    found: dict[str, Agreement] = {}
    for file in sorted((folder / "agreements").glob("*.json")):
        if file.is_symlink() or file.stat().st_size > MAX_BYTES:
            raise ConfigError(f"agreement {file.name} is a link or larger than {MAX_BYTES} bytes")
        try:
            agreement = read_agreement(file.read_bytes())
            verify_agreement(agreement)
            _check_kind(agreement.other(settings.name).log, settings)
            found[agreement.other(settings.name).name] = agreement
        except TocsinError as error:
            raise ConfigError(f"agreement {file.name}: {error}", hint=error.hint) from None
    return found


def read_witness(line: str, settings: Settings) -> tuple[str, WitnessAddress]:
    """Name and address of a witness from its line in `witnesses`: "URL VKEY"."""
    url, _, vkey = line.partition(" ")
    if not url.startswith(("http://", "https://")):
        raise ConfigError(f"witness {line!r} does not begin with an address", hint='write "URL VKEY"')
    try:
        key = read_vkey(vkey.strip())
    except InputError as error:
        raise ConfigError(f"witness {line!r}: {error}", hint='write "URL VKEY"') from None
    _check_kind(key, settings)
    return key.name, WitnessAddress(url, key)


def read_witnessed_log(line: str, settings: Settings) -> tuple[str, VerifyKey]:
    """Origin and key of a log that we cosign, from its line in `witness_for`."""
    try:
        key = read_vkey(line)
    except InputError as error:
        raise ConfigError(f"witness_for {line!r}: {error}", hint="write VKEY") from None
    _check_kind(key, settings)
    return key.name, key


def _check_kind(key: VerifyKey, settings: Settings) -> None:
    if key.practice is not settings.practice:
        kinds = {True: "a practice node", False: "a live node"}
        raise ConfigError(
            f"key {key.name} is of {kinds[key.practice]}, this is {kinds[settings.practice]}",
            hint="the two never meet: exercises have nodes of their own",
        )
