"""The wiring: jobs, schedules, sensors, storage, settings and the command line; alone reads the environment.

Linear algebra runs on one thread unless the environment says otherwise: its products here are small, and threads that
wait for each other cost two to four times the processor time. The libraries read this when they are loaded, so it is
set before anything imports them. No result depends on it (`matching.texts.grid`).

Python looks for cycles of objects nobody needs any more after every 100,000 new ones instead of 700: libraries keep so
many alive that looking took 6 % of a week (32.3 → 30.3 CPU s, twice each) and as much or more of a large matching.

What any of its processes writes is its owner's alone (0600, 0700): stores hold what people wrote to platforms. All
commands, Dagster's services and the runs they start import this first.
"""

import gc
import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
gc.set_threshold(100_000)
os.umask(0o077)
