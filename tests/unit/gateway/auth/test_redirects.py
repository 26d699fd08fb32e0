import pytest

from upshot_devstack.gateway.auth import redirects
from upshot_devstack.gateway.settings import GatewaySettings

SETTINGS = GatewaySettings(
    db_uri="x",
    services=("rest",),
    site_url="https://app.test",
    redirect_urls=("https://*.preview.test/**", "myapp://open", "https://other.test/a/*"),
)


@pytest.mark.parametrize(
    "url",
    [
        "https://app.test/welcome?x=1#y",
        "http://127.0.0.1:5173/",
        "http://[::1]:3000/",
        "http://localhost:9999/welcome",
        "https://a.preview.test/deep/path",
        "myapp://open",
        "https://other.test/a/b",
    ],
)
def test_our_own_places_are_allowed(url):
    assert redirects.is_allowed(SETTINGS, url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/relative",
        "//evil.test",
        "https://evil.test",
        "http://localhost.evil.test",
        "https://app.test.evil.test",
        "https://evil.test/https://app.test",
        "http://app.test",
        "https://app.test@evil.test",
        "https://user@app.test",
        "https://evil.test\\@app.test",
        "javascript:alert(1)//app.test",
        "data:text/html,x",
        "https://a.b.preview.test.evil.test/x",
        "https://evil.test/.preview.test/",
        "https://other.test/a/b/c",
        "https://app.test\n.evil.test",
        "https://[bad",
        "https://app.test/\r\nset-cookie: a=b",
        "https://app.test/\x00",
        "https://evil?x.preview.test/",
        "https://evil#x.preview.test/",
    ],
)
def test_other_places_are_not(url):
    assert not redirects.is_allowed(SETTINGS, url)


def test_existing_query_values_stay():
    assert redirects.with_query("https://app.test/a?b=1&code=old", {"code": "new"}) == "https://app.test/a?b=1&code=new"


def test_the_link_quotes_its_parts():
    link = redirects.verification_link(SETTINGS, "ha&sh", "signup", "https://app.test/a?b=1&c=2")
    assert "token=ha%26sh&type=signup&redirect_to=https://app.test/a%3Fb%3D1%26c%3D2" in link
