"""List code of the portal that is unused; use in tests alone does not count.

Vulture reads the code. Words in the tags of templates and dotted names in settings and fixtures count as uses too,
for Django looks things up by them. What else is called by its name alone is allowed in ``script/unused_allowed.toml``,
with the reason.
"""

import re
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from vulture.core import Item, Vulture

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ALLOWED = tomllib.loads((ROOT / "script" / "unused_allowed.toml").read_text(encoding="utf-8"))
ROOMS = (*PROJECT["tool"]["importlinter"]["root_packages"], "script", "bench", "manage.py")
TAG = re.compile(r"\{[{%](.*?)[}%]\}", re.DOTALL)
WORD = re.compile(r"[A-Za-z_]\w*")
DOTTED = re.compile(r'"(\w+(?:\.\w+)+)"')
# Columns, choices and fields: the database, what is filled in and the calls' data name them.
ROWS = re.compile(r"/((models|forms)/\w+|models|forms|enums|legal_forms|streams)\.py$")


class PortalVulture(Vulture):
    """A reader that does not take a name in ``__all__`` for a use of it."""

    def visit_Assign(self, _node: Any) -> None:  # noqa: N802 -- the name that vulture calls
        """Do nothing: what stands on both sides is visited by itself."""


def words_of_templates() -> set[str]:
    """Return every word in the tags of the templates."""
    pages = (path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.*"))
    return {word for page in pages for tag in TAG.findall(page) for word in WORD.findall(tag)}


def words_of_settings() -> set[str]:
    """Return every part of the dotted names in the settings."""
    text = (ROOT / "hubportal" / "settings.py").read_text(encoding="utf-8")
    return {word for dotted in DOTTED.findall(text) for word in dotted.split(".")}


def is_row_or_setting(item: Item) -> bool:
    """Tell whether this is a column, choice, field, setting, or what is written on an object: named elsewhere."""
    path = str(item.filename)
    is_of_a_row = item.typ == "variable" and ROWS.search(path) is not None
    is_setting = path.endswith("hubportal/settings.py") and item.name.isupper()
    return is_of_a_row or is_setting or item.typ == "attribute"


def unused() -> list[str]:
    """Return one line for each thing that nothing uses, and for each name that is allowed for nothing."""
    # The package declares no types for what is called here.
    reader: Any = PortalVulture
    vulture = reader(ignore_decorators=list(ALLOWED["decorators"]))
    vulture.scavenge([str(ROOT / room) for room in ROOMS], exclude=["*/migrations/*"])
    vulture.used_names.update(words_of_templates(), words_of_settings())
    found = [item for item in vulture.get_unused_code() if not is_row_or_setting(item)]
    allowed = {name: [each for each in found if fnmatch(each.name, name)] for name in ALLOWED["names"]}
    excused = [item for items in allowed.values() for item in items]
    return [
        *(
            f"{Path(item.filename).relative_to(ROOT)}:{item.first_lineno}: {item.typ} {item.name} is used by nothing"
            for item in found
            if item not in excused
        ),
        *(
            f"script/unused_allowed.toml: {name} is allowed for nothing"
            for name, items in allowed.items()
            if not items
        ),
    ]


def main() -> int:
    """Print what is unused; the exit status is 1 when there is something."""
    found = unused()
    print("\n".join(found) or "nothing is unused")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
