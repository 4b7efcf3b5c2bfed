"""Let Odoo's own test runner find the tests, which live beside the addon in ``tests/``."""

from importlib import import_module
from pathlib import Path

_root = Path(__file__).resolve().parents[2] / "tests"
if _root.is_dir():
    __path__.append(str(_root))
    for _module in sorted(_root.glob("test_*.py")):
        import_module(f"{__name__}.{_module.stem}")
