"""Let the engine's tests run with or without Odoo: they import it as the plain package ``matching``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "openfire_leads"))
