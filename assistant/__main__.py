"""`python -m assistant` is `mynah`."""

import sys

from assistant.cli import main

sys.exit(main())
