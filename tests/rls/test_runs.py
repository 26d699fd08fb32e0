"""Test cases are edited by who holds prompts.write; runs and results are the verbs'."""

import pytest

from support.rls import Law, Theatre, check, workspace

LAWS = [
    Law(
        "test_cases",
        insert=lambda t: workspace(t) | {"prompt_id": t.clinic.prompt_id, "name": "two"},
        inserters="prompts.write",
        update="name = name",
        updaters="prompts.write",
        deleters="prompts.write",
        where="name = 'spare'",
    ),
    Law("runs"),
    Law("run_results"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
