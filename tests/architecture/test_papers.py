"""What stands beside the code says the same as the code."""

import tomllib

import yaml

from tests.architecture.sources import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PUBLIC_CODE = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))


def test_version_and_licence_are_the_same_everywhere() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert PUBLIC_CODE["softwareVersion"] == PROJECT["version"]
    assert PUBLIC_CODE["legal"]["license"] == PROJECT["license"] == "EUPL-1.2"
    assert f"\n## {PROJECT['version']}" in changes
    assert licence.startswith("# EUROPEAN UNION PUBLIC LICENCE v. 1.2")


def test_descriptions_have_the_lengths_that_the_standard_asks() -> None:
    for words in PUBLIC_CODE["description"].values():
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000


def test_readme_shows_every_folder_of_the_house() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    kept = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir()
        and not path.name.startswith(".")
        and path.name not in {"docs", "staticfiles", "node_modules", "__pycache__"}
    }
    assert {name for name in kept if f"{name}/" not in readme} == set()
