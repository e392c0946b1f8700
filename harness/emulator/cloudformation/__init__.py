"""Extend moto's AWS CloudFormation: StackSets with service-managed permissions."""
