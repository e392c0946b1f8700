"""DescribeRegions of EC2, which agrees with Account Management; installed with EC2 itself, which takes long to load."""

from moto.core.responses import ActionResult
from moto.ec2.responses.availability_zones_and_regions import AvailabilityZonesAndRegions

from harness.emulator.account.responses import OPT_IN, status_of


def _describe_regions(self: AvailabilityZonesAndRegions) -> ActionResult:
    """Answer DescribeRegions: those that are enabled, with `AllRegions` the others too.

    docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
    """
    self.error_on_dryrun()
    names, everything = self._get_param("RegionNames", []), self._get_param("AllRegions")
    described = [
        {
            "RegionName": region.name,
            "Endpoint": region.endpoint,
            "OptInStatus": OPT_IN[status_of(self.current_account, region.name)],
        }
        for region in self.ec2_backend.describe_regions(names)
    ]
    shown = [each for each in described if everything or names or each["OptInStatus"] != OPT_IN["DISABLED"]]
    return ActionResult({"Regions": shown})


def install() -> None:
    """Put it in the place of moto's."""
    AvailabilityZonesAndRegions.describe_regions = _describe_regions
