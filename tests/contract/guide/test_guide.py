"""Whoever reads the OpenAPI document needs no other: its guide is followed to the letter, from an empty project.

The calls are taken out of the document as the gateway serves it; nothing else is known here but what the guide says of
its placeholders. Customers are many: the guide's `customer-1` stands for each of them.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from support.world import World, world_of
from upshot_devstack.running import RunningGateway

PART = re.compile(
    r"```http\n(?P<method>[A-Z]+) (?P<path>\S+)\n(?P<body>.*?)```|`(?P<kept>[a-z_.]+)` as `(?P<name>\$[A-Z]+)`",
    re.DOTALL,
)


@dataclass
class Reader:
    """Follows the guide: makes its calls and keeps what it says to keep."""

    client: httpx.Client
    headers: dict[str, str]
    kept: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    last: Any = None

    def filled(self, text: str) -> str:
        """The text with what earlier answers said."""
        own = {"$NOW": datetime.now(UTC).isoformat(), "$NEW_ID": str(uuid.uuid4())}
        for name, value in (self.kept | own).items():
            text = text.replace(name, value)
        assert "$" not in text, text
        return text

    def call(self, method: str, path: str, body: str) -> Any:
        """One call of the guide; it must be accepted."""
        answer = self.client.request(
            method, f"/rest/v1{self.filled(path)}", content=self.filled(body) or None, headers=self.headers
        )
        assert answer.is_success, (method, path, answer.status_code, answer.text)
        self.last = answer.json() if answer.content else None
        self.answers[f"{method} {path}"] = self.last
        return self.last

    def keep(self, path: str, name: str) -> None:
        """What the guide says to keep of the last answer."""
        value = self.last[0] if isinstance(self.last, list) else self.last
        for step in path.split("."):
            value = value[step]
        self.kept[name] = str(value)


def parts(guide: str) -> list[dict[str, str]]:
    """The calls and the things to keep, in the order of the guide."""
    return [found.groupdict() for found in PART.finditer(guide)]


def follow(reader: Reader, steps: list[dict[str, str]]) -> None:
    """Do what the steps say."""
    for step in steps:
        if step["method"]:
            reader.call(step["method"], step["path"], step["body"].strip())
        else:
            reader.keep(step["kept"], step["name"])
        if "$KEY" in reader.kept and "Authorization" in reader.headers:
            del reader.headers["Authorization"]
            reader.headers["x-upshot-key"] = reader.kept["$KEY"]


def split(steps: list[dict[str, str]]) -> tuple[list[dict[str, str]], list[dict[str, str]], list[dict[str, str]]]:
    """What comes before the customers, what is done for each, and what comes after."""
    paths = [step["path"] for step in steps]
    first, last = paths.index("/rpc/decide"), paths.index("/rpc/record_outcomes")
    return steps[:first], steps[first : last + 1], steps[last + 1 :]


def somebody(steps: list[dict[str, str]], number: int) -> list[dict[str, str]]:
    """The same steps for another customer."""
    booked = str(number % 3 == 0).lower()
    return [
        step
        | {
            "body": step["body"]
            .replace("customer-1", f"customer-{number}")
            .replace('"value": true', f'"value": {booked}')
        }
        if step["method"]
        else step
        for step in steps
    ]


@pytest.fixture
def world(db: Any) -> Iterator[World]:
    with world_of(db) as world:
        yield world


@pytest.fixture
def document(gateway: RunningGateway) -> dict[str, Any]:
    """The OpenAPI document, as a server's key sees it."""
    answer = httpx.get(f"{gateway.url}/rest/v1/", headers={"apikey": gateway.settings.secret_key}, timeout=30)
    return dict(answer.json())


def test_the_title_is_the_products(document: dict[str, Any]):
    assert document["info"]["title"] == "Upshot"
    assert "@graphql" not in re.sub(r"<!--.*?-->", "", document["info"]["description"], flags=re.DOTALL)


def test_the_guide_leads_from_nothing_to_a_rollback(document: dict[str, Any], gateway: RunningGateway, world: World):
    person = world.user("reader")
    token = gateway.tokens.sign({"sub": person.user_id, "role": "authenticated", "exp": 4102444800})
    headers = {"apikey": gateway.settings.publishable_key, "Authorization": f"Bearer {token}"}
    headers |= {"Content-Type": "application/json", "Prefer": "return=representation"}
    before, each, after = split(parts(document["info"]["description"]))
    with httpx.Client(base_url=gateway.url, timeout=30) as client:
        reader = Reader(client, headers)
        follow(reader, before)
        assert reader.answers["POST /rpc/activate"]["state"] == "active"
        for number in range(1, 41):
            follow(reader, somebody(each, number))
            assert reader.answers["POST /rpc/decide"]["reason"] == "assigned"
            assert reader.answers["POST /rpc/record_inferences"] == {"accepted": 1, "duplicates": 0, "errors": []}
            assert reader.answers["POST /rpc/record_outcomes"] == {"accepted": 1, "duplicates": 0, "errors": []}
        world.catch_up()
        follow(reader, after)
        (effect,) = reader.answers["GET /experiment_effects?experiment_id=eq.$EXPERIMENT"]
        assert effect["variant_key"] == "two_times"
        assert effect["n_control"] + effect["n_variant"] == 40
        assert effect["ci_low"] < effect["difference"] < effect["ci_high"]
        assert reader.answers["POST /rpc/archive"]["state"] == "archived"
        embedded = client.get(
            "/rest/v1/prompt_versions?select=number,prompts(key)&order=number", headers=reader.headers
        )
        assert embedded.json() == [{"number": number, "prompts": {"key": "booking"}} for number in (1, 2)]
        follow(reader, each[:1])
        live = reader.answers["POST /rpc/decide"]
        assert (live["reason"], live["version"]["id"]) == ("live_deployment", reader.kept["$FIRST"])
