import pytest

from upshot_devstack.gateway.auth.errors import AuthError
from upshot_devstack.gateway.auth.hook import checked, function_name

CLAIMS = {
    "aud": "authenticated",
    "exp": 2,
    "iat": 1,
    "sub": "a",
    "email": "",
    "phone": "",
    "role": "authenticated",
    "aal": "aal1",
    "session_id": "s",
    "is_anonymous": False,
}


def refusal(output):
    with pytest.raises(AuthError) as caught:
        checked(output)
    return caught.value.status, caught.value.message


def test_good_claims_pass_with_whatever_was_added():
    claims = CLAIMS | {"workspace": "w"}
    assert checked({"claims": claims}) == claims


@pytest.mark.parametrize("name", CLAIMS)
def test_each_required_claim_must_stay(name):
    claims = {key: value for key, value in CLAIMS.items() if key != name}
    status, message = refusal({"claims": claims})
    assert status == 500
    assert f"{name} is required" in message


@pytest.mark.parametrize(("name", "value"), [("exp", "1"), ("exp", True), ("role", None), ("is_anonymous", 0)])
def test_claims_keep_their_types(name, value):
    assert f"{name} has the wrong type" in refusal({"claims": CLAIMS | {name: value}})[1]


def test_a_hook_may_refuse():
    assert refusal({"error": {"http_code": 403, "message": "No"}}) == (403, "No")
    assert refusal({"error": {"http_code": 200, "message": "No"}}) == (500, "No")
    assert refusal({"error": {"message": "No"}}) == (500, "No")


@pytest.mark.parametrize("output", [None, [], "x", {}, {"claims": None}, {"claims": []}, {"claims": {}}])
def test_nonsense_is_an_error(output):
    assert refusal(output)[0] == 500


@pytest.mark.parametrize(
    ("uri", "quoted"),
    [
        ("public.hook", '"public"."hook"'),
        ("pg-functions://postgres/private/My-Hook", '"private"."My-Hook"'),
        ('public.a"; drop table x; --', '"public"."a""; drop table x; --"'),
    ],
)
def test_the_function_is_quoted(uri, quoted):
    assert function_name(uri).as_string(None) == quoted


@pytest.mark.parametrize("uri", ["", "hook", "a.b.c", "http://x/y", "pg-functions://postgres/public"])
def test_other_addresses_are_refused(uri):
    with pytest.raises(ValueError, match=r"schema\.function"):
        function_name(uri)
