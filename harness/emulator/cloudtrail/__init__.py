"""CloudTrail's event history: the changes that the emulator has carried out, and those of a seed."""
