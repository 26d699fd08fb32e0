"""What a client does with the answer of diff_versions: applied to the one bundle, it gives the other."""

from typing import Any

Bundle = dict[str, Any]
PLAIN = ("provider", "model", "response_format")


def unescape(step: str) -> str:
    """A step of a JSON Pointer."""
    return step.replace("~1", "/").replace("~0", "~")


def tool_name(tool: dict[str, Any]) -> Any:
    """As the database names tools."""
    return tool.get("name") or (tool.get("function") or {}).get("name")


def apply(diff: dict[str, Any], bundle: Bundle) -> Bundle:
    """The bundle that the diff leads to."""
    made = bundle | {name: dict(bundle[name]) for name in ("params", "variables")} | {"tools": list(bundle["tools"])}
    for change in diff["fields"]:
        steps = [unescape(step) for step in change["path"].split("/")[1:]]
        apply_field(made, steps, change)
    return made | {"messages": apply_messages(diff["messages"], bundle["messages"])}


def apply_field(made: Bundle, steps: list[str], change: dict[str, Any]) -> None:
    """Set, take away or reorder one field."""
    if change["op"] == "reordered":
        made["tools"] = [next(t for t in made["tools"] if tool_name(t) == name) for name in change["to"]]
    elif steps[0] == "tools" and len(steps) == 2:
        apply_tool(made["tools"], steps[1], change)
    elif len(steps) == 1:
        made[steps[0]] = change.get("to", [] if steps[0] == "tools" else None)
    elif change["op"] == "removed":
        del made[steps[0]][steps[1]]
    else:
        made[steps[0]][steps[1]] = change["to"]


def apply_tool(tools: list[Any], name: str, change: dict[str, Any]) -> None:
    """Added tools come last, in the order of their names; a reordering says otherwise."""
    place = next((n for n, tool in enumerate(tools) if tool_name(tool) == name), len(tools))
    tools[place : place + 1] = [change["to"]] if "to" in change else []


def apply_messages(entries: list[Any], before: list[Any]) -> list[Any]:
    """The messages that the entries lead to."""
    made = []
    for entry in entries:
        if entry["op"] == "added":
            made.append(entry["message"])
        elif entry["op"] != "removed":
            made.append(apply_message(entry, before[entry["from"]]))
    return made


def apply_message(entry: dict[str, Any], message: dict[str, Any]) -> dict[str, Any]:
    """One message, changed or not."""
    made = dict(message)
    for change in entry.get("fields", []):
        name = unescape(change["path"][1:])
        made.pop(name, None)
        if "to" in change:
            made[name] = change["to"]
    if "lines" in entry:
        made["content"] = "\n".join(apply_lines(entry["lines"], message["content"].split("\n")))
    elif "content" in entry:
        made["content"] = entry["content"]["to"]
    return made


def apply_lines(hunks: list[Any], before: list[str]) -> list[str]:
    """Lines that stay, lines that come."""
    made: list[str] = []
    for hunk in hunks:
        if hunk["op"] == "equal":
            made += before[hunk["from"] - 1 : hunk["from"] - 1 + hunk["count"]]
        elif hunk["op"] == "changed":
            made += [line["to"] for line in hunk["lines"]]
        elif hunk["op"] == "added":
            made += hunk["lines"]
    return made
