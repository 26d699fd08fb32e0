from upshot_devstack.gateway.cors import Cors


def test_every_origin_may_call_by_default():
    assert (b"access-control-allow-origin", b"*") in Cors(("*",)).headers({b"origin": b"http://a.test"}, "rest")


def test_requests_of_the_same_origin_get_no_headers():
    assert Cors(("*",)).headers({}, "rest") == []


def test_only_listed_origins_may_call():
    cors = Cors(("http://a.test",))
    assert (b"access-control-allow-origin", b"http://a.test") in cors.headers({b"origin": b"http://a.test"}, "auth")
    assert cors.headers({b"origin": b"http://b.test"}, "auth") == []
    assert cors.preflight({b"origin": b"http://b.test", b"access-control-request-method": b"GET"}) == []


def test_a_preflight_allows_the_headers_that_it_names():
    asked = {
        b"origin": b"http://a.test",
        b"access-control-request-method": b"POST",
        b"access-control-request-headers": b"apikey,x-retry-count",
    }
    answer = dict(Cors(("*",)).preflight(asked))
    assert answer[b"access-control-allow-headers"].startswith(b"Authorization, apikey, x-retry-count")
    assert b"PATCH" in answer[b"access-control-allow-methods"]


def test_a_plain_options_request_is_no_preflight():
    assert Cors(("*",)).preflight({b"origin": b"http://a.test"}) is None


def test_no_origin_configured_means_every_origin():
    assert (b"access-control-allow-origin", b"*") in Cors(()).headers({b"origin": b"http://a.test"}, "rest")


def test_pages_of_listed_origins_may_send_credentials():
    allowed = (b"access-control-allow-credentials", b"true")
    page = {b"origin": b"http://a.test"}
    assert allowed in Cors(("http://a.test",)).headers(page, "rest")
    assert allowed not in Cors(("*",)).headers(page, "rest")
