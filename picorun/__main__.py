"""`python -m picorun` is the command `picorun`."""

import sys

from picorun.cli import main

sys.exit(main())
