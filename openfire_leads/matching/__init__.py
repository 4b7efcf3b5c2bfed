"""Find records that are the same requester: normalise, block, compare, score, cluster.

Pure Python: nothing here imports Odoo.
"""
