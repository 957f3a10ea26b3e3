"""What the browser needs is laid out from the installed packages, whole or not at all."""

import json
import shutil
from pathlib import Path

import pytest
import shapely

from tocsin.errors import ConfigError
from tocsin.web.build import LAND, ROOT, build, find_missing, lay_out

MODULES = ROOT / "node_modules"


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """The packages as npm installed them, to be spoiled."""
    found = tmp_path / "node_modules"
    for name in ("leaflet", "world-atlas", "topojson-client", "commander"):
        shutil.copytree(MODULES / name, found / name)
    return found


def test_everything_that_the_map_loads_is_laid_out(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    assert LAND in find_missing(vendor)
    lay_out(modules, vendor)
    assert find_missing(vendor) == ()
    assert b"Leaflet 1.9.4" in (vendor / "leaflet.js").read_bytes()[:200]


def test_the_land_is_land_and_the_sea_is_not(modules: Path, tmp_path: Path) -> None:
    lay_out(modules, tmp_path / "vendor")
    found = json.loads((tmp_path / "vendor" / LAND).read_text())
    land = shapely.union_all([shapely.geometry.shape(one["geometry"]).buffer(0) for one in found["features"]])
    moscow, kampala, atlantic, pacific = ((37.6, 55.75), (32.6, 0.3), (-30.0, 30.0), (-140.0, 0.0))
    assert all(land.covers(shapely.Point(place)) for place in (moscow, kampala))
    assert not any(land.covers(shapely.Point(place)) for place in (atlantic, pacific))


@pytest.mark.parametrize(
    "gone", ["leaflet/dist/leaflet.js", "leaflet/LICENSE", "world-atlas/land-110m.json", "topojson-client/bin/topo2geo"]
)
def test_a_package_without_its_file_is_named(modules: Path, tmp_path: Path, gone: str) -> None:
    (modules / gone).unlink()
    with pytest.raises(ConfigError, match=Path(gone).name):
        lay_out(modules, tmp_path / "vendor")


def test_a_land_that_is_no_topology_leaves_the_old_map_in_place(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    lay_out(modules, vendor)
    before = (vendor / LAND).read_bytes()
    (modules / "world-atlas/land-110m.json").write_text("not JSON")
    with pytest.raises(ConfigError, match="GeoJSON"):
        lay_out(modules, vendor)
    assert (vendor / LAND).read_bytes() == before


def test_a_second_build_does_nothing() -> None:
    assert build() is False


def test_the_lock_names_a_digest_for_each_package_and_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, one in packages.items():
        assert "resolved" not in one, name
        assert name == "" or one["integrity"].startswith("sha512-"), name
