"""postgres_changes: rows of the publication, shown to those who asked for them and may see them."""

import pytest

TABLE = """
create table public.notes (id int primary key, owner text, body text, secret text, meta jsonb, at timestamptz, tags text[]);
alter table public.notes enable row level security;
create policy notes_select on public.notes for select to authenticated
  using (owner = (select auth.jwt()) ->> 'name' or owner = 'all');
revoke all on public.notes from anon, authenticated, service_role;
grant select (id, owner, body, meta, at, tags) on public.notes to authenticated;
grant all on public.notes to service_role;
alter publication supabase_realtime add table public.notes;
"""


@pytest.fixture(autouse=True)
async def notes(sql) -> None:
    for statement in TABLE.split(";\n")[:-1]:
        await sql.execute(statement)


@pytest.fixture
def subscribe(connect, cast):
    """`await subscribe(filter=…)` gives a socket that has been told it is subscribed."""

    async def subscribed(vsn="2.0.0", token=None, **binding):
        socket = await connect(vsn=vsn)
        wanted = {"event": "*", "schema": "public", "table": "notes", **binding}
        reply = await socket.join(
            "changes", token=token or cast.token(name="ann"), private=False, postgres_changes=[wanted]
        )
        assert reply["status"] == "ok", reply
        (echo,) = reply["response"]["postgres_changes"]
        assert {**wanted, "id": echo["id"]} == echo
        socket.binding = echo["id"]
        socket.told = (await socket.expect("system")).payload
        return socket

    return subscribed


async def change(socket) -> dict:
    message = await socket.expect("postgres_changes")
    assert message.payload["ids"] == [socket.binding]
    assert message.ref is None
    return message.payload["data"]


async def test_insert_has_the_row_with_its_types(subscribe, sql, vsn):
    socket = await subscribe(vsn=vsn)
    assert socket.told == {
        "extension": "postgres_changes", "status": "ok", "message": "Subscribed to PostgreSQL", "channel": "changes",
    }  # fmt: skip
    await sql.execute(
        """insert into notes values (1, 'ann', 'grüße', 'hidden', '{"a": [1, 12345678901234567890]}',
        '2026-01-02 03:04:05+00', '{x,"y z"}')"""
    )
    data = await change(socket)
    assert (data["schema"], data["table"], data["type"], data["errors"]) == ("public", "notes", "INSERT", None)
    assert data["commit_timestamp"].endswith("Z")
    assert data["record"] == {
        "id": 1,
        "owner": "ann",
        "body": "grüße",
        "meta": {"a": [1, 12345678901234567890]},
        "at": "2026-01-02T03:04:05+00:00",
        "tags": ["x", "y z"],
    }
    assert data["columns"] == [
        {"name": "id", "type": "int4"},
        {"name": "owner", "type": "text"},
        {"name": "body", "type": "text"},
        {"name": "meta", "type": "jsonb"},
        {"name": "at", "type": "timestamptz"},
        {"name": "tags", "type": "_text"},
    ]
    assert "old_record" not in data


async def test_row_level_security_decides_for_each_subscriber(subscribe, sql, cast, server, connect):
    ann, bob = await subscribe(), await subscribe(token=cast.token(name="bob"))
    boss = await subscribe(token=cast.service)
    await sql.execute("insert into notes (id, owner) values (1, 'ann'), (2, 'bob'), (3, 'all')")
    seen = {}
    for name, socket, count in (("ann", ann, 2), ("bob", bob, 2), ("boss", boss, 3)):
        seen[name] = [(await change(socket))["record"]["id"] for _ in range(count)]
    assert seen == {"ann": [1, 3], "bob": [2, 3], "boss": [1, 2, 3]}
    assert await ann.settled() == []


async def test_service_role_gets_every_column(subscribe, sql, cast):
    socket = await subscribe(token=cast.service)
    await sql.execute("insert into notes (id, secret) values (1, 'told')")
    assert (await change(socket))["record"]["secret"] == "told"


async def test_update_and_delete_have_the_key_of_the_old_row(subscribe, sql):
    socket = await subscribe()
    await sql.execute("insert into notes (id, owner, body) values (1, 'ann', 'a')")
    await change(socket)
    await sql.execute("update notes set body = 'b'")
    updated = await change(socket)
    assert (updated["record"]["body"], updated["old_record"]) == ("b", {"id": 1})
    await sql.execute("update notes set id = 2")
    assert (await change(socket))["old_record"] == {"id": 1}
    await sql.execute("delete from notes")
    deleted = await change(socket)
    assert (deleted["type"], deleted["old_record"], "record" in deleted) == ("DELETE", {"id": 2}, False)


async def test_full_identity_shows_the_old_row_only_without_row_level_security(subscribe, sql):
    await sql.execute("alter table notes replica identity full")
    socket = await subscribe()
    await sql.execute("insert into notes (id, owner, body) values (1, 'ann', 'a')")
    await change(socket)
    await sql.execute("update notes set body = 'b'")
    assert (await change(socket))["old_record"] == {"id": 1}
    await sql.execute("alter table notes disable row level security")
    await sql.execute("update notes set body = 'c'")
    old = (await change(socket))["old_record"]
    assert (old["body"], "secret" in old) == ("b", False)


async def test_large_value_that_did_not_change_is_there(subscribe, sql):
    socket = await subscribe()
    await sql.execute("alter table notes alter column body set storage external")
    await sql.execute("insert into notes (id, owner, body, meta) values (1, 'ann', repeat('x', 50000), '0')")
    await change(socket)
    await sql.execute("update notes set meta = '1'")
    record = (await change(socket))["record"]
    assert (record["meta"], record["body"]) == (1, "x" * 50000)


@pytest.mark.parametrize(
    ("wanted", "matching"),
    [
        ("id=eq.2", [2]),
        ("id=not.eq.2", [1, 3]),
        ("id=gt.1,id=lt.3", [2]),
        ("id=in.(1,3)", [1, 3]),
        ("body=like.b%", [2]),
        ("body=ilike.B%", [2]),
        ("body=match.^[ab]$", [1, 2]),
        ("meta=is.null", [1, 2, 3]),
        ("body=not.is.null", [1, 2]),
        ("body=isdistinct.a", [2, 3]),
        ("body=neq.a", [2]),
        ('body=eq."b"', [2]),
        ("at=gte.2026-01-01", []),
        ("", [1, 2, 3]),
    ],
)
async def test_filters(subscribe, sql, wanted, matching):
    socket = await subscribe(filter=wanted)
    await sql.execute("insert into notes (id, owner, body) values (1, 'all', 'a'), (2, 'all', 'b'), (3, 'all', null)")
    assert [(await change(socket))["record"]["id"] for _ in matching] == matching
    await sql.execute("insert into notes (id, owner, body, at) values (9, 'ann', 'a', now() - interval '10 years')")
    assert not [
        one for one in await socket.settled() if one.payload.get("data", {}).get("record", {}).get("id") in {1, 2, 3}
    ]


async def test_filter_on_a_deleted_row_uses_what_the_log_carries(subscribe, sql):
    socket = await subscribe(event="DELETE", filter="id=eq.2")
    await sql.execute("insert into notes (id) values (1), (2)")
    await sql.execute("delete from notes")
    assert (await change(socket))["old_record"] == {"id": 2}


@pytest.mark.parametrize("event", ["INSERT", "UPDATE", "DELETE", "insert"])
async def test_only_the_event_asked_for(subscribe, sql, event):
    socket = await subscribe(event=event)
    await sql.execute("insert into notes (id, owner) values (1, 'ann')")
    if event.upper() == "INSERT":
        assert (await change(socket))["type"] == "INSERT"
        return
    await sql.execute("update notes set body = 'b'")
    if event == "UPDATE":
        assert (await change(socket))["type"] == "UPDATE"
        return
    await sql.execute("delete from notes")
    assert (await change(socket))["type"] == "DELETE"


async def test_chosen_columns(subscribe, sql):
    socket = await subscribe(select=["id", "body"])
    await sql.execute("insert into notes (id, owner, body) values (1, 'ann', 'a')")
    data = await change(socket)
    assert data["record"] == {"id": 1, "body": "a"}
    assert [column["name"] for column in data["columns"]] == ["id", "body"]


@pytest.mark.parametrize("binding", [{"table": "*"}, {"schema": "*", "table": "*"}])
async def test_wildcards(subscribe, sql, binding):
    socket = await subscribe(**binding)
    await sql.execute("insert into notes (id, owner) values (1, 'ann')")
    assert (await change(socket))["table"] == "notes"


async def test_role_without_select_is_told_so(subscribe, sql, server):
    socket = await subscribe(token=server.tokens.anon_key)
    await sql.execute("insert into notes (id, owner) values (1, 'all')")
    data = await change(socket)
    assert (data["record"], data["errors"]) == ({}, ["Error 401: Unauthorized"])


async def test_table_without_a_key_under_row_level_security_is_told_so(subscribe, sql):
    await sql.execute("create table public.keyless (a int)")
    await sql.execute("alter table public.keyless enable row level security")
    await sql.execute("alter publication supabase_realtime add table public.keyless")
    socket = await subscribe(table="keyless")
    await sql.execute("insert into keyless values (1)")
    data = await change(socket)
    assert (data["record"], data["errors"]) == ({}, ["Error 400: Bad Request, no primary key"])


async def test_row_that_is_too_large_keeps_its_small_values(subscribe, sql):
    socket = await subscribe()
    await sql.execute("insert into notes (id, owner, body) values (1, 'ann', repeat('x', 1100000))")
    data = await change(socket)
    assert data["errors"] == ["Error 413: Payload Too Large"]
    assert (data["record"]["id"], "body" in data["record"]) == (1, False)


@pytest.mark.parametrize(
    ("binding", "says"),
    [
        ({"table": "nothing"}, "Please check Realtime is enabled"),
        ({"filter": "undefined"}, "Error parsing `filter` params"),
        ({"filter": "nothing=eq.1"}, "invalid column 'nothing'"),
        ({"filter": "secret=eq.1"}, "may not select"),
        ({"filter": "id=eq.one"}, "invalid input syntax for type integer"),
        ({"filter": "id=in.(1,two)"}, "invalid input syntax for type integer"),
        ({"filter": "id=eq.\ud800"}, "An exception happened"),
        ({"select": ["nothing"]}, "invalid column 'nothing'"),
    ],
)
async def test_what_cannot_be_subscribed_to_is_told(subscribe, binding, says):
    socket = await subscribe(**binding)
    assert (socket.told["status"], socket.told["extension"]) == ("error", "postgres_changes")
    assert says in socket.told["message"]
    assert (await socket.ask("phoenix", "heartbeat", {}))["status"] == "ok"


async def test_bindings_of_one_channel_share_a_message(connect, cast, sql):
    socket = await connect()
    wanted = [
        {"event": "INSERT", "schema": "public", "table": "notes"},
        {"event": "*", "schema": "public", "table": "notes", "filter": "id=eq.1"},
        {"event": "DELETE", "schema": "public", "table": "notes"},
    ]
    reply = await socket.join("changes", token=cast.service, private=False, postgres_changes=wanted)
    ids = [one["id"] for one in reply["response"]["postgres_changes"]]
    await socket.expect("system")
    await sql.execute("insert into notes (id) values (1)")
    assert (await socket.expect("postgres_changes")).payload["ids"] == ids[:2]


async def test_new_token_changes_what_is_seen(subscribe, sql, cast):
    socket = await subscribe()
    await socket.send("realtime:changes", "access_token", {"access_token": cast.token(name="bob")})
    assert (await socket.expect("system")).payload["message"] == "Subscribed to PostgreSQL"
    await sql.execute("insert into notes (id, owner) values (1, 'ann'), (2, 'bob')")
    assert (await change(socket))["record"]["id"] == 2


async def test_rollback_shows_nothing(subscribe, sql):
    socket = await subscribe()
    async with sql.transaction(force_rollback=True):
        await sql.execute("insert into notes (id, owner) values (1, 'ann')")
    await sql.execute("insert into notes (id, owner) values (2, 'ann')")
    assert (await change(socket))["record"]["id"] == 2


async def test_table_changed_meanwhile_is_read_as_it_is(subscribe, sql):
    socket = await subscribe()
    await sql.execute("alter table notes add column more numeric")
    await sql.execute("grant select (more) on notes to authenticated")
    await sql.execute("insert into notes (id, owner, more) values (1, 'ann', 0.1)")
    assert (await change(socket))["record"]["more"] == 0.1
    await sql.execute("alter table notes drop column body")
    await sql.execute("insert into notes (id, owner) values (2, 'ann')")
    assert "body" not in (await change(socket))["record"]


async def test_leaving_ends_the_subscription(subscribe, sql):
    socket = await subscribe()
    await socket.ask("realtime:changes", "phx_leave", {})
    await socket.expect("phx_close")
    await sql.execute("insert into notes (id, owner) values (1, 'ann')")
    assert await socket.settled() == []
