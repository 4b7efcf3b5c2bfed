"""Rows of a query as arrays."""

import numpy as np

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from odoo.addons.openfire_leads.tools import arrays


@tagged("post_install", "-at_install")
class TestArrays(TransactionCase):
    def test_numbers_and_bytes_come_as_they_are(self):
        query = SQL("SELECT * FROM (VALUES (1, %s::bigint, '\\x00ff'::bytea), (-2, 3, '\\x4142')) v", 2**40)
        found = arrays.read(self.env.cr, query, one=np.int32, two=np.int64, three="V2")
        self.assertEqual(found["one"].tolist(), [1, -2])
        self.assertEqual(found["two"].tolist(), [2**40, 3])
        self.assertEqual([bytes(value) for value in found["three"]], [b"\x00\xff", b"AB"])

    def test_no_rows_are_an_empty_array(self):
        found = arrays.read(self.env.cr, SQL("SELECT 1 WHERE false"), one=np.int32)
        self.assertEqual((len(found), found.dtype.names), (0, ("one",)))

    def test_values_of_several_lengths_are_refused(self):
        with self.assertRaises(ValueError):
            arrays.read(self.env.cr, SQL("SELECT unnest(ARRAY['a', 'bcd']::bytea[])"), one="V1")

    def test_lists_come_number_by_number_with_their_owners(self):
        query = SQL(
            "SELECT * FROM (VALUES (7, '{5,-6}'::int[]), (3, '{}'), (2, '{-2147483648}')) v (owner, list)"
        )
        owners, numbers = arrays.read_lists(self.env.cr, query)
        self.assertEqual(owners.tolist(), [7, 7, 2])
        self.assertEqual(numbers.tolist(), [5, -6, -(2**31)])

    def test_no_lists_are_two_empty_arrays(self):
        for lists in (
            "SELECT 1 AS owner, '{}'::int[] AS list",
            "SELECT 1 AS owner, '{}'::int[] AS list WHERE false",
        ):
            owners, numbers = arrays.read_lists(self.env.cr, SQL(lists))
            self.assertEqual((len(owners), len(numbers)), (0, 0))

    def test_values_of_any_length_come_as_bytes(self):
        found = arrays.read_bytes(self.env.cr, SQL("SELECT 'é\n', NULL::bytea, '\\x0001'::bytea, ''"))
        self.assertEqual([bytes(value) for value in found], ["é\n".encode(), b"", b"\x00\x01", b""])
