"""The default target: moto's server plus the operations that tag governance needs and moto lacks, in one process.

`process` starts and stops it; `server` is what runs; `seed` reads the organisation it begins with; one module per AWS
service extends moto. Nothing here knows the dictionary.
"""
