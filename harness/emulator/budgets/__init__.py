"""AWS Budgets: limits and notifications, what was spent, and alerts that arrive or are dropped."""
