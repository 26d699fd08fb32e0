"""Members see their workspaces; who holds workspace.write renames them; nobody inserts or deletes."""

import pytest

from support.rls import NOBODY, Law, Theatre, check

LAWS = [
    Law("workspaces", update="name = name", updaters="workspace.write", workspace="id", probe="slug"),
    Law("hints", schema="private", readers=NOBODY, workspace="", probe="topic"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.table)
def test_who_may_do_what(theatre: Theatre, law: Law):
    check(theatre, law)
