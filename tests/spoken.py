"""What a screen reader is told of a page: the accessibility tree as the browser gives it to the system, in order."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

# What says nothing of its own.
_SILENT = frozenset(
    {
        "none",
        "generic",
        "InlineTextBox",
        "StaticText",
        "LineBreak",
        "RootWebArea",
        "paragraph",
        "strong",
        "emphasis",
    }
)
_STATES = ("required", "invalid", "checked", "expanded", "disabled", "readonly", "live")
# What is said when its words change.
_LIVE = frozenset({"status", "alert", "timer", "log"})
# What somebody can use, and so has to be called something.
CONTROLS = frozenset(
    {
        "button",
        "link",
        "textbox",
        "combobox",
        "checkbox",
        "radio",
        "spinbutton",
        "searchbox",
        "listbox",
        "Date",
        "slider",
    }
)


@dataclass(frozen=True)
class Spoken:
    """One thing that is told: its role, its name, what describes it, its level as a heading, and its states."""

    role: str
    name: str
    description: str = ""
    level: int = 0
    states: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        role = f"{self.role} {self.level}" if self.level else self.role
        return "; ".join(filter(None, (role, self.name, self.description, " ".join(self.states))))


def spoken(page: Page) -> list[Spoken]:
    """Return what is told of a page, in the order in which it is read."""
    session = page.context.new_cdp_session(page)
    try:
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    finally:
        session.detach()
    known = {each["nodeId"]: each for each in nodes}
    [root] = [each for each in nodes if "parentId" not in each]
    told = (each for each in _in_order(root, known) if not each.get("ignored") and _says(each))
    return [_told(each, known) for each in told]


def _in_order(node: dict[str, Any], known: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    below = [known[each] for each in node.get("childIds", []) if each in known]
    return [node, *(each for child in below for each in _in_order(child, known))]


def _says(node: dict[str, Any]) -> bool:
    return node["role"]["value"] not in _SILENT


def _words_in(node: dict[str, Any], known: dict[str, dict[str, Any]]) -> str:
    """Return the text in a node: of what speaks by itself that is what is said."""
    texts = (each for each in _in_order(node, known) if each["role"]["value"] == "StaticText")
    return " ".join(str(each.get("name", {}).get("value", "")) for each in texts)


def _told(node: dict[str, Any], known: dict[str, dict[str, Any]]) -> Spoken:
    values = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
    states = tuple(
        f"{name}={values[name]}"
        for name in _STATES
        if values.get(name) not in {None, False, "false", "off", ""}
        or (name == "expanded" and name in values)
    )
    role, name = node["role"]["value"], str(node.get("name", {}).get("value", ""))
    return Spoken(
        role,
        " ".join((_words_in(node, known) if role in _LIVE and not name else name).split()),
        " ".join(str(node.get("description", {}).get("value", "")).split()),
        int(values.get("level") or 0) if role == "heading" else 0,
        states,
    )
