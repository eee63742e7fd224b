"""Names are English and say what they name."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.dutch import PARAMETERS, dutch_words_of
from tests.architecture.sources import ALL_MODULES, ROOT, TEMPLATES, Module

GENERIC = {"utils", "util", "helpers", "helper", "services", "service", "common", "misc", "tools", "base"}
# Names of URLs and of the variables of templates.
URL_NAME = re.compile(r"""\bname=["']([\w-]+)["']""")
TEMPLATE_VARIABLE = re.compile(r"""(?:{{\s*|{%\s*(?:for|with|block|if)\s+)([\w.]+)""")


def identifiers(module: Module) -> Iterator[str]:
    """Yield every name that a module gives to something."""
    for node in ast.walk(module.tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case ast.arg(arg=name) | ast.keyword(arg=str(name)) | ast.alias(asname=str(name)):
                yield name


def dutch_names(module: Module) -> Iterator[str]:
    """Yield the names of a module in which a Dutch word stands."""
    # In a test, ``name=`` is also what a browser's button is called.
    url_names = [] if module.name.startswith("tests/") else URL_NAME.findall(module.text)
    names = {*identifiers(module), *url_names, *module.name.split("/")}
    allowed = PARAMETERS if module.name.endswith("forms.py") else frozenset()
    yield from sorted(name for name in names - allowed if dutch_words_of(name))


def test_identifiers_are_english() -> None:
    assert [f"{module.name}: {name}" for module in ALL_MODULES for name in dutch_names(module)] == []


def test_templates_and_their_variables_have_english_names() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in TEMPLATES
        for name in [*TEMPLATE_VARIABLE.findall(path.read_text(encoding="utf-8")), path.stem]
        if dutch_words_of(name) and name.removeprefix("form.") not in PARAMETERS
    }
    assert found == set()


def test_no_module_is_a_drawer_for_anything() -> None:
    assert [module.name for module in ALL_MODULES if module.path.stem in GENERIC] == []
