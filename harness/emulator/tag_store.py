"""Read and change the tags of a resource where moto keeps them, so that the service's own calls see the change too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from harness.emulator.inventory_types import HeldType

# Backends that keep tags beside their resources, by this attribute of the resource; elsewhere a resource has its own.
_TAGGED_BY = {
    "bedrockagent": "arn",
    "ecr": "arn",
    "efs": "id",
    "elbv2": "arn",
    "glue": "arn",
    "kms": "id",
    "logs": "arn",
    "opensearch": "arn",
    "s3": "arn",
    "stepfunctions": "arn",
}
# Packages of moto whose pairs of a tag are written small.
_SMALL = ("moto.codebuild.", "moto.ecs.")
_NAMED_SERVICE = frozenset({"efs", "elbv2"})


@dataclass(frozen=True, slots=True)
class TagStore:
    """Say where a resource has its tags: moto's backend and object, and the names that it goes by."""

    backend: Any
    held: HeldType
    item: Any
    arn: str
    id: str

    def read(self) -> Mapping[str, str]:
        """Return the tags. Raises: nothing."""
        if self.held.service == "ec2":
            own = self.backend.tags.get(self.id)
        elif self.held.service in _TAGGED_BY:
            own = self._tagger().get_tag_dict_for_resource(self._key())
        else:
            own = getattr(self.item, _attribute(self.held))
        pairs = own.items() if isinstance(own, Mapping) else [_pair(tag) for tag in own or ()]
        return {name: value or "" for name, value in pairs}

    def change(self, added: Mapping[str, str], removed: Iterable[str] = ()) -> None:
        """Give the resource some tags and take others away. Raises: nothing."""
        gone = set(removed)
        if self.held.service == "ec2":
            _change(self.backend.tags[self.id], added, gone)
        elif self.held.service in _TAGGED_BY:
            tagger, key = self._tagger(), self._key()
            tagger.tag_resource(key, [{tagger.key_name: name, tagger.value_name: text} for name, text in added.items()])
            tagger.untag_resource_using_names(key, list(gone))
        else:
            _change_own(getattr(self.item, "source", self.item), _attribute(self.held), added, gone)

    def _tagger(self) -> Any:
        return self.backend.tagging_service if self.held.service in _NAMED_SERVICE else self.backend.tagger

    def _key(self) -> str:
        return self.arn if _TAGGED_BY[self.held.service] == "arn" else self.id


def _change_own(item: Any, attribute: str, added: Mapping[str, str], gone: set[str]) -> None:
    """Change the tags that a resource keeps itself, as a mapping or as a list of pairs."""
    own = getattr(item, attribute)
    if isinstance(own, dict):
        _change(own, added, gone)
        return
    kept = [tag for tag in own or () if _pair(tag)[0] not in {*gone, *added}]
    small = any("key" in tag for tag in own or ()) or type(item).__module__.startswith(_SMALL)
    key, value = ("key", "value") if small else ("Key", "Value")
    setattr(item, attribute, [*kept, *({key: name, value: text} for name, text in added.items())])


def _change(tags: dict[str, str], added: Mapping[str, str], gone: set[str]) -> None:
    tags.update(added)
    for key in gone:
        tags.pop(key, None)


def _attribute(held: HeldType) -> str:
    return "_tags" if held.service == "sns" else "tags"


def _pair(tag: Mapping[str, str]) -> tuple[str, str]:
    lower = {name.lower(): value for name, value in tag.items()}
    return lower["key"], lower.get("value", "")
