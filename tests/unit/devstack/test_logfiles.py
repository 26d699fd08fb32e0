"""Logs do not grow for ever, and their end is what an error shows."""

from upshot_devstack import logfiles


def test_a_large_log_makes_room_and_the_one_before_goes(tmp_path):
    log = tmp_path / "some.log"
    (tmp_path / "some.log.1").write_text("older")
    log.write_bytes(b"x" * (logfiles.ROLL_BYTES + 1))
    logfiles.roll(log)
    assert not log.exists()
    assert (tmp_path / "some.log.1").stat().st_size == logfiles.ROLL_BYTES + 1


def test_a_small_log_stays(tmp_path):
    log = tmp_path / "some.log"
    log.write_text("short")
    logfiles.roll(log)
    assert log.read_text() == "short"


def test_the_end_of_a_log(tmp_path):
    log = tmp_path / "some.log"
    assert logfiles.last_lines(log) == ""
    log.write_text("\n".join(str(number) for number in range(100)))
    assert logfiles.last_lines(log, 2) == "98\n99"
