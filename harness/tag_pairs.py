"""Read tags as AWS answers them in most of its services: pairs of `Key` and `Value`."""

from collections.abc import Iterable, Mapping


def tags_of(pairs: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return tags by key; a pair without `Value` has the empty one, which a tag may have.

    By AWS's models tags of Athena, Auto Scaling, EC2 and RDS need no `Value`:
    docs.aws.amazon.com/athena/latest/APIReference/API_Tag.html. Raises: nothing.

    >>> tags_of([{"Key": "team", "Value": "ml"}, {"Key": "legacy"}])
    {'team': 'ml', 'legacy': ''}
    """
    return {pair["Key"]: pair.get("Value") or "" for pair in pairs}
