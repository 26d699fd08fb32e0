"""What surrounds a request: who asks, in which schema, with which settings; errors, OPTIONS, OpenAPI, reloads."""

import asyncio
import itertools
import time

import httpx
import psycopg
import pytest


def test_roles_and_claims_reach_the_database(api, as_user):
    mine = as_user("reader")
    created = api.post(
        "/diary?select=owner,line", json={"line": "dear"}, headers={**mine, "Prefer": "return=representation"}
    )
    assert created.json() == [{"owner": "reader", "line": "dear"}]
    assert api.get("/diary?select=line", headers=mine).json() == [{"line": "dear"}]
    assert api.get("/diary", headers=as_user("other")).json() == []
    claims = api.get("/rpc/variable?name=request.jwt.claims", headers=as_user("x", extra=1)).json()
    assert '"extra":1' in claims
    assert '"role":"authenticated"' in claims


def test_no_privilege_is_401_for_strangers_and_403_for_users(api, as_user):
    stranger = api.get("/diary")
    assert (stranger.status_code, stranger.json()["code"], stranger.headers["www-authenticate"]) == (
        401,
        "42501",
        "Bearer",
    )
    foreign = api.post("/diary", json={"owner": "somebody else", "line": "x"}, headers=as_user("me"))
    assert (foreign.status_code, foreign.json()["code"]) == (403, "42501")


@pytest.mark.parametrize(
    ("authorization", "code", "message"),
    [
        ("Bearer", "PGRST301", "Empty JWT is sent in Authorization header"),
        ("Bearer abc", "PGRST301", "Expected 3 parts in JWT; got 1"),
        ("Bearer a.b.c", "PGRST301", "JWT cryptographic operation failed"),
    ],
)
def test_tokens_that_cannot_be_read(api, authorization, code, message):
    response = api.get("/genres", headers={"Authorization": authorization})
    assert (response.status_code, response.json()["code"], response.json()["message"]) == (401, code, message)
    assert response.headers["www-authenticate"].startswith('Bearer error="invalid_token"')


def test_tokens_that_are_not_valid_now(api, as_user):
    expired = api.get("/genres", headers=as_user(exp=int(time.time()) - 600))
    assert (expired.status_code, expired.json()["code"], expired.json()["message"]) == (401, "PGRST303", "JWT expired")
    unknown_role = api.get("/genres", headers=as_user(role="nobody_here"))
    assert (unknown_role.status_code, unknown_role.json()["code"]) == (401, "22023")


def test_without_a_secret_every_token_is_refused_and_nobody_else(make_api, as_user):
    keyless = make_api(jwt_secret=None, jwt_signing_key=None)
    refused = keyless.get("/genres", headers=as_user())
    assert (refused.status_code, refused.json()["code"], refused.json()["message"]) == (
        500,
        "PGRST300",
        "Server lacks JWT secret",
    )
    assert keyless.get("/genres").status_code == 200


def test_without_an_anonymous_role_a_token_is_required(make_api):
    response = make_api(db_anon_role=None).get("/genres")
    assert (response.status_code, response.json()["code"], response.headers["www-authenticate"]) == (
        401,
        "PGRST302",
        "Bearer",
    )


def test_schemas_are_chosen_by_profile(make_api, api):
    both = make_api(db_schemas=("public", "shop"))
    assert both.get("/items", headers={"Accept-Profile": "shop"}).json() == [{"id": 1, "name": "bookmark"}]
    made = both.post(
        "/items", json={"id": 2, "name": "lamp"}, headers={"Content-Profile": "shop", "Prefer": "return=representation"}
    )
    assert (made.status_code, made.headers["content-profile"]) == (201, "shop")
    assert both.get("/rpc/where_am_i", headers={"Accept-Profile": "shop"}).json() == "shop"
    assert both.get("/items").status_code == 404
    for client, exposed in [(both, "public, shop"), (api, "public")]:
        refused = client.get("/items", headers={"Accept-Profile": "secret"})
        assert (refused.status_code, refused.json()["code"]) == (406, "PGRST106")
        assert refused.json()["hint"] == f"Only the following schemas are exposed: {exposed}"


def test_supabase_clients_always_name_the_default_schema(api):
    response = api.get("/genres?limit=1", headers={"Accept-Profile": "public"})
    assert (response.status_code, response.headers["content-profile"]) == (200, "public")


@pytest.mark.parametrize(
    ("path", "allow"),
    [
        ("/books", "OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE"),
        ("/cards", "OPTIONS,GET,HEAD,POST,PUT,PATCH,DELETE"),
        ("/rpc/add?a=1", "OPTIONS,GET,HEAD,POST"),
        ("/rpc/nothing", "OPTIONS,POST"),
        ("/", "OPTIONS,GET,HEAD"),
    ],
)
def test_options_tell_the_methods(api, path, allow):
    response = api.options(path)
    assert (response.status_code, response.headers["allow"]) == (200, allow)
    assert response.headers["access-control-allow-origin"] == "*"
    asked_by_a_page = api.options(path, headers={"Origin": "http://page.test"})
    assert asked_by_a_page.headers.get_list("access-control-allow-origin") == ["*"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/boks", 404, "PGRST205"),
        ("GET", "/a/b/c", 404, "PGRST125"),
        ("GET", "/rpc", 404, "PGRST205"),
        ("PROPFIND", "/books", 405, "PGRST117"),
        ("GET", "/books?select=nothing(*)", 400, "PGRST200"),
        ("GET", "/books?nothing=eq.1", 400, "42703"),
        ("GET", "/books?id=eq.x", 400, "22P02"),
        ("GET", "/books?id=noop.1", 400, "PGRST100"),
        ("GET", "/books?order=genres(name)&select=id,genres(name)", 400, "PGRST118"),
        ("GET", "/books?order=genres(name)", 400, "PGRST108"),
        ("GET", "/books?select=id.count()", 400, "PGRST123"),
        ("GET", "/books?title=eq.a%00b", 400, "22021"),
        ("GET", "/books?title=eq.%ff%fe", 400, "PGRST100"),
    ],
)
def test_requests_that_cannot_be_served(api, method, path, status, code):
    response = api.request(method, path)
    assert (response.status_code, response.json()["code"]) == (status, code), response.text


def test_hints_name_what_was_probably_meant(api):
    assert api.get("/boks").json()["hint"] == "Perhaps you meant the table 'public.books'"
    assert api.get("/books?select=genre(*)").json()["hint"] == "Perhaps you meant 'genres' instead of 'genre'."


def test_parse_errors_say_where_and_what(api):
    assert api.get("/books?select=id,title!!").json() == {
        "code": "PGRST100",
        "details": 'unexpected \'!\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
        "hint": None,
        "message": '"failed to parse select parameter (id,title!!)" (line 1, column 9)',
    }


def test_aggregates_where_they_are_allowed(make_api):
    api = make_api(db_aggregates_enabled=True)
    assert api.get("/books?select=binding,pages.sum(),count()&order=binding").json() == [
        {"binding": "hardcover", "sum": 413, "count": 2},
        {"binding": "paperback", "sum": 552, "count": 2},
    ]
    assert api.get("/books?select=total:pages.sum()::text,pages.max()").json() == [{"total": "965", "max": 387}]
    grouped = api.get("/books?select=...publishers(publisher:name),pages.avg()::int&order=publishers(publisher)")
    assert grouped.json() == [
        {"publisher": "Einaudi", "avg": 198},
        {"publisher": "Parnassus", "avg": 183},
        {"publisher": None, "avg": 387},
    ]
    assert api.get("/publishers?select=name,books(pages.sum())&order=id").json() == [
        {"name": "Parnassus", "books": [{"sum": 183}]},
        {"name": "Einaudi", "books": [{"sum": 395}]},
    ]


def test_max_rows_bound_every_level(make_api):
    api = make_api(db_max_rows=2)
    response = api.get("/genres?order=id&limit=50", headers={"Prefer": "count=exact"})
    assert (response.status_code, len(response.json()), response.headers["content-range"]) == (206, 2, "0-1/3")
    assert len(api.get("/authors?id=eq.1&select=books!author_id(id)").json()[0]["books"]) == 2


def test_the_pre_request_function_may_refuse(make_api):
    api = make_api(db_pre_request="public.gate")
    assert api.get("/genres").status_code == 200
    blocked = api.get("/genres", headers={"X-Blocked": "yes"})
    assert (blocked.status_code, blocked.json()["message"]) == (403, "blocked")


def test_plans_where_they_are_allowed(make_api, api):
    plan = {"Accept": "application/vnd.pgrst.plan+json"}
    assert api.get("/genres", headers=plan).status_code == 406
    shown = make_api(db_plan_enabled=True).get("/genres", headers=plan)
    assert "Plan" in shown.json()[0]
    assert shown.headers["content-type"] == 'application/vnd.pgrst.plan+json; for="application/json"; charset=utf-8'


def test_a_plan_of_a_write_changes_nothing(make_api, api):
    plan = {"Accept": "application/vnd.pgrst.plan+json; options=verbose"}
    shown = make_api(db_plan_enabled=True).delete("/genres?id=eq.3", headers=plan)
    assert "genres" in shown.text
    assert api.get("/genres?id=eq.3").json() == [{"id": 3, "name": "fable"}]


def test_the_root_describes_the_api(api, as_user):
    described = api.get("/", headers=as_user()).json()
    assert (described["swagger"], described["info"]["title"]) == ("2.0", "Library API")
    assert described["info"]["description"] == "Books, people and what they borrow."
    authors = described["definitions"]["authors"]
    assert authors["required"] == ["id", "name", "data"]
    assert authors["properties"]["born"] == {"description": "Year of birth", "format": "int32", "type": "integer"}
    books = described["definitions"]["books"]["properties"]
    assert "<fk table='publishers' column='id'/>" in books["publisher_id"]["description"]
    assert books["binding"]["enum"] == ["hardcover", "paperback"]
    assert described["paths"]["/authors"]["get"]["summary"] == "People who wrote"
    assert described["paths"]["/rpc/add"]["get"]["summary"] == "Adds"
    assert "diary" in described["definitions"]
    assert "diary" not in api.get("/").json()["definitions"]


def test_the_description_names_argument_types_as_the_role_sees_them(api, make_api):
    def format_in(document):
        return document["paths"]["/rpc/is_bound"]["get"]["parameters"][0]["format"]

    assert format_in(api.get("/").json()) == "binding"
    assert format_in(make_api(openapi_mode="ignore-privileges").get("/").json()) == "public.binding"


def test_the_root_can_be_closed(make_api):
    response = make_api(openapi_mode="disabled").get("/")
    assert (response.status_code, response.json()["code"]) == (404, "PGRST126")


def test_timings_and_traces_where_they_are_wanted(make_api):
    api = make_api(server_timing_enabled=True, server_trace_header="X-Trace")
    response = api.get("/genres", headers={"X-Trace": "abc"})
    assert response.headers["x-trace"] == "abc"
    for part in ("jwt", "parse", "plan", "transaction", "response"):
        assert f"{part};dur=" in response.headers["server-timing"]


TIMED = ("jwt", "parse", "plan", "transaction", "response")


@pytest.mark.parametrize(
    ("method", "path", "authorization", "parts"),
    [
        ("GET", "/", None, TIMED),
        ("OPTIONS", "/genres", None, ("jwt", "parse", "response")),
        ("GET", "/genres", "Bearer none", ("jwt",)),
        ("GET", "/genres?id=1", None, ("jwt", "parse")),
        ("GET", "/genres?select=id,shelves(*)", None, ("jwt", "parse", "plan")),
        ("GET", "/genres?id=eq.x", None, ("jwt", "parse", "plan", "transaction")),
    ],
)
def test_errors_are_timed_up_to_the_part_that_failed(make_api, method, path, authorization, parts):
    api = make_api(server_timing_enabled=True)
    response = api.request(method, path, headers={"Authorization": authorization} if authorization else {})
    assert tuple(one.split(";")[0] for one in response.headers["server-timing"].split(", ")) == parts


async def eventually(check, seconds=60.0):
    """Asks again until it is so: the server tells nobody when it has read its configuration anew."""
    deadline = time.monotonic() + seconds
    for pause in itertools.repeat(0.05):
        if await check():
            return
        assert time.monotonic() < deadline
        await asyncio.sleep(pause)


async def test_a_new_table_is_served_as_soon_as_it_is_there(library_db, gateway_of_module):
    async with httpx.AsyncClient(base_url=gateway_of_module.url, timeout=60) as client:
        assert (await client.get("/fresh")).status_code == 404
        with psycopg.connect(library_db.url("postgres"), autocommit=True) as connection:
            connection.execute("create table public.fresh (id int); grant select on public.fresh to anon")

        async def served():
            return (await client.get("/fresh")).status_code == 200

        await eventually(served)


async def test_configuration_in_the_database_is_read_again_on_request(library_db, library):
    async with httpx.AsyncClient(base_url=library().url, timeout=60) as client:
        assert len((await client.get("/genres")).json()) >= 3
        with psycopg.connect(library_db.url("supabase_admin"), autocommit=True) as connection:
            name = library_db.name
            connection.execute(f'alter role authenticator in database "{name}" set pgrst.db_max_rows = 1')
            connection.execute("notify pgrst, 'reload config'")

            async def limited():
                return len((await client.get("/genres")).json()) == 1

            await eventually(limited)
            connection.execute(f'alter role authenticator in database "{name}" reset pgrst.db_max_rows')
            connection.execute("notify pgrst, 'reload config'")


def test_a_function_may_set_the_configuration_as_it_is_read(make_api):
    configured = make_api(db_pre_config="keeping.true")
    assert configured.get("/rpc/where_am_i").json() == "shop"
    assert configured.get("/genres").status_code == 404


async def test_a_full_pool_answers_in_time_and_recovers(library_db, library):
    gateway = library(db_pool=1, db_pool_acquisition_timeout=1)
    patient = {"Authorization": f"Bearer {gateway.tokens.sign({'role': 'service_role'})}"}

    async def held_up():
        with psycopg.connect(library_db.url("supabase_admin"), autocommit=True) as connection:
            return connection.execute(
                "select 1 from pg_locks where relation = 'public.genres'::regclass and not granted"
            ).fetchone()

    async with httpx.AsyncClient(base_url=gateway.url, timeout=60) as client, asyncio.TaskGroup() as group:
        with psycopg.connect(library_db.url("postgres")) as holder:
            holder.execute("lock table public.genres")
            busy = group.create_task(client.get("/genres", headers=patient))
            await eventually(held_up)
            waiting = await client.get("/books")
            assert (waiting.status_code, waiting.json()["code"]) == (504, "PGRST003")
        assert (await busy).status_code == 200
        assert (await client.get("/genres")).status_code == 200


def test_lost_connections_are_replaced(api, library_db):
    assert api.get("/genres").status_code == 200
    with psycopg.connect(library_db.url("supabase_admin"), autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'upshot-gateway rest' "
            "and datname = current_database()"
        )
    assert api.get("/genres").status_code == 200
    with psycopg.connect(library_db.url("supabase_admin"), autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'upshot-gateway rest' "
            "and datname = current_database()"
        )
    assert api.get("/genres").status_code == 200


LEGACY = "/books?select=id,writer:authors!author_id(name)&id=eq.1&authors.order=name"


def test_a_resource_called_by_its_relation_although_it_has_an_alias_gets_a_warning(api):
    response = api.get(LEGACY)
    assert response.json() == [{"id": 1, "writer": {"name": "Ursula K. Le Guin"}}]
    assert response.headers["warning"].startswith('299 PostgRESTv16 "')
    assert "`authors` to `writer`" in response.headers["warning"]
    assert "warning" not in api.get(LEGACY.replace("authors.order", "writer.order")).headers
    assert "warning" not in api.get("/books?select=id,genres(name)&genres.order=name").headers


def test_that_can_be_refused(make_api):
    strict = make_api(url_use_legacy_target_names=False)
    refused = strict.get(LEGACY)
    assert refused.status_code == 400
    assert refused.json()["hint"] == "Change 'authors' to 'writer' in filters, orders or limits."
    assert strict.get(LEGACY.replace("authors.order", "writer.order")).status_code == 200


def test_errors_can_keep_details_and_hints_back(make_api):
    quiet = make_api(client_error_verbosity="minimal")
    assert set(quiet.get("/boks").json()) == {"code", "message"}
    assert set(quiet.get("/books?id=eq.x").json()) == {"code", "message"}
    beyond = quiet.get("/books?offset=99", headers={"Prefer": "count=exact"})
    assert (beyond.status_code, set(beyond.json())) == (416, {"code", "message"})
