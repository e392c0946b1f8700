"""One resource is made of all that sources show of it; whose word on tags counts, and when nobody knows them."""

import pytest

from harness.audit.joined import Joiner
from harness.audit.model import AuditResource, Seen, Source

QUEUE = "arn:aws:sqs:eu-central-1:111111111111:q"
KIND = frozenset({"sqs:queue"})
TAGS = {"a": "1"}


def seen(source: Source, tags: dict[str, str] | None = None, arn: str = QUEUE, **further: str) -> Seen:
    return Seen(arn, "111111111111", further.pop("region", "eu-central-1"), source, tags=tags, **further)


def joined(*rows: Seen, covered: frozenset[str] = KIND, read: tuple[str, ...] = ("eu-central-1",)) -> AuditResource:
    places = {("111111111111", region) for region in read} | {("222222222222", "us-west-2")}
    (found,) = Joiner(covered, places).join([list(rows)])
    return found


@pytest.mark.parametrize(
    ("rows", "tags"),
    [
        ((seen("config", {"a": "old"}), seen("tagging", TAGS)), TAGS),
        ((seen("explorer", {"a": "old"}), seen("listing", TAGS)), TAGS),
        ((seen("tagging", {}), seen("config", {"a": "old"})), {}),
        ((seen("explorer"), seen("config", TAGS)), TAGS),
        ((seen("explorer", {}), seen("config")), {}),
        ((seen("explorer", {}), seen("config", TAGS)), TAGS),
    ],
)
def test_the_source_that_answers_at_once_counts_first(rows: tuple[Seen, ...], tags: dict[str, str]) -> None:
    assert joined(*rows).tags == tags


def test_what_the_tagging_api_would_show_and_does_not_never_had_a_tag() -> None:
    assert joined(seen("explorer")).tags == {}


def test_of_a_kind_that_it_never_shows_nobody_knows() -> None:
    assert joined(seen("explorer"), covered=frozenset()).tags is None


def test_of_one_source_the_last_word_counts() -> None:
    assert joined(seen("tagging", {"a": "old"}), seen("config", {"a": "x"}), seen("tagging", TAGS)).tags == TAGS


@pytest.mark.parametrize("read", [(), ("us-east-1",), ("us-west-2",)])
def test_where_it_was_not_read_to_its_end_nobody_knows(read: tuple[str, ...]) -> None:
    assert joined(seen("explorer"), read=read).tags is None


@pytest.mark.parametrize(
    ("arn", "shown_in"),
    [
        ("arn:aws:iam::111111111111:policy/p", ("us-east-1",)),
        ("arn:aws-us-gov:iam::111111111111:policy/p", ("us-gov-west-1",)),
        ("arn:aws-cn:iam::111111111111:policy/p", ("cn-north-1", "cn-northwest-1")),
        ("arn:aws:globalaccelerator::111111111111:policy/p", ("us-west-2",)),
        ("arn:aws-new:iam::111111111111:policy/p", ()),
    ],
)
def test_what_has_no_region_is_shown_in_one_of_its_partition(arn: str, shown_in: tuple[str, ...]) -> None:
    kinds = frozenset({"iam:policy", "globalaccelerator:policy"})
    row = seen("explorer", arn=arn, region="global")
    assert joined(row, covered=kinds, read=("eu-central-1", "global", "ap-south-1", *shown_in[1:])).tags is None
    assert joined(row, covered=kinds, read=shown_in).tags == ({} if shown_in else None)


def test_name_type_and_time_come_from_whoever_knows_them() -> None:
    rows = (seen("tagging", TAGS), seen("config", {}, type="AWS::SQS::Queue", name="jobs", created="2026-01-02"))
    found = joined(*rows)
    assert (found.type, found.name, found.created) == ("AWS::SQS::Queue", "jobs", "2026-01-02")
    assert found.sources == ("tagging", "config")


def test_a_type_that_the_arn_does_not_say_is_the_sources() -> None:
    arn = "arn:aws:new:eu-central-1:111111111111:thing/x"
    assert joined(seen("tagging", TAGS, arn)).type == "AWS::new::thing"
    assert joined(seen("tagging", TAGS, arn), seen("config", {}, arn, type="AWS::New::Thing")).type == "AWS::New::Thing"
