"""Cut entries into parts that fit an AWS size limit; the Terraform modules do the same with prefix sums."""

import hashlib
import json
from collections.abc import Mapping


def canonical_json(value: object) -> str:
    """Return minified JSON with sorted keys, equal to Terraform's `jsonencode` for tag keys and values.

    >>> canonical_json({"b": 1, "a": ["é"]})
    '{"a":["é"],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def pack(sizes: Mapping[str, int], room: int, most: int | None = None) -> dict[str, tuple[str, ...]]:
    """Return part label -> keys: sizes (characters) of a part add up to `room` at most, and it has `most` keys at most.

    A key longer than half the room gets a part of its own, named by a digest of the key, so that other keys
    never move it. The rest share parts `1`, `2`, ... in alphabetical order; all of them are in `1` while they fit.
    A new key may move others to the next part; it takes no part's name away.
    A key with a size above `room` still gets its part: the caller has to refuse it.

    >>> pack({"a": 3, "b": 4, "c": 3}, 10)
    {'1': ('a', 'b', 'c')}
    >>> pack({"a": 4, "b": 4, "c": 4}, 10)
    {'1': ('a', 'b'), '2': ('c',)}
    >>> pack({"a": 1, "b": 1, "c": 1}, 10, most=2)
    {'1': ('a', 'b'), '2': ('c',)}
    """
    own = {key for key, size in sizes.items() if 2 * size > room}
    shared = sorted(sizes.keys() - own)
    fits = sum(sizes[key] for key in shared) <= room and (most is None or len(shared) <= most)
    # With a limit of keys each weighs `room / most` at least, all of it times `most`: then the sum keeps both limits.
    weights = {key: sizes[key] if most is None else max(sizes[key] * most, room) for key in shared}
    whole = room * (most or 1)
    widest = max(weights.values(), default=0)
    step = whole if widest == room and most else whole - widest
    parts: dict[str, list[str]] = {}
    start = 0
    for key in shared:
        parts.setdefault("1" if fits else str(start // step + 1), []).append(key)
        start += weights[key]
    for key in sorted(own):
        parts[f"own-{digest(key, 8)}"] = [key]
    return {label: tuple(keys) for label, keys in parts.items()}


def size_bytes(text: str) -> int:
    """Return the UTF-8 bytes of a text, which AWS Config's limits count; those of Organizations count characters."""
    return len(text.encode())


def digest(text: str, length: int) -> str:
    """Return the first `length` hexadecimal digits of the SHA-1 of `text`: a stable label, not a secret.

    >>> digest("a", 8)
    '86f7e437'
    """
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:length]
