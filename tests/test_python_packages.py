"""The Python packages that the manifest lists: what is told where one is missing or of another version."""

import re
from importlib import metadata, util
from unittest.mock import patch

from packaging.requirements import Requirement

from odoo.exceptions import UserError
from odoo.modules import module
from odoo.tests import BaseCase, tagged

from odoo.addons.openfire_leads import python_packages


@tagged("post_install", "-at_install")
class TestPythonPackages(BaseCase):
    def installed(self, **versions):
        """Have these versions installed; ``None``: not installed, ``""``: without metadata."""
        there, find_spec = metadata.version, util.find_spec

        def version(name):
            known = versions.get(name, there)
            if known is there:
                return there(name)
            if not known:
                raise metadata.PackageNotFoundError(name)
            return known

        def find(name, *rest):
            return None if versions.get(name, "") is None else find_spec(name, *rest)

        for patcher in (patch.object(metadata, "version", version), patch.object(util, "find_spec", find)):
            patcher.start()
            self.addCleanup(patcher.stop)

    def told(self):
        with self.assertRaises(UserError) as caught:
            python_packages.check()
        return str(caught.exception)

    def test_the_package_that_odoo_reads_versions_by_is_the_first_that_odoo_misses(self):
        self.installed(packaging=None)
        nothing = dict.fromkeys(("packaging", "packaging.requirements"))
        with patch.dict("sys.modules", nothing):
            bare = module.load_script(module.__file__, "odoo_without_packaging")
            with self.assertRaises(bare.MissingDependency) as caught:
                bare.Manifest.for_addon("openfire_leads").check_manifest_dependencies()
        self.assertEqual(caught.exception.dependency, "packaging")

    def test_nothing_is_told_where_all_are_there(self):
        python_packages.check()

    def test_one_sentence_names_all_that_are_missing_or_of_another_version(self):
        self.installed(rapidfuzz="2.15.2", ftfy=None, numpy="1.24.2", anyascii="0.3.3")
        self.assertRegex(
            self.told(),
            r"^OpenFire Leads cannot be loaded, .*: ftfy>=6\.1 \(not installed\), "
            r"numpy>=1\.26 \(1\.24\.2 is installed\), rapidfuzz<4,>=3\.9 \(2\.15\.2 is installed\)\. ",
        )

    def test_one_command_mends_it(self):
        self.installed(rapidfuzz="2.15.2", ftfy=None)
        command = re.search(r": (\S+ -m pip install .*)$", self.told())[1]
        self.assertRegex(command, r"'ftfy>=6\.1' 'rapidfuzz<4,>=3\.9'$")

    def test_the_command_is_for_a_python_of_the_distribution_too(self):
        self.installed(ftfy=None)
        with (
            patch("sys.base_prefix", "/usr"),
            patch("sys.prefix", "/usr"),
            patch("pathlib.Path.exists", return_value=True),
        ):
            self.assertIn("-m pip install --break-system-packages 'ftfy>=6.1'", self.told())

    def test_a_package_of_a_distribution_without_metadata_will_do(self):
        self.installed(rapidfuzz="")
        python_packages.check()

    def test_each_is_known_by_the_name_that_is_imported(self):
        self.installed(**{requirement.name: "" for requirement in python_packages.listed()})
        python_packages.check()

    def test_a_test_version_will_do_too(self):
        self.assertFalse(python_packages.unmet([Requirement("pip>=1")]))
        self.installed(numpy="2.3.0rc1")
        python_packages.check()
