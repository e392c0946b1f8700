"""Judge a plan by tags.rego with regorus, and print how many resources it finds."""

import sys
from pathlib import Path

from regorus import Engine

engine = Engine()
engine.add_policy_from_file(str(Path(__file__).with_name("tags.rego")))
engine.set_input_from_json_file(sys.argv[1])
print(len(engine.eval_rule("data.tags.incomplete")))
