"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# A busy machine is no failure: nothing is timed in a test. Nor is it a matter of luck whether a change passes: each
# run tries the same examples. Others are tried with `pytest --hypothesis-profile=others`.
settings.register_profile(
    "tierzero", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("others", settings.get_profile("tierzero"), derandomize=False)
settings.load_profile("tierzero")
