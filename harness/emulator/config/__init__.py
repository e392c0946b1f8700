"""AWS Config: rules of accounts and organisations, and what they say of the resources that exist."""
