"""An independent evaluator of IAM policies, run as a process of its own; it is no part of tagrail."""
