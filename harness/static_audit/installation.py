"""Name what checkov is installed as: it pins boto3 1.35 and packaging < 24, unlike tagrail's own environment."""

from harness.tool_installation import Tool

CHECKOV = Tool("checkov", "3.3.30", "checkov.txt", 11, 13, "TAGRAIL_CHECKOV_PYTHON", "about a minute")
