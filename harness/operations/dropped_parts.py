"""Put back what Terraform's AWS provider drops: of a cost category it updates, the default and the split charges.

AWS takes an update for the whole definition, and the provider leaves out what has not changed
(hashicorp/terraform-provider-aws issue 49410), so that only a second apply has all of it.
"""

from botocore.exceptions import BotoCoreError, ClientError

from harness.operations.addresses import COST_CATEGORY, indexed
from harness.operations.progress import say
from harness.operations.session import Session, work_folder
from harness.state import LiveCostCategory, read_cost_categories
from harness.terraform import Terraform


def put_back(session: Session, terraform: Terraform) -> None:
    """Apply once more the cost categories that have lost their default or split charges; env.yaml asks for both.

    What cannot be read is left to verify. Raises: TerraformError.
    """
    wanted = session.environment.cost_categories
    if not wanted:
        return
    try:
        live = read_cost_categories(session.target.client("ce", session.environment.regions.home), frozenset(wanted))
    except (ClientError, BotoCoreError):
        return
    dropped = [
        indexed(COST_CATEGORY, name)
        for name, each in live.items()
        if isinstance(each, LiveCostCategory)
        and (each.default is None or (wanted[name].split_charges and not each.split_charges))
    ]
    if not dropped:
        return
    say("the AWS provider dropped defaults and split charges of cost categories; applying these once more")
    file = work_folder(session) / "tfplan-dropped"
    if terraform.plan(file, targets=dropped):
        terraform.apply(file)
