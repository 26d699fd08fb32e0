"""Writing: inserts, upserts, updates, deletions, and what they give back."""

import pytest

REPRESENTATION = {"Prefer": "return=representation"}


def prefer(*preferences):
    return {"Prefer": ", ".join(preferences)}


def test_an_insert_answers_as_preferred(api):
    silent = api.post("/genres", json={"id": 100, "name": "essay"})
    assert (silent.status_code, silent.content, "content-type" in silent.headers) == (201, b"", False)
    assert silent.headers["content-range"] == "*/*"
    located = api.post("/genres", json={"id": 101, "name": "play"}, headers=prefer("return=headers-only"))
    assert located.headers["location"] == "/genres?id=eq.101"
    shown = api.post(
        "/genres?select=name", json=[{"id": 102, "name": "ode"}], headers=prefer("return=representation", "count=exact")
    )
    assert (shown.status_code, shown.json()) == (201, [{"name": "ode"}])
    assert shown.headers["content-range"] == "*/1"
    assert shown.headers["preference-applied"] == "return=representation, count=exact"


def test_embeddings_work_on_what_was_written(api):
    new = {"id": 200, "title": "Marcovaldo", "author_id": 2}
    response = api.post("/books?select=title,authors!author_id(name),genres(name)", json=new, headers=REPRESENTATION)
    assert response.json() == [{"title": "Marcovaldo", "authors": {"name": "Italo Calvino"}, "genres": []}]
    changed = api.patch(
        "/books?id=eq.200&select=title,publishers(name)", json={"publisher_id": 2}, headers=REPRESENTATION
    )
    assert changed.json() == [{"title": "Marcovaldo", "publishers": {"name": "Einaudi"}}]
    gone = api.delete("/books?id=eq.200&select=title,publishers(name)", headers=REPRESENTATION)
    assert gone.json() == [{"title": "Marcovaldo", "publishers": {"name": "Einaudi"}}]


def test_missing_values_are_null_or_the_columns_default(api):
    rows = [{"id": 310, "body": "a", "stars": 5}, {"id": 311, "body": "b"}]
    nulls = api.post("/notes?columns=id,body,stars&select=stars", json=rows, headers=REPRESENTATION)
    assert nulls.json() == [{"stars": 5}, {"stars": None}]
    rows = [{"body": "c"}, {"body": "d", "stars": 1}]
    defaults = api.post(
        "/notes?columns=id,body,stars&select=stars",
        json=rows,
        headers=prefer("return=representation", "missing=default"),
    )
    assert (defaults.status_code, defaults.json()) == (201, [{"stars": 3}, {"stars": 1}])
    assert defaults.headers["preference-applied"] == "missing=default, return=representation"


def test_columns_choose_what_of_the_body_is_taken(api):
    body = {"id": 120, "name": "saga", "rubbish": 1}
    assert api.post("/genres?columns=id,name", json=body).status_code == 201
    unknown = api.post("/genres?columns=id,zzz", json=body)
    assert (unknown.status_code, unknown.json()["code"]) == (400, "PGRST204")
    assert unknown.json()["message"] == "Could not find the 'zzz' column of 'genres' in the schema cache"
    assert api.post("/genres", json=body).json()["code"] == "PGRST204"


def test_upserts_merge_or_ignore(api):
    api.post("/settings", json={"area": "ui", "key": "theme", "value": "light"})
    merged = api.post(
        "/settings",
        json=[{"area": "ui", "key": "theme", "value": "dark"}, {"area": "ui", "key": "font", "value": "serif"}],
        headers=prefer("return=representation", "resolution=merge-duplicates"),
    )
    assert (merged.status_code, [row["value"] for row in merged.json()]) == (201, ["dark", "serif"])
    only_updated = api.post(
        "/settings",
        json={"area": "ui", "key": "theme", "value": "sepia"},
        headers=prefer("resolution=merge-duplicates"),
    )
    assert (only_updated.status_code, only_updated.headers["preference-applied"]) == (
        200,
        "resolution=merge-duplicates",
    )
    ignored = api.post(
        "/settings",
        json={"area": "ui", "key": "theme", "value": "x"},
        headers=prefer("return=representation", "resolution=ignore-duplicates"),
    )
    assert (ignored.status_code, ignored.json()) == (201, [])


def test_upserts_may_name_another_unique_key(api):
    body = {"id": 1, "name": "Ursula K. Le Guin", "born": 1929}
    response = api.post(
        "/authors?on_conflict=name&select=id",
        json=body,
        headers=prefer("return=representation", "resolution=merge-duplicates"),
    )
    assert (response.status_code, response.json()) == (200, [{"id": 1}])


def test_put_upserts_exactly_the_row_of_the_url(api):
    url = "/settings?area=eq.put&key=eq.one"
    body = {"area": "put", "key": "one", "value": "1"}
    assert api.put(url, json=body, headers=REPRESENTATION).status_code == 201
    again = api.put(url, json={**body, "value": "2"}, headers=REPRESENTATION)
    assert (again.status_code, again.json()) == (200, [{**body, "value": "2"}])
    assert api.put(url, json=body).status_code == 204
    other = api.put(url, json={**body, "key": "two"})
    assert (other.status_code, other.json()["code"]) == (400, "PGRST115")
    for wrong in ("/settings?area=eq.put", "/settings?area=eq.put&key=neq.one", f"{url}&value=eq.1", "/settings"):
        assert (api.put(wrong, json=body).status_code, api.put(wrong, json=body).json()["code"]) == (405, "PGRST105")
    assert api.put(f"{url}&limit=1", json=body).json()["code"] == "PGRST114"


def test_updates_count_and_show_what_they_changed(api):
    api.post("/genres", json=[{"id": 401, "name": "u"}, {"id": 402, "name": "u"}])
    silent = api.patch("/genres?id=in.(401,402)", json={"name": "v"}, headers=prefer("count=exact"))
    assert (silent.status_code, silent.headers["content-range"]) == (204, "0-1/2")
    nobody = api.patch("/genres?id=eq.499", json={"name": "v"}, headers=REPRESENTATION)
    assert (nobody.status_code, nobody.json(), nobody.headers["content-range"]) == (200, [], "*/*")
    nothing_to_set = api.patch("/genres?id=eq.401", json={}, headers=REPRESENTATION)
    assert (nothing_to_set.status_code, nothing_to_set.json()) == (200, [])


def test_deletions_count_and_show_what_went(api):
    api.post("/genres", json=[{"id": 411, "name": "d"}, {"id": 412, "name": "d"}])
    shown = api.delete(
        "/genres?or=(id.eq.411,id.eq.412)&select=id", headers=prefer("return=representation", "count=exact")
    )
    assert (shown.status_code, sorted(row["id"] for row in shown.json())) == (200, [411, 412])
    assert shown.headers["content-range"] == "*/2"
    assert api.delete("/genres?id=eq.411").status_code == 204


def test_a_refused_single_object_undoes_the_write(api):
    single = {"Accept": "application/vnd.pgrst.object+json", "Prefer": "return=representation"}
    two = [{"id": 501, "name": "s"}, {"id": 502, "name": "s"}]
    assert api.post("/genres", json=two, headers=single).status_code == 406
    assert api.get("/genres?id=in.(501,502)").json() == []
    one = api.post("/genres", json={"id": 503, "name": "s"}, headers=single)
    assert (one.status_code, one.json()) == (201, {"id": 503, "name": "s"})


def test_too_many_affected_rows_undo_the_write_where_handling_is_strict(api):
    api.post("/genres", json=[{"id": 601, "name": "m"}, {"id": 602, "name": "m"}])
    limited = prefer("handling=strict", "max-affected=1")
    refused = api.delete("/genres?name=eq.m", headers=limited)
    assert (refused.status_code, refused.json()["code"], refused.json()["details"]) == (
        400,
        "PGRST124",
        "The query affects 2 rows",
    )
    assert len(api.get("/genres?name=eq.m").json()) == 2
    allowed = api.delete("/genres?id=eq.601", headers=limited)
    assert allowed.headers["preference-applied"] == "handling=strict, max-affected=1"
    assert api.delete("/genres?name=eq.m", headers=prefer("max-affected=0")).status_code == 204


@pytest.mark.parametrize(
    ("content", "content_type", "message"),
    [
        ("", "application/json", "Empty or invalid json"),
        ("{nonsense", "application/json", "Empty or invalid json"),
        ('[{"id":1},{"name":"x"}]', "application/json", "All object keys must match"),
        ('[{"id":1}, 5]', "application/json", "All object keys must match"),
        ('{"id": NaN}', "application/json", "Empty or invalid json"),
        ("[" * 100_000, "application/json", "Empty or invalid json"),
        ("id,name\n1", "text/csv", "All lines must have same number of fields"),
        ("x", "image/png", "Content-Type not acceptable: image/png"),
    ],
)
def test_unusable_bodies(api, content, content_type, message):
    response = api.post("/genres", content=content, headers={"Content-Type": content_type})
    assert (response.status_code, response.json()["code"], response.json()["message"]) == (400, "PGRST102", message)


def test_csv_and_forms_are_bodies_too(api):
    csv = {"Content-Type": "text/csv", "Accept": "text/csv", **REPRESENTATION}
    response = api.post("/notes?select=body,stars", content='body,stars\n"a, b",NULL\nc,4', headers=csv)
    assert (response.status_code, response.text) == (201, 'body,stars\n"a, b",\nc,4')
    form = api.post("/genres", data={"id": "700", "name": "pulp fiction"}, headers=REPRESENTATION)
    assert form.json() == [{"id": 700, "name": "pulp fiction"}]


def test_empty_objects_insert_rows_of_defaults(api):
    one = api.post("/notes?select=stars", json={}, headers=REPRESENTATION)
    assert (one.status_code, one.json()) == (201, [{"stars": 3}])
    two = api.post("/notes?select=stars", json=[{}, {}], headers=REPRESENTATION)
    assert two.json() == [{"stars": 3}, {"stars": 3}]
    assert api.post("/notes", json=[], headers=REPRESENTATION).json() == []


def test_domains_are_represented_on_the_way_in_and_out(api):
    new = {"id": 800, "title": "t", "author_id": 1, "spine": "#00ff00"}
    assert api.post("/books?select=spine", json=new, headers=REPRESENTATION).json() == [{"spine": "#00ff00"}]
    api.delete("/books?id=eq.800")


def test_views_are_written_through(api):
    created = api.post("/members", json={"number": 77, "name": "Eve"}, headers=prefer("return=headers-only"))
    assert (created.status_code, created.headers["location"]) == (201, "/members?number=eq.77")


def test_conflicts_and_broken_references_are_409(api):
    duplicate = api.post("/genres", json={"id": 1, "name": "x"})
    assert (duplicate.status_code, duplicate.json()["code"]) == (409, "23505")
    dangling = api.post("/book_genres", json={"book_id": 1, "genre_id": 999})
    assert (dangling.status_code, dangling.json()["code"]) == (409, "23503")
    null = api.post("/genres", json={"id": 900, "name": None})
    assert (null.status_code, null.json()["code"]) == (400, "23502")


def test_a_preferred_rollback_needs_permission(make_api, api):
    refused = api.post("/genres", json={"id": 950, "name": "x"}, headers=prefer("tx=rollback"))
    assert "preference-applied" not in refused.headers
    assert len(api.get("/genres?id=eq.950").json()) == 1
    lenient = make_api(db_tx_end="commit-allow-override")
    dry = lenient.post("/genres", json={"id": 951, "name": "x"}, headers=prefer("tx=rollback", "return=representation"))
    assert (dry.status_code, dry.json()) == (201, [{"id": 951, "name": "x"}])
    assert dry.headers["preference-applied"] == "return=representation, tx=rollback"
    assert lenient.get("/genres?id=eq.951").json() == []


def test_a_body_over_the_limit_is_refused(make_api):
    small = make_api(max_body_bytes=1000)
    response = small.post("/genres", json={"id": 1, "name": "x" * 2000})
    assert response.status_code == 413


def test_what_is_checked_when_the_transaction_ends_refuses_the_write_too(api):
    twice = api.post("/seats", json=[{"number": 7}, {"number": 7}])
    assert (twice.status_code, twice.json()["code"]) == (409, "23505")
    assert api.get("/seats").json() == []
    assert api.post("/seats", json=[{"number": 8}]).status_code == 201
