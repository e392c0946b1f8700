"""Keep tags with an empty value as AWS does: it answers an empty text, where moto answers no value."""

from collections.abc import Iterable, Mapping
from typing import Any

from moto.utilities.tagging_service import TaggingService

_keep_as_moto = TaggingService.tag_resource


def keep_empty_values() -> None:
    """Let moto's store of tags, which S3 and others share, keep no value as an empty one. Raises: nothing.

    An empty element of XML is no text to moto. docs.aws.amazon.com/AmazonS3/latest/API/API_Tag.html: `Value` is there.
    """
    TaggingService.tag_resource = _keep


def _keep(store: Any, arn: str, tags: Iterable[Mapping[str, str | None]] | None) -> None:
    pairs = tags and [{**tag, store.value_name: tag.get(store.value_name) or ""} for tag in tags]
    _keep_as_moto(store, arn, pairs)
