"""Hypothesis profiles, for every test: nothing here depends on how fast the machine is.

``HYPOTHESIS_PROFILE=soak`` runs the same tests at length; ``ci`` runs the same examples every time.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example, HealthCheck.filter_too_much)

settings.register_profile("default", deadline=None, suppress_health_check=SLOW)
settings.register_profile("ci", deadline=None, suppress_health_check=SLOW, derandomize=True, print_blob=True)
settings.register_profile(
    "soak", deadline=None, suppress_health_check=SLOW, max_examples=3000, stateful_step_count=100, print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "default"))
