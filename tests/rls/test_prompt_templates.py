"""Members see templates; who holds templates.write names them; versions are made by commit_template_version alone."""

import pytest

from support.rls import Law, Theatre, check, workspace

LAWS = [
    Law(
        "prompt_templates",
        insert=lambda t: workspace(t) | {"key": "new", "name": "New"},
        inserters="templates.write",
        update="name = name",
        updaters="templates.write",
    ),
    Law("prompt_template_versions"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
