"""The examples of the documentation, each run as its readers would."""
