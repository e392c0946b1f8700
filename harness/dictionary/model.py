"""Model the tag dictionary, `envs/tags.yaml`: its fields, and what a key means once defaults are resolved."""

from typing import Literal

from pydantic import Field

from harness.strict_model import Date, StrictModel, Strings


class OuValues(StrictModel):
    """Change the allowed values of a key for one organizational unit and all below it: append or remove, not both."""

    append: Strings = Field((), description="Values allowed there in addition.")
    remove: Strings = Field((), description="Values not allowed there.")


class Tag(StrictModel):
    """Say everything about one tag key."""

    purpose: str = Field(description="What the key is for, in a sentence.")
    category: str = Field("general", description="Group of keys, for reports.")
    mandatory: bool = Field(default=False, description="Resources of `mandatory_for` must carry it, with a value.")
    cost_allocation: bool = Field(default=False, description="Activate the key as cost allocation tag.")
    values: Strings | None = Field(None, description="Allowed values, at most one * each; absent = any value.")
    pattern: str | None = Field(
        None, description="Regular expression that a whole value must match; for planes that can."
    )
    mandatory_for: Strings | None = Field(None, description="CloudFormation types on which the key is mandatory.")
    checked_for: Strings | None = Field(
        None, description="Types on which `tagrail check` demands the key: CloudFormation or Terraform, * allowed."
    )
    enforced_for: Strings | None = Field(
        None, description="Tag-policy types (service:type) on which a bad value is denied."
    )
    report_required_tag_for: Strings | None = Field(None, description="Tag-policy types on which absence is reported.")
    deprecated_spellings: Strings = Field((), description="Old keys that mean this one.")
    values_by_ou: dict[str, OuValues] = Field({}, description="Changes of `values` by path of organizational unit.")
    default: str | None = Field(None, description="Value to take when none is given.")
    pii: Literal["forbidden", "allowed"] = Field("forbidden", description="Whether values may hold personal data.")

    def values_at(self, path: str) -> tuple[str, ...] | None:
        """Return the values that are allowed at a path of units, as the units above and it change them; None = any.

        The root is no path of units and changes nothing. No dictionary that is loaded has a unit without any value.
        """
        if self.values is None:
            return None
        values = dict.fromkeys(self.values)
        for unit in sorted(self.values_by_ou):  # what lies above comes first
            if f"{path}/".startswith(f"{unit}/"):
                change = self.values_by_ou[unit]
                values = {value: None for value in (*values, *change.append) if value not in change.remove}
        return tuple(values)


class Defaults(StrictModel):
    """Give the resource types of tags that name none."""

    mandatory_for: Strings = Field((), description="For mandatory tags.")
    checked_for: Strings = Field(("*",), description="For mandatory tags; * = every type that AWS can tag.")
    not_checked_for: Strings = Field((), description="Types on which `tagrail check` demands no key, * allowed.")
    enforced_for: Strings = Field((), description="For tags with `values`.")
    report_required_tag_for: Strings = Field((), description="For mandatory tags.")


class Exemption(StrictModel):
    """Let resources off some tags until a date."""

    resource: str = Field(description="ARN, * allowed.")
    tags: Strings | None = Field(None, description="Keys; absent = all.")
    reason: str
    owner: str
    expires: Date = Field(description="Last day on which it holds; after it the exemption itself is a finding.")


class Dictionary(StrictModel):
    """Hold the whole dictionary; keys are case sensitive."""

    version: Literal[1]
    prefix: str | None = Field(None, description="First part of every key, without the colon.")
    defaults: Defaults = Defaults()
    tags: dict[str, Tag] = Field(min_length=1)
    prohibited_keys: dict[str, str] = Field(
        {}, description="Keys that nobody may use, * allowed, case does not count, with the reason of each."
    )
    exemptions: tuple[Exemption, ...] = Field((), strict=False)

    def mandatory_types(self, key: str) -> tuple[str, ...]:
        """Return the CloudFormation types on which `key` is mandatory, sorted; empty when it is not mandatory."""
        tag = self.tags[key]
        types = self.defaults.mandatory_for if tag.mandatory_for is None else tag.mandatory_for
        return tuple(sorted(set(types))) if tag.mandatory else ()

    def checked_types(self, key: str) -> tuple[str, ...]:
        """Return the types on which `tagrail check` demands `key`, * allowed; empty when it is not mandatory."""
        tag = self.tags[key]
        types = self.defaults.checked_for if tag.checked_for is None else tag.checked_for
        return tuple(sorted(set(types))) if tag.mandatory else ()

    def enforced_types(self, key: str) -> tuple[str, ...]:
        """Return the tag-policy types on which a value of `key` that is not allowed is denied, as written."""
        tag = self.tags[key]
        if tag.enforced_for is not None:
            return tag.enforced_for
        return self.defaults.enforced_for if tag.values else ()

    def reported_types(self, key: str) -> tuple[str, ...]:
        """Return the tag-policy types on which absence of `key` is reported, as written."""
        tag = self.tags[key]
        if tag.report_required_tag_for is not None:
            return tag.report_required_tag_for
        return self.defaults.report_required_tag_for if tag.mandatory else ()

    def every_value(self, key: str) -> tuple[str, ...]:
        """Return the values of `key` that are allowed in any organizational unit, sorted; empty = any value."""
        tag = self.tags[key]
        appended = (value for change in tag.values_by_ou.values() for value in change.append)
        return tuple(sorted({*(tag.values or ()), *appended}))

    def mandatory_keys(self) -> tuple[str, ...]:
        """Return the mandatory keys, sorted."""
        return tuple(sorted(key for key, tag in self.tags.items() if tag.mandatory))

    def cost_allocation_keys(self) -> tuple[str, ...]:
        """Return the keys to activate as cost allocation tags, sorted."""
        return tuple(sorted(key for key, tag in self.tags.items() if tag.cost_allocation))
