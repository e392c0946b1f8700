"""Read and write the few protobuf messages that the proxy looks into, field by field, with all others left as they are.

Source: protobuf.dev/programming-guides/encoding (wire types) and Terraform's docs/plugin-protocol/tfplugin5.proto.
"""

from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield number, content and raw bytes of each field; the content of a number is empty.

    Raises: ValueError for a wire type that Terraform's protocol does not use.
    """
    at = 0
    while at < len(message):
        start = at
        tag, at = _varint(message, at)
        kind = tag & 7
        begin = at
        if kind == _VARINT:
            _, at = _varint(message, at)
            begin = at
        elif kind == _BYTES:
            size, begin = _varint(message, at)
            at = begin + size
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"wire type {kind}: must be 0, 1, 2 or 5")
        yield tag >> 3, message[begin:at], message[start:at]


def content(message: bytes, number: int) -> bytes:
    """Return the content of the last field of that number, as protobuf reads it; empty when there is none."""
    found = b""
    for at, value, _ in fields(message):
        if at == number:
            found = value
    return found


def field(number: int, value: bytes) -> bytes:
    """Return a field of bytes, a string or a message; nothing for an empty one, as protobuf writes it."""
    return _encoded(number << 3 | _BYTES) + _encoded(len(value)) + value if value else b""


def flag(number: int) -> bytes:
    """Return a field that is true."""
    return _encoded(number << 3 | _VARINT) + b"\x01"


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        shift += 7


def _encoded(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
