"""No verb takes or gives JSON that nothing describes."""

from support.schemas import contract
from support.world import World


def test_json_is_declared(world: World, pytestconfig):
    connection = world.connect("postgres")
    found = contract(
        lambda statement: [tuple(row.values()) for row in connection.execute(statement.encode())],
        pytestconfig.rootpath / "sql" / "50_rpc" / "schemas",
    )
    assert found.undeclared() == [], "Declare them in sql/50_rpc/schemas/<verb>.json."
    assert found.declared.verbs.keys() <= {verb.name for verb in found.verbs}
