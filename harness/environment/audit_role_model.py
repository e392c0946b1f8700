"""Model `audit_role` of an environment: the roles by which accounts are audited and repaired, and where they are."""

from pydantic import Field

from harness.strict_model import StrictModel, Strings

MARKING_KEY = "tagrail:repair-by"


class RepairRole(StrictModel):
    """Describe the role that writes tags."""

    name: str | None = Field(None, description="Name of the role; absent = <name>-repair.")
    principals: Strings = Field(description="ARN patterns of roles and users of the payer that may repair.")
    services: Strings | None = Field(
        None, description="Services of modules/audit-role/actions.yaml whose resources it may tag; absent = all."
    )
    marking_key: str = Field(MARKING_KEY, description="Key that `tagrail repair --mark` writes a due date to.")


class AuditRole(StrictModel):
    """Describe the role that reads; it trusts the payer and nobody outside of the organisation."""

    name: str | None = Field(None, description="Name of the role; absent = <name>-audit.")
    external_id: str | None = Field(None, description="What whoever enters has to know besides.")
    principals: Strings = Field(
        (), description="ARN patterns of roles and users of the payer that may audit; absent = whom its policies let."
    )
    organizational_units: Strings = Field(
        (), description="Paths of units, or root, whose accounts get the roles by a StackSet; absent = the payer alone."
    )
    repair: RepairRole | None = Field(None, description="Absent = no role that writes.")
