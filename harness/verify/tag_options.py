"""Compare the TagOptions of Service Catalog with what the dictionary and the environment imply."""

from collections.abc import Iterator, Mapping

from harness.dictionary import allows
from harness.documents import TagOptionDocument, option_name
from harness.finding import Finding
from harness.state import LiveTagOption, State, Unreadable
from harness.verify.unreadable import unknown

TAG_OPTION = "TagOption"
_READ = "servicecatalog:ListTagOptions and servicecatalog:ListResourcesForTagOption"
_STATUS = {True: "active", False: "inactive"}


def tag_option_findings(
    documents: Mapping[str, TagOptionDocument],
    offered: Mapping[str, tuple[str, ...]],
    state: State,
    region: str,
    apply: str,
) -> Iterator[Finding]:
    """Yield a finding for each TagOption, and for each active one of a key in `offered` with a value that it forbids.

    Associations with portfolios and products that env.yaml does not name are nobody's fault. Raises: nothing.
    """
    if not documents:
        return
    if isinstance(state.tag_options, Unreadable):
        yield _unread("all", state.tag_options, region)
        return
    held = {option_name(option.key, option.value): option for option in state.tag_options}
    named = {resource for document in documents.values() for resource in document.resources}
    for name, document in documents.items():
        yield from _option(name, document, held.get(name), named, region, apply)
    for name in sorted(held.keys() - documents.keys()):
        option = held[name]
        if option.active and option.key in offered and not allows(offered[option.key], option.value):
            must = f"no such TagOption, or an inactive one: {option.key} allows {', '.join(offered[option.key])}"
            command = f"aws servicecatalog update-tag-option --id {option.id} --no-active --region {region}"
            repair = f"Do run {command}, or add the value to tags.yaml"
            yield Finding(TAG_OPTION, region, name, "fail", "active", must, repair)


def _option(  # noqa: PLR0913, PLR0917 (one TagOption in one region, and what to say about it)
    name: str, wanted: TagOptionDocument, held: LiveTagOption | None, named: set[str], region: str, apply: str
) -> Iterator[Finding]:
    must = _STATUS[wanted.active]
    if held is None:
        yield Finding(TAG_OPTION, region, name, "fail", "no such TagOption", must, f"Do run {apply}")
        return
    if held.active != wanted.active:
        yield Finding(TAG_OPTION, region, f"{name}: status", "fail", _STATUS[held.active], must, f"Do run {apply}")
    if isinstance(held.resources, Unreadable):
        yield _unread(name, held.resources, region)
        return
    has = tuple(sorted(held.resources & named))
    if has != wanted.resources:
        held_text, must_text = (", ".join(ids) or "none" for ids in (has, wanted.resources))
        yield Finding(TAG_OPTION, region, f"{name}: associations", "fail", held_text, must_text, f"Do run {apply}")
    if held.active == wanted.active and has == wanted.resources:
        yield Finding(TAG_OPTION, region, name, "pass", must, must)


def _unread(subject: str, part: Unreadable, region: str) -> Finding:
    return unknown(TAG_OPTION, region, subject, part, _READ)
