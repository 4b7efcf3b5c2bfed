"""Let the engine's tests run with or without Odoo: they import it as the plain package ``matching``."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parents[2] / "openfire_leads"))

# no deadline: a busy machine is no failure
settings.register_profile("engine", deadline=None, max_examples=60, database=None)
settings.load_profile("engine")
