"""`python -m simulator.benchmarks`: every figure that the documentation gives, from one command.

One core, as the figures say: the limits have to be set before numpy is loaded, so they stand here.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
