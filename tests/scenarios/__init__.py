"""Black-box cases: situations in the words of a contact center, run against the real engine on a manual clock.

``python -m tests.scenarios FILE`` runs the cases of a file. The pages of ``docs/reference/scenarios.md`` say which word
is translated to which setting.
"""
