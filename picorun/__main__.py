"""`python -m picorun` is the command `picorun`."""

from picorun.cli import command

command()
