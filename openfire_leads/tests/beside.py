"""Let Odoo's own test runner find the tests, which live beside the addon in ``tests/``, one folder per concern."""

import sys
from importlib import import_module
from pathlib import Path

_package = sys.modules[__package__]
_root = Path(__file__).resolve().parents[2] / "tests"
if _root.is_dir():
    _package.__path__.append(str(_root))
    for _path in sorted([*_root.glob("test_*.py"), *_root.glob("*/test_*.py")]):
        if _path.parent.name != "unit":
            _name = ".".join(_path.relative_to(_root).with_suffix("").parts)
            # Odoo looks for modules whose names begin with "test_" in this very package
            setattr(_package, _path.stem, import_module(f"{__package__}.{_name}"))
