"""Model the sections of an environment that sort its costs: cost categories."""

from typing import Literal

from pydantic import Field

from harness.strict_model import StrictModel, Strings

Method = Literal["even", "proportional", "fixed"]


class CostConditions(StrictModel):
    """Name costs by what billing says of them; each list holds alternatives."""

    tags: dict[str, Strings] = Field(
        {}, description="Values by key of the dictionary; team-*, *-team or *team* for all values of a kind."
    )
    accounts: Strings = Field((), description="Names or ids of linked accounts.")
    service_codes: Strings = Field((), description="Codes of services as billing writes them, such as AmazonSageMaker.")
    charge_types: Strings = Field((), description="Charge types as the API writes them, such as Usage, RIFee or Tax.")


class CategoryRule(CostConditions):
    """Sort costs: one value for those that meet all conditions, one for each value of a key, or an inherited value."""

    value: str | None = Field(None, description="Value of the costs that meet all conditions of the rule.")
    per_value_of: str | None = Field(None, description="A key of the dictionary with allowed values: a rule for each.")
    inherit_tag: str | None = Field(None, description="A key of the dictionary, whose value becomes the value.")
    inherit: Literal["account_name"] | None = Field(None, description="The account's name becomes the value.")
    unless: CostConditions = Field(CostConditions(), description="Costs that meet any of these are not meant.")


class SplitCharge(StrictModel):
    """Divide the costs of one value among others."""

    source: str
    method: Method
    targets: Strings = Field((), description="Values to charge, with even and proportional.")
    percents: dict[str, float] = Field({}, description="Percent by value to charge, with fixed; 100 in sum.")


class CostCategory(StrictModel):
    """Describe one cost category: of its rules the first that matches decides."""

    default: str = Field("Untagged", description="Value of costs that no rule matches.")
    rules: tuple[CategoryRule, ...] = Field(strict=False)
    split_charges: tuple[SplitCharge, ...] = Field((), strict=False)
