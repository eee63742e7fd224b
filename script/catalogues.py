"""Keep the message catalogues complete: English is the key of each sentence, Dutch must be there for every one."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "hubportal" / "locale"
LANGUAGES = ("nl", "en")
# English stands in code and templates already; its catalogue may leave a sentence empty.
COMPLETE = ("nl",)
PLURAL_FORMS = "nplurals=2; plural=(n != 1);"
PLACEHOLDER = re.compile(r"%\((\w+)\)")
NO_SENTENCES = shutil.ignore_patterns(
    *(".*", "*.pyc", "__pycache__", "node_modules", "locale", "staticfiles"),
    *("bench", "docs", "fixtures", "frontend", "script", "static", "tests"),
)

Key = tuple[str | None, str, str]


def path_of(language: str) -> Path:
    """Return where a language's catalogue stands."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def key_of(entry: polib.POEntry) -> Key:
    """Return what identifies a sentence: its context, its singular and its plural."""
    return entry.msgctxt, entry.msgid, entry.msgid_plural or ""


def sentences() -> polib.POFile:
    """Return every sentence that code and templates hold, read in a copy of the tree."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "portal"
        shutil.copytree(ROOT, copy, ignore=NO_SENTENCES)
        (copy / "hubportal" / "locale").mkdir()
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "hubportal.settings", "PYTHONPATH": str(copy)}
        command = [sys.executable, "-m", "django", "makemessages", "-l", "nl", "--no-location", "--no-wrap"]
        said = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        if said.returncode != 0:
            sys.exit(f"{said.stdout}{said.stderr}\ntranslations: the sentences could not be read")
        found: polib.POFile = polib.pofile(
            str(copy / "hubportal/locale/nl/LC_MESSAGES/django.po"), wrapwidth=0
        )
        return found


def is_translated(entry: polib.POEntry) -> bool:
    """Tell whether every form of a sentence is there, and sure."""
    forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return bool(forms) and all(forms) and not entry.fuzzy


def loses_placeholders(entry: polib.POEntry) -> bool:
    """Tell whether a translation misses or invents a placeholder; the singular may leave out the number."""
    wanted = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
    if not entry.msgid_plural:
        return set(PLACEHOLDER.findall(entry.msgstr)) != wanted
    return any(set(PLACEHOLDER.findall(form)) - wanted for form in entry.msgstr_plural.values())


def differences(language: str, wanted: dict[Key, polib.POEntry]) -> Iterator[str]:
    """Name everything that is wrong with one language's catalogue."""
    path = path_of(language)
    if not path.exists():
        yield f"{language}: {path.relative_to(ROOT)} is missing"
        return
    catalogue = polib.pofile(str(path), wrapwidth=0)
    known = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
    yield from (f"{language}: missing: {key[1]!r}" for key in wanted if key not in known)
    yield from (f"{language}: no longer used: {key[1]!r}" for key in known if key not in wanted)
    yield from (f"{language}: obsolete: {entry.msgid!r}" for entry in catalogue.obsolete_entries())
    for entry in known.values():
        if entry.fuzzy:
            yield f"{language}: unsure (fuzzy): {entry.msgid!r}"
        elif language in COMPLETE and not is_translated(entry):
            yield f"{language}: not translated: {entry.msgid!r}"
        elif is_translated(entry) and loses_placeholders(entry):
            yield f"{language}: other placeholders: {entry.msgid!r}"
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalogue.to_binary():
        yield f"{language}: {compiled.relative_to(ROOT)} is not the compiled catalogue"


def translations(language: str, others: Iterable[Path]) -> dict[Key, polib.POEntry]:
    """Return what is translated already: in the catalogue, and for Dutch in the other files; the first counts."""
    files = [path_of(language), *(others if language in COMPLETE else [])]
    found: dict[Key, polib.POEntry] = {}
    for file in files:
        for entry in polib.pofile(str(file)) if file.exists() else []:
            if is_translated(entry) and not entry.obsolete:
                known = found.setdefault(key_of(entry), entry)
                if (known.msgstr, known.msgstr_plural) != (entry.msgstr, entry.msgstr_plural):
                    print(
                        f"{language}: {file.name} says {entry.msgstr!r}, kept is {known.msgstr!r}",
                        file=sys.stderr,
                    )
    return found


def renewed(language: str, wanted: polib.POFile, known: dict[Key, polib.POEntry]) -> polib.POFile:
    """Return a catalogue of the sentences wanted, with the translations known."""
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": "hubportaal",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS,
    }
    # By the alphabet, not by file: a sentence keeps its place when the code that says it moves.
    for each in sorted(wanted, key=lambda each: (each.msgid.casefold(), each.msgid, each.msgctxt or "")):
        entry = polib.POEntry(
            msgid=each.msgid, msgid_plural=each.msgid_plural, msgctxt=each.msgctxt, comment=each.comment
        )
        entry.flags = [flag for flag in each.flags if flag != "fuzzy"]
        if each.msgid_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        if translated := known.get(key_of(each)):
            entry.msgstr, entry.msgstr_plural = translated.msgstr, translated.msgstr_plural
        catalogue.append(entry)
    return catalogue


def update(wanted: polib.POFile, others: list[Path]) -> None:
    """Write and compile the catalogues."""
    for language in LANGUAGES:
        catalogue = renewed(language, wanted, translations(language, others))
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        path.with_suffix(".mo").write_bytes(polib.pofile(str(path), wrapwidth=0).to_binary())
        lacking = sum(not is_translated(entry) for entry in catalogue) if language in COMPLETE else 0
        print(f"translations: {language} has {len(catalogue)} sentences, {lacking} not translated")


def main(arguments: list[str]) -> int:
    """Renew the catalogues, or with --check say what is wrong with them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare; the exit status is 1 when stale")
    parser.add_argument("others", nargs="*", type=Path, help="other catalogues to take Dutch from")
    options = parser.parse_args(arguments)
    wanted = sentences()
    if not options.check:
        update(wanted, options.others)
        return 0
    keys = {key_of(entry): entry for entry in wanted}
    wrong = [line for language in LANGUAGES for line in differences(language, keys)]
    for line in wrong:
        print(f"translations: {line}", file=sys.stderr)
    if wrong:
        print("translations: run script/messages, translate what lacks, run it again", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
