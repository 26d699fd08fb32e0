from upshot_devstack import paths


def test_two_checkouts_of_a_project_keep_their_data_apart(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    first, second = (paths.checkout_home(tmp_path / name, "upshot") for name in ("first", "second"))
    assert first != second
    assert first == paths.checkout_home(tmp_path / "first", "upshot")
    assert first.parent == second.parent == paths.state_root()
