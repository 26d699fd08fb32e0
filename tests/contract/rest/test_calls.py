"""Function calls: arguments in every form, results of every kind, and what functions may say about the response."""

import pytest


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("add?a=1&b=2", 3),
        ("add?a=1", 11),
        ("total?numbers=1&numbers=2&numbers=3", 6),
        ("one_book?wanted=1&select=title", {"title": "A Wizard of Earthsea"}),
        (
            "books_by?writer=2&select=id,publishers(name)&order=id&limit=1",
            [{"id": 3, "publishers": {"name": "Einaudi"}}],
        ),
        ("books_by?writer=1&title=like.The*&select=title", [{"title": "The Dispossessed"}]),
        ("books_by?writer=1&select=title&pages=lt.200", [{"title": "A Wizard of Earthsea"}]),
        ("pairs?n=eq.2", [{"n": 2, "word": "two"}]),
        ("pick?a=1", "int"),
        ("pick?a=1&b=2", "two"),
        ("variable?name=request.method", "GET"),
        ("variable?name=request.path", "/rpc/variable"),
    ],
)
def test_calls_by_get(api, path, result):
    response = api.get(f"/rpc/{path}")
    assert (response.status_code, response.json()) == (200, result), response.text


@pytest.mark.parametrize(
    ("name", "body", "result"),
    [
        ("add", {"a": 1, "b": 2}, 3),
        ("add", [{"a": 1, "b": 2}, {"a": 5, "b": 5}], 3),
        ("total", {"numbers": [4, 5]}, 9),
        ("echo", {"any": [1, {"b": None}]}, {"any": [1, {"b": None}]}),
        ("pairs", {}, [{"n": 1, "word": "one"}, {"n": 2, "word": "two"}]),
    ],
)
def test_calls_by_post(api, name, body, result):
    response = api.post(f"/rpc/{name}", json=body)
    assert (response.status_code, response.json()) == (200, result), response.text


def test_bodies_that_are_not_json(api):
    assert api.post("/rpc/shout", content="hey", headers={"Content-Type": "text/plain"}).json() == "HEY"
    binary = api.post("/rpc/size_of", content=b"\x00\xff\n", headers={"Content-Type": "application/octet-stream"})
    assert binary.json() == 3
    assert api.post("/rpc/add", data={"a": "2", "b": "3"}).json() == 5
    assert (
        api.post(
            "/rpc/total", content="numbers=1&numbers=7", headers={"Content-Type": "application/x-www-form-urlencoded"}
        ).json()
        == 8
    )
    assert api.post("/rpc/pairs").status_code == 200


def test_void_has_no_content(api):
    response = api.post("/rpc/nothing")
    assert (response.status_code, response.content, "content-type" in response.headers) == (204, b"", False)


def test_sets_are_counted_and_paged(api):
    response = api.post("/rpc/pairs?limit=1&offset=1", json={}, headers={"Prefer": "count=exact"})
    assert (response.status_code, response.headers["content-range"], response.json()) == (
        206,
        "1-1/2",
        [{"n": 2, "word": "two"}],
    )
    single = {"Accept": "application/vnd.pgrst.object+json"}
    assert api.get("/rpc/pairs?n=eq.1", headers=single).json() == {"n": 1, "word": "one"}
    assert api.get("/rpc/pairs", headers=single).status_code == 406


def test_reading_methods_may_not_write(api):
    response = api.get("/rpc/note_it?line=x")
    assert (response.status_code, response.json()["code"]) == (405, "25006")
    assert isinstance(api.post("/rpc/note_it", json={"line": "kept"}).json(), int)
    assert len(api.get("/notes?body=eq.kept").json()) == 1


def test_unknown_and_ambiguous_functions(api):
    wrong_name = api.get("/rpc/ad?a=1")
    assert (wrong_name.status_code, wrong_name.json()) == (
        404,
        {
            "code": "PGRST202",
            "details": "Searched for the function public.ad with parameter a, but no matches were found in the schema cache.",
            "hint": None,
            "message": "Could not find the function public.ad(a) in the schema cache",
        },
    )
    wrong_argument = api.post("/rpc/books_by", json={"writr": 1}).json()
    assert wrong_argument["hint"] == "Perhaps you meant to call the function public.books_by(writer)"
    assert wrong_argument["details"] == (
        "Searched for the function public.books_by with parameter writr or with a single unnamed json/jsonb parameter, "
        "but no matches were found in the schema cache."
    )
    ambiguous = api.get("/rpc/either?a=1")
    assert (ambiguous.status_code, ambiguous.json()["message"]) == (
        300,
        "Could not choose the best candidate function between: public.either(a => integer), public.either(a => text)",
    )
    assert api.delete("/rpc/add").json()["code"] == "PGRST101"


def test_a_functions_own_timeout_ends_it(api):
    response = api.post("/rpc/slow", json={"seconds": 30})
    assert (response.status_code, response.json()["code"]) == (500, "57014")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("P0001", 400),
        ("PT402", 402),
        ("PT40A", 500),
        ("23505", 409),
        ("53100", 503),
        ("54000", 500),
        ("28000", 403),
        ("42P17", 500),
    ],
)
def test_raised_errors_become_statuses(api, code, status):
    response = api.post("/rpc/complain", json={"code": code, "message": "no"})
    assert (response.status_code, response.json()) == (
        status,
        {"code": code, "message": "no", "details": "the detail", "hint": "the hint"},
    )
    assert response.headers["proxy-status"] == f"PostgREST; error={code}"


def test_an_error_may_say_everything(api):
    response = api.post("/rpc/full_control")
    assert (response.status_code, response.headers["x-tea"], response.json()) == (
        418,
        "pot",
        {"code": "LIB1", "message": "Closed", "details": "on Sundays", "hint": "come back"},
    )
    broken = api.post("/rpc/complain", json={"code": "PGRST", "message": "{"}).json()
    assert (broken["code"], broken["details"]) == ("PGRST121", "Invalid JSON value for MESSAGE: '{'")


def test_functions_set_status_and_headers(api):
    response = api.post("/rpc/created")
    assert (response.status_code, response.json(), response.headers["x-one"]) == (202, "done", "1")
    assert response.headers.get_list("set-cookie") == ["a=b", "c=d"]
    assert api.post("/rpc/bad_headers").json()["code"] == "PGRST111"


def test_media_type_domains_are_their_own_format(api):
    response = api.get("/rpc/poem", headers={"Accept": "text/plain"})
    assert (response.text, response.headers["content-type"]) == ("roses", "text/plain; charset=utf-8")
    assert api.get("/rpc/poem").json() == "roses"


def test_strict_limits_need_a_set(api):
    strict = {"Prefer": "handling=strict, max-affected=1"}
    assert api.post("/rpc/add", json={"a": 1}, headers=strict).json()["code"] == "PGRST128"
    assert api.post("/rpc/pairs", headers=strict).json()["code"] == "PGRST124"
    assert api.post("/rpc/pairs?n=eq.1", headers=strict).status_code == 200


@pytest.mark.parametrize("status", ["204", "304"])
def test_a_status_without_a_body_sends_none_and_keeps_the_connection_in_step(api, status):
    response = api.post("/rpc/answer", json={"status": status, "headers": "[]"})
    assert (response.status_code, response.content, "content-length" in response.headers) == (int(status), b"", False)
    assert api.post("/rpc/complain", json={"code": f"PT{status}", "message": "no"}).content == b""
    assert api.get("/rpc/poem").json() == "roses"


@pytest.mark.parametrize("status", ["100", "199", "600", "1000", "-1", "abc"])
def test_what_is_no_final_status_is_refused(api, status):
    response = api.post("/rpc/answer", json={"status": status, "headers": "[]"})
    assert (response.status_code, response.json()["code"]) == (500, "PGRST112")


@pytest.mark.parametrize("code", ["PT100", "PT600", "PT999"])
def test_a_raised_status_that_http_has_not_is_a_500(api, code):
    response = api.post("/rpc/complain", json={"code": code, "message": "no"})
    assert (response.status_code, response.json()["code"]) == (500, code)


def test_the_length_of_a_response_is_not_the_functions_to_set(api):
    headers = '[{"Content-Length": "1"}, {"Transfer-Encoding": "chunked"}, {"X-One": "1"}]'
    response = api.post("/rpc/answer", json={"status": "200", "headers": headers})
    assert (response.json(), response.headers["content-length"], response.headers["x-one"]) == ("done", "6", "1")


@pytest.mark.parametrize(
    ("message", "detail"),
    [
        ('{"code":1,"message":"m"}', '{"status":404,"headers":{}}'),
        ('{"code":"A","message":"m","hint":[]}', '{"status":404,"headers":{}}'),
        ('{"code":"A","message":"m"}', '{"status":700,"headers":{}}'),
        ('{"code":"A","message":"m"}', '{"status":404,"headers":{"X-A":1}}'),
        ('{"code":"A","message":"m"}', '{"status":404,"headers":{"X-A":"1\\r\\nX-B: 2"}}'),
    ],
)
def test_a_raised_response_that_cannot_be_sent_is_said_to_be_malformed(api, message, detail):
    response = api.post("/rpc/raise_all", json={"message": message, "detail": detail})
    assert (response.status_code, response.json()["code"]) == (500, "PGRST121")
