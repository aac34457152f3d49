"""`python -m mfa_lab.cli` is `mfa-lab`."""

import sys

from mfa_lab.cli import main

sys.exit(main())
