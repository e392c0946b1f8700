"""Say which regions an account has enabled: the Account API, and EC2's DescribeRegions."""
