"""List the ids of resources whose id AWS makes up, so that a new one can be found before the provider tells it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any


async def list_ids(kind: str, region: str | None) -> frozenset[str] | None:
    """Return the ids of all resources of a terraform type in a region; None when AWS does not say.

    Without a region it is that of the environment.

    Raises: KeyError for a type that is not in LISTED.
    """
    return await asyncio.to_thread(_list, kind, region)


def _list(kind: str, region: str | None) -> frozenset[str] | None:
    # boto3 takes a third of a second to load, and few runs create such a resource.
    import boto3  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        return LISTED[kind](boto3.session.Session(), region)
    except (BotoCoreError, ClientError):
        return None


def _kms_keys(session: Any, region: str | None) -> frozenset[str]:
    pages = session.client("kms", region_name=region).get_paginator("list_keys").paginate()
    return frozenset(key["KeyId"] for page in pages for key in page["Keys"])


LISTED: Mapping[str, Callable[[Any, str | None], frozenset[str]]] = {"aws_kms_key": _kms_keys}
