"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# A busy machine is no failure: nothing is timed in a test.
settings.register_profile("tierzero", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tierzero")
