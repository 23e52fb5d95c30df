"""The security reference monitor's calls (Se): tokens of the one user that there is."""
