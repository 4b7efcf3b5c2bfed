"""Let Odoo's own test runner find the tests, which live beside the addon in ``tests/``, one folder per concern."""

import sys
from importlib import import_module
from pathlib import Path

_package = sys.modules[__package__]
_checkout = Path(__file__).resolve().parents[2]
_root = _checkout / "tests"
# in the project's own checkout only: where the addon was copied to, there may be tests of others beside it
if (_checkout / "devtools" / "count_tests.py").is_file():
    _package.__path__.append(str(_root))
    for _path in sorted([*_root.glob("test_*.py"), *_root.glob("*/test_*.py")]):
        if _path.parent.name != "unit":
            _name = ".".join(_path.relative_to(_root).with_suffix("").parts)
            # Odoo looks for modules whose names begin with "test_" in this very package
            setattr(_package, _path.stem, import_module(f"{__package__}.{_name}"))
