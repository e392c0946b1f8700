"""Keep AWS providers running between terraform's commands against an emulator, and let nothing wait without need.

Terraform starts the provider, a program of 700 MB, several times for each command and reads its whole schema each time.
Here one server starts the providers once and answers with the few types that the configuration uses; terraform finds it
through TF_REATTACH_PROVIDERS. Never for AWS itself: its waits are needed there.
"""

from harness.warm_provider.start import WarmProvider, WarmProviderError, installed_provider, wanted, warm_provider

__all__ = ["WarmProvider", "WarmProviderError", "installed_provider", "wanted", "warm_provider"]
