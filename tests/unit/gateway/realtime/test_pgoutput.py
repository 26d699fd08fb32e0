"""The decoder of the log's messages, on bytes made by hand and on any bytes at all."""

import contextlib
import struct
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from upshot_devstack.gateway.realtime.replication.pgoutput import (
    UNCHANGED,
    Begin,
    Change,
    Column,
    Commit,
    Decoder,
    MalformedLogError,
    Relation,
)

COLUMNS = (Column("id", 23, -1, is_key=True), Column("näme", 25, -1, is_key=False))
TABLE = Relation(16384, "public", "thïngs", COLUMNS)


def relation() -> bytes:
    columns = b"".join(
        struct.pack("!B", one.is_key) + one.name.encode() + b"\0" + struct.pack("!Ii", one.type_oid, one.type_modifier)
        for one in COLUMNS
    )
    head = struct.pack("!I", TABLE.oid) + b"public\0" + "thïngs".encode() + b"\0d"
    return b"R" + head + struct.pack("!h", len(COLUMNS)) + columns


def row(*values: object) -> bytes:
    parts = []
    for value in values:
        if value is None:
            parts.append(b"n")
        elif value is UNCHANGED:
            parts.append(b"u")
        else:
            text = str(value).encode()
            parts.append(b"t" + struct.pack("!i", len(text)) + text)
    return struct.pack("!h", len(values)) + b"".join(parts)


@pytest.fixture
def decoder() -> Decoder:
    made = Decoder()
    assert made.decode(relation()) is None
    return made


def change(kind: bytes, *rest: bytes) -> bytes:
    return kind + struct.pack("!I", TABLE.oid) + b"".join(rest)


def test_transaction_borders():
    begin = b"B" + struct.pack("!QQI", 7, 1_000_000, 5)
    assert Decoder().decode(begin) == Begin(datetime(2000, 1, 1, 0, 0, 1, tzinfo=UTC))
    assert Decoder().decode(b"C" + struct.pack("!BQQQ", 0, 1, 42, 0)) == Commit(42)


def test_insert(decoder):
    got = decoder.decode(change(b"I", b"N", row(1, "ä")))
    assert got == Change("INSERT", TABLE, {"id": "1", "näme": "ä"}, None)


def test_update_without_an_old_row(decoder):
    got = decoder.decode(change(b"U", b"N", row(1, UNCHANGED)))
    assert got == Change("UPDATE", TABLE, {"id": "1", "näme": UNCHANGED}, None)


def test_update_with_the_old_key(decoder):
    got = decoder.decode(change(b"U", b"K", row(1, None), b"N", row(2, "b")))
    assert got == Change("UPDATE", TABLE, {"id": "2", "näme": "b"}, {"id": "1"})


def test_update_with_the_old_row(decoder):
    got = decoder.decode(change(b"U", b"O", row(1, None), b"N", row(1, "b")))
    assert got == Change("UPDATE", TABLE, {"id": "1", "näme": "b"}, {"id": "1", "näme": None})


def test_delete_with_the_key_or_the_row(decoder):
    assert decoder.decode(change(b"D", b"K", row(1, None))) == Change("DELETE", TABLE, None, {"id": "1"})
    assert decoder.decode(change(b"D", b"O", row(1, "x"))) == Change("DELETE", TABLE, None, {"id": "1", "näme": "x"})


@pytest.mark.parametrize("data", [b"T\0\0\0\1\0\0\0\0\1", b"Y", b"O", b"M", b"?", b""])
def test_other_messages_change_nothing(decoder, data):
    assert decoder.decode(data) is None


def test_change_of_an_unknown_relation():
    with pytest.raises(MalformedLogError, match="16384"):
        Decoder().decode(change(b"I", b"N", row(1, "x")))


@given(st.sampled_from(b"BCRIUD").map(lambda kind: bytes([kind])), st.binary())
@example(b"B", bytes(8) + b"\x04" + bytes(7))  # a time that no calendar holds
def test_any_bytes_are_read_or_refused(kind, rest):
    with contextlib.suppress(MalformedLogError):
        Decoder().decode(kind + rest)


@given(st.sampled_from([b"I", b"U", b"D"]), st.binary())
@example(b"I", b"N\x00\x00")  # fewer values than columns
@example(b"I", b"N\x00\x02t\xff\xff\xff\xffn")  # a length below zero
def test_any_row_is_read_or_refused(kind, rest):
    decoder = Decoder()
    decoder.decode(relation())
    with contextlib.suppress(MalformedLogError):
        decoder.decode(change(kind, rest))
