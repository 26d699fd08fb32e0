"""Values with an inside: composites, arrays, ranges and documents; and values made of many rows."""

import pytest


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("select=at->y&at->x=eq.4", [{"y": 5}]),
        ("select=at->>z&id=eq.1", [{"z": "3"}]),
        ("select=first:heights->0,last:heights->-1&id=eq.2", [{"first": 50, "last": 70}]),
        ("select=id&heights->>1=eq.40", [{"id": 1}]),
        ("select=id&order=at->x.desc.nullslast&limit=1", [{"id": 2}]),
        ("select=id&heights=eq.{30,40}", [{"id": 1}]),
        ("select=id&heights=cs.{60,70}", [{"id": 2}]),
        ("select=id&heights=cd.{30,40,50}", [{"id": 1}]),
        ("select=id&heights=ov.{40,50}", [{"id": 1}, {"id": 2}]),
        ("select=id&heights=isdistinct.{30,40}", [{"id": 2}, {"id": 3}]),
        ("select=id&label=fts.star", [{"id": 2}]),
        ("select=id&label=not.wfts(english).stars", [{"id": 1}]),
        ("select=id&label=plfts(english).old%20map", [{"id": 1}]),
        ("select=id&label=phfts(english).maps%20old", []),
    ],
)
def test_arrows_and_operators_reach_inside(api, query, expected):
    assert api.get(f"/shelves?{query}{'' if 'order' in query else '&order=id'}").json() == expected


@pytest.mark.parametrize(
    ("operator", "ids"),
    [
        ("eq.[1,3]", [1]),
        ("cs.[2,3]", [1]),
        ("cd.[0,4]", [1]),
        ("ov.[3,7]", [1, 2]),
        ("sl.[4,5]", [1]),
        ("sr.[4,5]", [2]),
        ("nxr.[4,9]", [1, 2]),
        ("nxl.[6,7]", [2]),
        ("adj.(3,6)", [1, 2]),
        ("isdistinct.[1,3]", [2, 3]),
    ],
)
def test_range_operators(api, operator, ids):
    assert [one["id"] for one in api.get(f"/shelves?select=id&free={operator}&order=id").json()] == ids


@pytest.mark.parametrize("query", ["select=data->>names->0", "select=data->>names->x"])
def test_an_arrow_after_text_is_what_postgres_says_it_is(api, query):
    response = api.get(f"/authors?{query}")
    assert (response.status_code, response.json()["code"]) == (404, "42883")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/books?select=count()", [{"count": 4}]),
        ("/books?select=n:count()::text", [{"n": "4"}]),
        (
            "/books?select=author_id,pages.sum()&order=author_id",
            [{"author_id": 1, "sum": 570}, {"author_id": 2, "sum": 395}],
        ),
        ("/books?select=by:author_id,pages.max()&order=author_id.desc&limit=1", [{"by": 2, "max": 230}]),
        ("/authors?select=data->prizes->>hugo::int.sum()", [{"sum": 8}]),
        ("/rpc/books_by?writer=1&select=pages.avg()", [{"avg": 285.0}]),
        (
            "/authors?select=name,books!books_author_id_fkey(count)&id=eq.3",
            [{"name": "Nobody Yet", "books": [{"count": 0}]}],
        ),
        (
            "/books?select=publishers(name),count()&publisher_id=eq.1",
            [{"publishers": {"name": "Parnassus"}, "count": 1}],
        ),
        ("/books?select=count(),publishers()&publishers=not.is.null", [{"count": 3}]),
        (
            "/books?select=...publishers(name),pages.sum()&publisher_id=not.is.null&order=publishers(name)",
            [{"name": "Einaudi", "sum": 395}, {"name": "Parnassus", "sum": 183}],
        ),
        (
            "/book_genres?select=...genres(name),...books(pages.sum())&order=genres(name)&limit=1",
            [{"name": "fable", "sum": 395}],
        ),
        ("/book_genres?select=...books(count())&genre_id=eq.3", [{"count": 2}]),
    ],
)
def test_aggregates_group_by_what_else_is_selected(make_api, path, expected):
    assert make_api(db_aggregates_enabled=True).get(path).json() == expected


@pytest.mark.parametrize("path", ["/books?select=pages.sum()", "/authors?select=books!books_editor(count())"])
def test_aggregates_are_off_unless_wanted(api, path):
    response = api.get(path)
    assert (response.status_code, response.json()["code"]) == (400, "PGRST123")
