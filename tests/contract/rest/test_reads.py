"""Reading: filters, shapes, orders, ranges and counts, as the protocol words them."""

import pytest


def rows(response):
    assert response.status_code in {200, 206}, response.text
    return response.json()


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("id=eq.1", [1]),
        ("id=not.eq.1", [2, 3, 4]),
        ("id=gt.1&id=lte.3", [2, 3]),
        ("id=in.(1,4)", [1, 4]),
        ("id=not.in.(1,4)", [2, 3]),
        ("id=in.()", []),
        ('title=in.("The Dispossessed","x, y")', [2]),
        ("title=like.*citta*", [3]),
        ("title=ilike.the*", [2]),
        ("title=like(any).{A*,Il*}", [1, 4]),
        ("title=like(all).{*a*,*W*}", [1]),
        ("id=eq(any).{1,3}", [1, 3]),
        ("title=match.^[AI]", [1, 4]),
        ("title=imatch.^the", [2]),
        ("editor_id=is.null", [1, 3]),
        ("editor_id=is.not_null", [2, 4]),
        ("editor_id=not.is.NULL", [2, 4]),
        ("editor_id=isdistinct.2", [1, 3, 4]),
        ("editor_id=not.isdistinct.2", [2]),
        ("tags=cs.{sea}", [1, 3]),
        ("tags=cd.{utopia,sea}", [2, 4]),
        ("tags=ov.{utopia,cities}", [2, 3]),
        ("loans=sl.[6,9)", [1]),
        ("loans=sr.[1,4)", [2]),
        ("loans=nxr.[1,5)", [1]),
        ("loans=nxl.[5,6)", [2]),
        ("loans=adj.[9,12)", [2]),
        ("title=fts.wizard", [1]),
        ("title=plfts(english).dispossessed", [2]),
        ("title=not.wfts.wizard", [2, 3, 4]),
        ("title=phfts(simple).le citta", [3]),
        ("title_words=fts(simple).the", [2]),
        ("or=(id.eq.1,id.eq.4)", [1, 4]),
        ("not.or=(id.eq.1,id.eq.4)", [2, 3]),
        ("and=(id.gt.1,or(pages.lt.200,binding.eq.hardcover))", [3, 4]),
        ("or=(not.and(id.gt.1,id.lt.4),title.like.*ible*)", [1, 4]),
        ('or=(tags.cs.{utopia,utopia},title.in.("Il barone rampante"))', [2, 4]),
        ("decade=eq.3", [2]),
        ("spine=eq.%230000ff", [1]),
        ("spine=in.(%230000ff,%2300ff00)", [1, 2]),
    ],
)
def test_filters(api, query, ids):
    assert [row["id"] for row in rows(api.get(f"/books?select=id&order=id&{query}"))] == ids


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select=title&id=eq.1", [{"title": "A Wizard of Earthsea"}]),
        ("select=n:id::text&id=eq.1", [{"n": "1"}]),
        ("select=decade&id=eq.2", [{"decade": 3}]),
        ("select=spine&id=eq.1", [{"spine": "#0000ff"}]),
        ("select=tags->0&id=eq.1", [{"tags": "fantasy"}]),
        ("select=authors!books_author_id_fkey(name)&id=eq.1", [{"authors": {"name": "Ursula K. Le Guin"}}]),
        ("select=writer:authors!author_id(name)&id=eq.3", [{"writer": {"name": "Italo Calvino"}}]),
        ("select=editor_id(name)&id=eq.2", [{"editor_id": {"name": "Italo Calvino"}}]),
        ("select=books_editor(name)&id=eq.1", [{"books_editor": None}]),
        ("select=genres(name)&id=eq.3&genres.order=name", [{"genres": [{"name": "fable"}, {"name": "fantasy"}]}]),
        ("select=genres!book_genres(id)&id=eq.4", [{"genres": [{"id": 3}]}]),
        ("select=isbns(code)&id=eq.1", [{"isbns": {"code": "978-0-395-27653-2"}}]),
        ("select=isbns(code)&id=eq.3", [{"isbns": None}]),
        ("select=id,isbns!inner(code)&order=id.desc&limit=1", [{"id": 2, "isbns": {"code": "978-0-06-051275-5"}}]),
        ("select=co_writers(id)&id=eq.2", [{"co_writers": [{"id": 1}, {"id": 2}]}]),
        ("select=first_author(name)&id=eq.2", [{"first_author": {"name": "Ursula K. Le Guin"}}]),
        ("select=id,...publishers(publisher:name)&id=eq.3", [{"id": 3, "publisher": "Einaudi"}]),
        ("select=id,...genres(kinds:name)&id=eq.3&genres.order=name.desc", [{"id": 3, "kinds": ["fantasy", "fable"]}]),
        ("select=id,publishers()&publishers=is.null", [{"id": 2}]),
        ("select=id,publishers()&publishers=not.is.null&order=id", [{"id": 1}, {"id": 3}, {"id": 4}]),
        ("select=id&publishers.name=eq.Einaudi", None),
        (
            "select=id,publishers(name)&order=publishers(name).desc.nullslast,id.desc&limit=1",
            [{"id": 1, "publishers": {"name": "Parnassus"}}],
        ),
    ],
)
def test_shapes(api, query, expected):
    response = api.get(f"/books?{query}")
    if expected is None:
        assert response.json()["code"] == "PGRST108"
    else:
        assert rows(response) == expected


def test_json_arrows_in_select_filter_and_order(api):
    query = "select=id,data->prizes->>hugo,data->names->>0&data->prizes->hugo=gt.-1&order=data->prizes->hugo.desc"
    assert rows(api.get(f"/authors?{query}")) == [
        {"id": 1, "hugo": "8", "names": "Ursula"},
        {"id": 2, "hugo": "0", "names": None},
    ]


def test_embeddings_nest_and_take_their_own_filters_orders_and_limits(api):
    query = (
        "select=name,books!author_id(title,genres(name))&order=id&limit=2"
        "&books.order=pages.desc&books.limit=1&books.genres.name=like.f*&books.title=neq.x"
    )
    assert rows(api.get(f"/authors?{query}")) == [
        {"name": "Ursula K. Le Guin", "books": [{"title": "The Dispossessed", "genres": []}]},
        {"name": "Italo Calvino", "books": [{"title": "Il barone rampante", "genres": [{"name": "fable"}]}]},
    ]


def test_inner_embedding_filters_the_parents_and_their_count(api):
    response = api.get(
        "/authors?select=name,books!author_id!inner(title)&books.pages=gt.300", headers={"Prefer": "count=exact"}
    )
    assert rows(response) == [{"name": "Ursula K. Le Guin", "books": [{"title": "The Dispossessed"}]}]
    assert response.headers["content-range"] == "0-0/1"


def test_a_key_to_its_own_table_gives_children_by_name_and_the_parent_by_column(api):
    response = api.get("/publishers?select=name,owner_id(name),publishers(name)&order=id")
    assert rows(response) == [
        {"name": "Parnassus", "owner_id": None, "publishers": [{"name": "Einaudi"}]},
        {"name": "Einaudi", "owner_id": {"name": "Parnassus"}, "publishers": []},
    ]


def test_views_of_a_hidden_schema_embed_by_its_keys(api):
    assert rows(api.get("/members?select=name,cards(code)&order=number&cards.order=id")) == [
        {"name": "Ada", "cards": [{"code": "c10"}, {"code": "c11"}]},
        {"name": "Bob", "cards": [{"code": "c12"}]},
    ]
    assert rows(api.get("/cards?select=code,members(name)&id=eq.12")) == [{"code": "c12", "members": {"name": "Bob"}}]
    assert rows(api.get("/thick_books?select=id,publishers(name),genres(name)")) == [
        {"id": 2, "publishers": None, "genres": [{"name": "science fiction"}]}
    ]


def test_an_ambiguous_embedding_lists_the_ways_out(api):
    response = api.get("/books?select=id,authors(name)")
    error = response.json()
    assert (response.status_code, error["code"]) == (300, "PGRST201")
    assert error["message"] == (
        "Could not embed because more than one relationship was found for 'books' and 'authors'"
    )
    assert {
        "cardinality": "many-to-one",
        "embedding": "books with authors",
        "relationship": "books_author_id_fkey using books(author_id) and authors(id)",
    } in error["details"]
    assert error["hint"] == (
        "Try changing 'authors' to one of the following: 'authors!books_author_id_fkey', 'authors!books_editor'. "
        "Find the desired relationship in the 'details' key."
    )


@pytest.mark.parametrize(
    ("headers", "query", "status", "content_range"),
    [
        ({}, "", 200, "0-3/*"),
        ({"Prefer": "count=exact"}, "", 200, "0-3/4"),
        ({"Prefer": "count=exact"}, "limit=2&offset=1", 206, "1-2/4"),
        ({"Prefer": "count=exact"}, "id=eq.99", 200, "*/0"),
        ({"Prefer": "count=exact"}, "limit=0", 206, "*/4"),
        ({"Prefer": "count=exact"}, "offset=9", 416, "*/4"),
        ({"Range": "1-2"}, "", 200, "1-2/*"),
        ({"Range": "1-2", "Prefer": "count=exact"}, "", 206, "1-2/4"),
        ({"Range": "2-"}, "", 200, "2-3/*"),
        ({"Range": "0-9", "Prefer": "count=exact"}, "limit=3", 206, "0-2/4"),
        ({}, "limit=nonsense", 200, "0-3/*"),
    ],
)
def test_ranges(api, headers, query, status, content_range):
    response = api.get(f"/books?select=id&order=id&{query}", headers=headers)
    assert response.status_code == status, response.text
    assert response.headers["content-range"] == content_range


def test_ranges_that_make_no_sense_are_refused(api):
    for path, headers in [("/books?limit=-1", {}), ("/books", {"Range": "5-2"})]:
        response = api.get(path, headers=headers)
        assert (response.status_code, response.json()["code"]) == (416, "PGRST103")
    beyond = api.get("/books?offset=9", headers={"Prefer": "count=exact"}).json()
    assert beyond["details"] == "An offset of 9 was requested, but there are only 4 rows."


def test_planned_and_estimated_counts_come_from_the_planner(api, library_db):
    planned = api.get("/books?select=id", headers={"Prefer": "count=planned"})
    assert planned.headers["content-range"].partition("/")[2].isdigit()
    estimated = api.get("/books?select=id", headers={"Prefer": "count=estimated"})
    assert estimated.headers["content-range"] == "0-3/4"


def test_one_object_or_an_error(api):
    single = {"Accept": "application/vnd.pgrst.object+json"}
    found = api.get("/genres?id=eq.1", headers=single)
    assert (found.json(), found.headers["content-type"]) == (
        {"id": 1, "name": "fantasy"},
        "application/vnd.pgrst.object+json; charset=utf-8",
    )
    several = api.get("/genres", headers=single)
    assert (several.status_code, several.json()) == (
        406,
        {
            "code": "PGRST116",
            "details": "The result contains 3 rows",
            "hint": None,
            "message": "Cannot coerce the result to a single JSON object",
        },
    )
    assert several.headers["proxy-status"] == "PostgREST; error=PGRST116"


def test_other_formats(api):
    assert api.get("/genres?order=id&limit=1", headers={"Accept": "text/csv"}).text == "id,name\n1,fantasy"
    stripped = {"Accept": "application/vnd.pgrst.array+json;nulls=stripped"}
    assert api.get("/books?select=id,editor_id&id=in.(1,2)&order=id", headers=stripped).json() == [
        {"id": 1},
        {"id": 2, "editor_id": 2},
    ]
    assert api.get("/genres", headers={"Accept": "image/png"}).status_code == 406
    preferred = api.get("/genres", headers={"Accept": "text/csv;q=0.1, application/json"})
    assert preferred.headers["content-type"] == "application/json; charset=utf-8"


def test_head_has_the_headers_and_no_body(api):
    response = api.head("/books", headers={"Prefer": "count=exact"})
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-range"] == "0-3/4"


def test_the_time_zone_may_be_preferred(api):
    api.post("/notes", json={"id": 9001, "body": "zone"})
    known = api.get("/notes?id=eq.9001&select=made_at", headers={"Prefer": "timezone=America/Los_Angeles"})
    assert known.json() == [{"made_at": "2024-05-01T05:00:00-07:00"}]
    assert known.headers["preference-applied"] == "timezone=America/Los_Angeles"
    offset = api.get("/notes?id=eq.9001&select=made_at", headers={"Prefer": "timezone=-4"})
    assert rows(offset) == [{"made_at": "2024-05-01T08:00:00-04:00"}]
    for handling in ("", ", handling=strict", ", handling=lenient"):
        unknown = api.get("/notes", headers={"Prefer": f"timezone=Mars/Phobos{handling}"})
        assert (unknown.status_code, unknown.json()["code"]) == (400, "22023")


def test_names_that_need_quoting_stay_names(api):
    response = api.get('/odd?select=" weird \\"name\\"","a.b","semi;colon"&"a.b"=eq.2')
    assert rows(response) == [{' weird "name"': 1, "a.b": 2, "semi;colon": "x"}]
    injected = api.get('/books?select=id&"id\\";drop table books;--"=eq.1')
    assert injected.json()["code"] == "42703"
    assert len(rows(api.get("/books?select=id"))) == 4


def test_equal_shapes_with_other_values_share_a_statement_and_not_its_values(api):
    found = [rows(api.get(f"/books?select=id&id=eq.{number}&title=like.*")) for number in (1, 2, 3, 1)]
    assert found == [[{"id": 1}], [{"id": 2}], [{"id": 3}], [{"id": 1}]]
    pages = [rows(api.get(f"/books?select=id&order=id&limit={n}&offset={n}")) for n in (1, 2)]
    assert pages == [[{"id": 2}], [{"id": 3}, {"id": 4}]]
