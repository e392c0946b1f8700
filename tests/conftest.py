"""Settings of all tests: a slow machine is no fault, so no generated example has a deadline."""

from hypothesis import settings

settings.register_profile("tagrail", deadline=None)
settings.load_profile("tagrail")
