"""What AWS answers about TagOptions, as it is read: all pages, one account's own, and one apart from another."""

from typing import Any

from harness.state import LiveTagOption, Unreadable
from harness.state.tag_options import read_tag_options
from tests.unit.state.aws import aws_client, error

PAYER = "111111111111"


class Catalog:
    """Answer for TagOptions, one a page; `refusals` maps TagOption to an error code."""

    def __init__(self, *options: dict[str, Any], refusals: dict[str, str] | None = None) -> None:
        self.options = options
        self.refusals = refusals or {}
        self.asked: list[str] = []

    def __call__(self, operation: str, request: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        at = int(request.get("PageToken", 0))
        if operation == "ListTagOptions":
            more = {"PageToken": str(at + 1)} if at + 1 < len(self.options) else {}
            return 200, {"TagOptionDetails": self.options[at : at + 1], **more}
        option = request["TagOptionId"]
        self.asked.append(option)
        if option in self.refusals:
            return error(self.refusals[option])
        return 200, {"ResourceDetails": [{"Id": f"port-{at}"}], **({} if at else {"PageToken": "1"})}

    def read(self, *keys: str) -> tuple[LiveTagOption, ...]:
        return read_tag_options(aws_client("servicecatalog", self), PAYER, {*keys})


def raw(key: str, value: str, **fields: Any) -> dict[str, Any]:
    return {"Id": f"tag-{key}-{value}", "Key": key, "Value": value, "Active": True, "Owner": PAYER, **fields}


def test_every_page_is_read_and_sorted() -> None:
    found = Catalog(raw("b", "2"), raw("b", "1"), raw("a", "1", Active=False)).read("a", "b")
    both = frozenset({"port-0", "port-1"})
    assert found == (
        LiveTagOption("tag-a-1", "a", "1", active=False, resources=both),
        LiveTagOption("tag-b-1", "b", "1", active=True, resources=both),
        LiveTagOption("tag-b-2", "b", "2", active=True, resources=both),
    )


def test_of_other_keys_and_accounts_nothing_is_asked() -> None:
    catalog = Catalog(raw("a", "1"), raw("other", "1"), raw("a", "2", Owner="222222222222"))
    assert [option.id for option in catalog.read("a")] == ["tag-a-1"]
    assert set(catalog.asked) == {"tag-a-1"}


def test_one_that_cannot_be_read_does_not_hide_the_others() -> None:
    first, second = Catalog(raw("a", "1"), raw("a", "2"), refusals={"tag-a-1": "AccessDeniedException"}).read("a")
    assert first.resources == Unreadable(
        "ListResourcesForTagOption: AccessDeniedException: no", "AccessDeniedException"
    )
    assert second.resources == {"port-0", "port-1"}
