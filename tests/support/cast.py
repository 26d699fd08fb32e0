"""Everybody who may meet a workspace, and what each may do: the specification that the tests hold the database to."""

from typing import Any

from support.clinic import Clinic
from support.world import Actor, World

READ_ONLY, FULL_SET = frozenset({"workspace.read"}), frozenset({"*"})

# Role to what it holds in a new workspace. Written here again on purpose: a change of the defaults is a change of the
# specification, and both must say so.
_BUILDER = {"workspace.read", "templates.write", "prompts.write", "experiments.write", "comments.write"}
_DESIGNER = _BUILDER | {"catalog.write", "metrics.write", "experiments.approve", "decisions.make", "runs.write"}
_LEADER = _DESIGNER | {"experiments.activate", "layers.write", "deployments.publish", "deployments.approve"}
_LEADER = _LEADER | {"deployments.rollback", "imports.write"}
ROLES: dict[str, set[str]] = {
    "owner": {"*"},
    "admin": {"*"},
    "product_manager": _LEADER,
    "prompt_engineer": _DESIGNER,
    "operations": {"workspace.read", "deployments.rollback", "decisions.make", "comments.write", "imports.write"},
    "engineer": _LEADER | {"environments.write", "events.write"},
    "enablement": _BUILDER,
    "viewer": {"workspace.read"},
}
# A key holds what it was given, in the environments that it was given.
KEYS: dict[str, set[str]] = {
    "key_full": {"*"},
    "key_read": {"workspace.read"},
    "key_report": {"events.write"},
    "key_staging": {"*"},
}
PEOPLE = frozenset(ROLES)
SERVER = frozenset({"server"})
STRANGERS = frozenset({"outsider", "other_owner", "former_member", "anon"})
SIGNED_IN = PEOPLE | SERVER | frozenset(KEYS) | (STRANGERS - {"anon"})
NOBODY: frozenset[str] = frozenset()
# What no key may do, whatever it holds: acts of a person, and what would let a key make more keys.
PERSONAL = frozenset({
    "api_keys.write", "members.write", "roles.write", "provider_keys.write",
    "approvals.write", "experiments.approve", "deployments.approve", "subjects.erase",
})  # fmt: skip


def holders(permission: str) -> frozenset[str]:
    """Who of the cast holds a permission in the clinic; the server is bound by none."""
    holding = ROLES if permission in PERSONAL else ROLES | KEYS
    return SERVER | {who for who, held in holding.items() if held & {"*", permission}}


def people(permission: str) -> frozenset[str]:
    """The same without keys and servers: for acts of a person."""
    return holders(permission) & PEOPLE


MEMBERS_AND_READERS = holders("workspace.read")


def gather(world: World, clinic: Clinic, other: Clinic) -> dict[str, Actor]:
    """The whole cast around a clinic; keys as far as the product has them."""
    cast = {role: world.member(clinic.owner, clinic.workspace_id, role) for role in PEOPLE - {"owner"}}
    former = world.member(clinic.owner, clinic.workspace_id, "admin")
    clinic.owner.rows("delete from members where user_id = %s returning user_id", former.user_id)
    strangers = {"other_owner": other.owner, "former_member": former}
    strangers |= {"outsider": world.user("outsider"), "anon": world.anon()}
    return cast | strangers | keys(world, clinic) | {"owner": clinic.owner, "server": world.server()}


def keys(world: World, clinic: Clinic) -> dict[str, Actor]:
    """An API key of each kind."""
    make: Any = getattr(world, "api_key", None)
    if make is None:
        return {}
    everything = [row["key"] for row in world.admin.rows("select key from public.permissions order by key")]
    given = {who: sorted(set(everything) - PERSONAL) if "*" in held else sorted(held) for who, held in KEYS.items()}
    where = {"key_staging": ["staging"]}
    return {
        who: make(clinic.owner, clinic.workspace_id, permissions=held, environments=where.get(who))
        for who, held in given.items()
    }
