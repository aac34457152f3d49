"""No test and no run of the notebooks by pytest reads or writes the progress of who runs it."""

from __future__ import annotations

import os

# For the kernels and commands that tests start, too; set before any test is loaded.
os.environ["MFA_LAB_PROGRESS"] = "off"
