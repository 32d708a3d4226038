"""What holds for all tests."""

from hypothesis import settings

# A machine may be busy with other tests: how long one example takes says nothing.
settings.register_profile("connector", deadline=None)
settings.load_profile("connector")
