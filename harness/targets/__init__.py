"""Say where terraform and boto3 talk to: emulator, LocalStack or AWS; each checked before anything is sent.

Import from the modules: who needs the name of a target needs no boto3.
"""
