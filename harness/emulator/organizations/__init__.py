"""AWS Organizations: policies with their syntax and quotas, and what they come to in each account."""
