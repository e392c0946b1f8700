"""Name what LocalStack 4.14.0 is installed as: the last open release, in a virtual environment of its own.

It needs Python 3.13 exactly: earlier ones lack `warnings.deprecated`, and its pins have no wheels for later ones.
It takes 500 MB.
"""

from harness.tool_installation import Tool

PYTHON_VARIABLE = "TAGRAIL_LOCALSTACK_PYTHON"
LOCALSTACK = Tool("LocalStack", "4.14.0", "localstack.txt", 13, 13, PYTHON_VARIABLE, "1 to 3 minutes")
