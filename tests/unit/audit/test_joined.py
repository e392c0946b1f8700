"""One resource is made of all that sources show of it; whose word on tags counts, and when nobody knows them."""

import pytest

from harness.audit.joined import Joiner
from harness.audit.model import AuditResource, Gap, Seen, Source

QUEUE = "arn:aws:sqs:eu-central-1:111111111111:q"
KIND = frozenset({"sqs:queue"})
TAGS = {"a": "1"}


def seen(source: Source, tags: dict[str, str] | None = None, arn: str = QUEUE, **further: str) -> Seen:
    return Seen(arn, "111111111111", further.pop("region", "eu-central-1"), source, tags=tags, **further)


def joined(*rows: Seen, covered: frozenset[str] = KIND, gaps: tuple[Gap, ...] = ()) -> AuditResource:
    (found,) = Joiner(covered, gaps).join([list(rows)])
    return found


def gap(source: str, account: str = "111111111111", region: str = "eu-central-1") -> Gap:
    return Gap(source, account, region, "all", "denied")


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


@pytest.mark.parametrize("source", ["tagging", "account"])
def test_where_it_could_not_be_read_nobody_knows(source: str) -> None:
    region = "" if source == "account" else "eu-central-1"
    assert joined(seen("explorer"), gaps=(gap(source, region=region),)).tags is None
    assert joined(seen("explorer"), gaps=(gap(source, "222222222222"),)).tags == {}
    assert joined(seen("explorer"), gaps=(gap("listing"),)).tags == {}


def test_what_has_no_region_is_shown_in_us_east_1() -> None:
    row = seen("explorer", arn="arn:aws:iam::111111111111:role/r", region="global")
    kinds = frozenset({"iam:role"})
    assert joined(row, covered=kinds).tags == {}
    assert joined(row, covered=kinds, gaps=(gap("tagging", region="us-east-1"),)).tags is None


def test_name_type_and_time_come_from_whoever_knows_them() -> None:
    rows = (seen("tagging", TAGS), seen("config", {}, type="AWS::SQS::Queue", name="jobs", created="2026-01-02"))
    found = joined(*rows)
    assert (found.type, found.name, found.created) == ("AWS::SQS::Queue", "jobs", "2026-01-02")
    assert found.sources == ("tagging", "config")


def test_a_type_that_the_arn_does_not_say_is_the_sources() -> None:
    arn = "arn:aws:new:eu-central-1:111111111111:thing/x"
    assert joined(seen("tagging", TAGS, arn)).type == "AWS::new::thing"
    assert joined(seen("tagging", TAGS, arn), seen("config", {}, arn, type="AWS::New::Thing")).type == "AWS::New::Thing"
