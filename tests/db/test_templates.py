"""Templates, forks and lineage: where a version came from, and what became of it."""

import json
from typing import Any

import psycopg
import pytest

from support.clinic import Clinic

MESSAGES = [{"role": "system", "content": "You work for {{company}}."}, {"role": "user", "content": "{{question}}"}]
VARIABLES = {"company": {"type": "string"}, "question": {"type": "string"}}


def code(call: Any, *args: Any, **arguments: Any) -> str:
    with pytest.raises(psycopg.Error) as caught:
        call(*args, **arguments)
    return str(json.loads(str(caught.value.diag.message_detail))["code"])


def template(clinic: Clinic, **more: Any) -> dict[str, Any]:
    made = clinic.owner.rpc("create_prompt_template", key="support", name="Support")
    bundle = {"messages": MESSAGES, "variables": VARIABLES, "params": {"seed": 1}}
    version: dict[str, Any] = clinic.owner.rpc("commit_template_version", template_id=made["id"], **bundle | more)
    return version


def instantiate(clinic: Clinic, origin: dict[str, Any], **more: Any) -> dict[str, Any]:
    call = {"prompt_id": clinic.prompt_id, "template_version_id": origin["id"], "provider": "local", "model": "smol"}
    made: dict[str, Any] = clinic.owner.rpc("create_version_from_template", **call | more)
    return made


def test_a_version_begins_as_the_template_and_the_next_ones_remember_it(clinic: Clinic):
    origin = template(clinic)
    made = instantiate(clinic, origin, params={"top_p": 1})
    assert (made["messages"], made["variables"], made["params"]) == (MESSAGES, VARIABLES, {"seed": 1, "top_p": 1})
    assert made["template_version_id"] == origin["id"]
    assert clinic.version("by hand")["template_version_id"] == origin["id"]


def test_values_given_to_a_template_become_defaults_and_are_no_templates(clinic: Clinic):
    made = instantiate(clinic, template(clinic), defaults={"company": "{{question}} & Sons"})
    assert made["messages"] == MESSAGES
    assert made["variables"]["company"] == {"type": "string", "default": "{{question}} & Sons"}
    answer = clinic.owner.rpc("render_version", version_id=made["id"], variables={"question": "Open?"})
    assert answer["messages"][0]["content"] == "You work for {{question}} & Sons."


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"defaults": {"company": 1}}, "wrong_variable_type"),
        ({"defaults": {"firm": "x"}}, "unexpected_variable"),
        ({"model": None}, "bad_bundle"),
        ({"branch": "nowhere"}, "unknown_branch"),
        ({"template_version_id": "00000000-0000-4000-8000-000000000000"}, "unknown_template_version"),
    ],
)
def test_what_does_not_fit_a_template_is_refused(clinic: Clinic, more, reason):
    assert code(instantiate, clinic, template(clinic), **more) == reason


def test_a_template_counts_its_versions_and_refuses_what_is_stale_or_the_same(clinic: Clinic):
    first = template(clinic)
    call = {"template_id": first["template_id"], "variables": VARIABLES, "params": {"seed": 1}}
    assert code(clinic.owner.rpc, "commit_template_version", **call, messages=MESSAGES) == "nothing_changed"
    second = clinic.owner.rpc("commit_template_version", **call, messages=MESSAGES[:1], expected_head=first["id"])
    assert (second["number"], second["provider"]) == (2, None)
    stale = call | {"messages": MESSAGES[1:], "expected_head": first["id"]}
    assert code(clinic.owner.rpc, "commit_template_version", **stale) == "stale_template"
    undeclared = call | {"messages": [{"role": "user", "content": "{{other}}"}]}
    assert code(clinic.owner.rpc, "commit_template_version", **undeclared) == "invalid_template"
    for who in (clinic.owner, clinic.world.server()):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            who.connection.execute("update prompt_template_versions set message = 'x'")


def test_a_template_is_rendered_like_a_version(clinic: Clinic):
    call = {"template_version_id": template(clinic)["id"]}
    filled = clinic.owner.rpc("render_template_version", **call, variables={"company": "Acme", "question": "Open?"})
    assert [m["content"] for m in filled["messages"]] == ["You work for Acme.", "Open?"]
    assert (filled["provider"], filled["params"]) == (None, {"seed": 1})
    assert code(clinic.owner.rpc, "render_template_version", **call) == "missing_variable"


def test_a_template_of_another_workspace_is_no_template(clinic: Clinic):
    origin = template(clinic)
    elsewhere = clinic.owner.rpc("create_workspace", name="Elsewhere", slug="elsewhere")["workspace_id"]
    capability = clinic.owner.insert("capabilities", key="C", name="C", workspace_id=elsewhere)["id"]
    prompt = clinic.owner.insert("prompts", key="p", name="P", capability_id=capability, workspace_id=elsewhere)["id"]
    assert code(instantiate, clinic, origin, prompt_id=prompt) == "unknown_template_version"


def test_a_fork_is_a_copy_that_remembers_its_source(clinic: Clinic):
    source = instantiate(clinic, template(clinic))
    fork = clinic.owner.rpc("fork_prompt", key="copy", name="Copy", version_id=source["id"])
    assert (fork["capability_id"], fork["action_id"]) == (clinic.capability_id, None)
    made = clinic.owner.one("select * from prompt_versions where prompt_id = %s", fork["id"])
    assert (made["forked_from_version_id"], made["number"], made["parent_version_id"]) == (source["id"], 1, None)
    assert (made["content_hash"], made["template_version_id"]) == (
        source["content_hash"],
        source["template_version_id"],
    )
    assert clinic.version("own way", prompt_id=fork["id"])["forked_from_version_id"] is None
    [*_, first] = clinic.owner.rows("select * from version_log(%s)", fork["id"])
    assert (first["changed"], first["message"]) == ([], "Forked from version 1")


def test_a_fork_goes_where_it_is_told(clinic: Clinic):
    clinic.version("one")
    clinic.put("capabilities", key="Spare", name="Spare")
    call = {"name": "Copy", "prompt_id": clinic.prompt_id}
    step = clinic.owner.rpc("fork_prompt", key="a", action="Book", **call)
    assert step["action_id"] == clinic.actions["Book"]
    other = clinic.owner.rpc("fork_prompt", key="b", capability="Spare", **call)
    assert other["capability_id"] != clinic.capability_id
    assert code(clinic.owner.rpc, "fork_prompt", key="c", capability="None", **call) == "unknown_capability"
    assert code(clinic.owner.rpc, "fork_prompt", key="c", capability="Spare", action="Book", **call) == "unknown_action"


def test_the_same_fork_again_is_the_same_prompt(clinic: Clinic):
    call = {"key": "copy", "name": "Copy", "version_id": clinic.version("one")["id"]}
    made = clinic.owner.rpc("fork_prompt", **call)
    assert clinic.owner.rpc("fork_prompt", **call)["id"] == made["id"]
    assert code(clinic.owner.rpc, "fork_prompt", **call | {"version_id": clinic.version("two")["id"]}) == "key_taken"
    assert code(clinic.owner.rpc, "fork_prompt", **call, prompt_id=clinic.prompt_id) == "bad_argument"
    empty = clinic.put("prompts", key="empty", name="E", capability_id=clinic.capability_id)["id"]
    assert code(clinic.owner.rpc, "fork_prompt", key="d", name="D", prompt_id=empty) == "branch_empty"


def test_an_inference_leads_back_to_the_template(clinic: Clinic):
    origin = template(clinic)
    version = instantiate(clinic, origin)
    deployment = clinic.publish(version)
    row = clinic.inference(version, "ann")
    clinic.owner.rpc("record_inferences", inferences=[row])
    answer = clinic.owner.rpc("lineage_of", inference_id=row["id"])
    assert answer["template"] == {
        "template_id": str(origin["template_id"]), "key": "support", "version_id": str(origin["id"]), "number": 1,
    }  # fmt: skip
    assert (answer["version"]["id"], answer["deployment"]["id"]) == (
        str(version["id"]),
        str(deployment["deployment_id"]),
    )
    assert code(clinic.owner.rpc, "lineage_of", inference_id=str(version["id"])) == "unknown_inference"


def test_a_template_leads_on_to_its_deployments(clinic: Clinic):
    origin = template(clinic)
    version = instantiate(clinic, origin)
    idle = clinic.version("idle")
    clinic.publish(version)
    found = clinic.owner.rows(
        "select * from version_lineage where template_version_id = %s order by version_number", origin["id"]
    )
    assert [(row["version_id"], row["deployment_kind"]) for row in found] == [
        (version["id"], "publish"),
        (idle["id"], None),
    ]
    stranger = clinic.world.user("stranger")
    assert stranger.rows("select * from version_lineage") == []


def test_a_template_and_a_prompt_are_made_once_however_often_the_call_is_sent(clinic: Clinic):
    asked = {"key": "tone", "name": "Tone"}
    made = clinic.owner.rpc("create_prompt_template", **asked)
    assert clinic.owner.rpc("create_prompt_template", **asked)["id"] == made["id"]
    assert code(clinic.owner.rpc, "create_prompt_template", key="tone", name="Another") == "key_taken"
    prompt = asked | {"capability": "BookAppointment"}
    made = clinic.owner.rpc("create_prompt", **prompt)
    assert clinic.owner.rpc("create_prompt", **prompt)["id"] == made["id"]
    assert len(clinic.owner.rows("select id from branches where prompt_id = %s", made["id"])) == 1
    assert code(clinic.owner.rpc, "create_prompt", **prompt, action="UserLookup") == "key_taken"
