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


def pack(sizes: Mapping[str, int], room: int) -> dict[str, tuple[str, ...]]:
    """Return part label -> keys, so that the sizes (characters) in each part add up to `room` at most.

    A key longer than half the room gets a part of its own, named by a digest of the key, so that other keys
    never move it. The rest share parts `1`, `2`, ... in alphabetical order; all of them are in `1` while they fit.
    A key with a size above `room` still gets its part: the caller has to refuse it.

    >>> pack({"a": 3, "b": 4, "c": 3}, 10)
    {'1': ('a', 'b', 'c')}
    >>> pack({"a": 4, "b": 4, "c": 4}, 10)
    {'1': ('a', 'b'), '2': ('c',)}
    """
    shared, own_parts = split_own(sizes, room)
    parts: dict[str, list[str]] = {}
    total = sum(sizes[key] for key in shared)
    widest = max((sizes[key] for key in shared), default=0)
    start = 0
    for key in shared:
        label = "1" if total <= room else str(start // (room - widest) + 1)
        parts.setdefault(label, []).append(key)
        start += sizes[key]
    parts |= {label: [key] for label, key in own_parts.items()}
    return {label: tuple(keys) for label, keys in parts.items()}


def split_own(sizes: Mapping[str, int], room: int) -> tuple[list[str], dict[str, str]]:
    """Return the keys that can share a part, sorted, and label -> key of those longer than half the room.

    >>> split_own({"b": 3, "a": 4, "c": 6}, 10)
    (['a', 'b'], {'own-84a51684': 'c'})
    """
    own = {key for key, size in sizes.items() if 2 * size > room}
    return sorted(sizes.keys() - own), {f"own-{digest(key, 8)}": key for key in sorted(own)}


def size_bytes(text: str) -> int:
    """Return the UTF-8 bytes of a text, which AWS Config's limits count; those of Organizations count characters."""
    return len(text.encode())


def chunk(keys: list[str], size: int) -> list[list[str]]:
    """Return the keys in runs of at most `size`, as Terraform's `chunklist` does."""
    return [keys[start : start + size] for start in range(0, len(keys), size)]


def digest(text: str, length: int) -> str:
    """Return the first `length` hexadecimal digits of the SHA-1 of `text`: a stable label, not a secret.

    >>> digest("a", 8)
    '86f7e437'
    """
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:length]
