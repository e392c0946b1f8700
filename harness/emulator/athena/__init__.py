"""Amazon Athena: workgroups. Queries are moto's, which run nothing."""
