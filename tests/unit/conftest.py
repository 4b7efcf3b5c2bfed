"""Let the tests of the plain packages run without a registry: the addon is a package whose own start is left out."""

import sys
from pathlib import Path
from types import ModuleType

from hypothesis import settings

ADDON = "openfire_leads"

# its plain packages import one another, and nothing that its __init__ would import
if ADDON not in sys.modules:
    sys.modules[ADDON] = ModuleType(ADDON)
    sys.modules[ADDON].__path__ = [str(Path(__file__).parents[2] / ADDON)]

# no deadline: a busy machine is no failure
settings.register_profile("engine", deadline=None, max_examples=60, database=None)
settings.load_profile("engine")
