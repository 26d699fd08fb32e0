"""supabase-py, unmodified, through the whole gateway with its keys."""

import pytest
from postgrest.exceptions import APIError
from supabase import create_client
from supabase.lib.client_options import SyncClientOptions

pytestmark = [
    pytest.mark.clients,
    # supabase-py hands its own REST client parameters that the latter has deprecated.
    pytest.mark.filterwarnings("ignore:The '.*' parameter is deprecated:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def gateway_with_keys(library):
    return library(root_service=None, require_apikey=True)


@pytest.fixture(scope="module")
def connect(gateway_with_keys):
    """`connect(key, headers)` makes a client; their connections are closed at the end."""
    made = []

    def connect(key, headers=None):
        made.append(create_client(gateway_with_keys.url, key, SyncClientOptions(headers=headers or {})))
        return made[-1]

    yield connect
    for one in made:
        one.postgrest.aclose()
        one.auth.close()


@pytest.fixture(scope="module")
def client(connect, gateway_with_keys):
    return connect(gateway_with_keys.settings.publishable_key)


def test_reads_with_filters_embeddings_and_counts(client):
    answer = (
        client.table("books")
        .select("id, title, authors!author_id(name), genres(name)", count="exact")
        .gte("pages", 150)
        .or_("binding.eq.hardcover,title.ilike.*dispossessed*")
        .order("id", desc=True)
        .range(0, 1)
        .execute()
    )
    assert answer.count == 3
    assert [row["id"] for row in answer.data] == [4, 2]
    assert answer.data[1]["authors"] == {"name": "Ursula K. Le Guin"}


def test_single_and_maybe_single(client):
    assert client.table("genres").select("name").eq("id", 1).single().execute().data == {"name": "fantasy"}
    assert client.table("genres").select("*").eq("id", -1).maybe_single().execute() is None
    with pytest.raises(APIError) as error:
        client.table("genres").select("*").single().execute()
    assert error.value.code == "PGRST116"


def test_a_row_from_insert_to_delete(client):
    table = client.table("genres")
    assert table.insert({"id": 5001, "name": "py"}).execute().data == [{"id": 5001, "name": "py"}]
    assert table.upsert([{"id": 5001, "name": "python"}, {"id": 5002, "name": "new"}]).execute().data == [
        {"id": 5001, "name": "python"},
        {"id": 5002, "name": "new"},
    ]
    assert table.update({"name": "changed"}).eq("id", 5002).execute().data == [{"id": 5002, "name": "changed"}]
    assert len(table.delete().in_("id", [5001, 5002]).execute().data) == 2


def test_functions(client):
    assert client.rpc("add", {"a": 2, "b": 3}).execute().data == 5
    assert client.rpc("add", {"a": 2}, get=True).execute().data == 12
    books = client.rpc("books_by", {"writer": 1}).select("id").order("id").limit(1).execute()
    assert books.data == [{"id": 1}]
    with pytest.raises(APIError) as error:
        client.rpc("complain", {"code": "PT409", "message": "busy"}).execute()
    assert (error.value.code, error.value.details, error.value.hint) == ("PT409", "the detail", "the hint")


def test_the_secret_key_acts_as_the_service(connect, gateway_with_keys):
    settings = gateway_with_keys.settings
    service = connect(settings.secret_key)
    service.table("diary").insert({"owner": "u77", "line": "by service"}).execute()
    token = gateway_with_keys.tokens.sign({"sub": "u77", "role": "authenticated"})
    user = connect(settings.publishable_key, {"Authorization": f"Bearer {token}"})
    assert user.table("diary").select("line").execute().data == [{"line": "by service"}]


def test_without_a_key_nobody_gets_in(connect):
    stranger = connect("sb_publishable_of_somebody_else")
    with pytest.raises(APIError):
        stranger.table("genres").select("*").execute()
