"""What things cost.  `python -m bench` runs every load and prints one table.

A load is a module here with a function `rows() -> list[Row]`; figures of one run on one machine
are comparable with each other, not with those of another day.  `README.md` says how to read them.
"""
