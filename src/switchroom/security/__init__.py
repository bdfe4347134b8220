"""Who may do what, what was done by whom, and how a person is erased."""
