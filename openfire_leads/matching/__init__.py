"""Find records that are the same requester: normalise, block, compare, score, cluster.

Pure Python (numpy, rapidfuzz, phonenumbers, anyascii, ftfy): nothing here imports Odoo.

How to use it, for one record against a database::

    from odoo.addons.openfire_leads.matching import Model, Profile, Record, Statistics, keys, profile, terms

    new = profile(
        Record(
            id=7,
            name="Devis poêle",
            contact_name="M. Jean MARTIN",
            emails=("jean.martin@gmial.com",),
            phones=("06 12 34 56 78",),
            street="12 bis av. de la Gare",
            zip="68200",
            city="Mulhouse",
            country_code="FR",
        ),
        default_country="FR",       # reads the phones of records that name no country
    )
    keys(new)                       # frozenset of signed 32-bit ints: records that share one are compared, unless
                                    # more than MAX_BLOCK share it
    terms(new)                      # frozenset of signed 32-bit ints, to be counted over the database
    stored = new.pack()             # one text, values parted by tabs, for a text column, to keep with ENGINE_VERSION
    Profile.unpack(stored) == new   # True; another ENGINE_VERSION means that the stored one is stale

    # term -> number of records that have it; terms left out count as never seen, {} is allowed
    statistics = Statistics(records=100_000, counts={4711: 12})
    model = Model()                 # or Model(suspicion=60, certainty=99.5)
    comparison = model.compare(new, other, statistics)
    comparison.score                # 0 to 100, the probability of one requester
    comparison.evidence             # [{"field": "email", "level": "exact", "similarity": 1.0, "weight": 9.2}]

    # one record against its candidates, fast: from the best score down
    for position, comparison in model.rank(new, candidates, statistics, min_score=model.suspicion):
        candidates[position]

And for many at once::

    profiles = [profile(record) for record in records]
    statistics = Statistics.of(profiles)
    found = candidate_pairs([keys(one) for one in profiles])     # .left, .right (arrays), .not_compared
    scores = model.compare_many(profiles, found.left, found.right, statistics)
    likely = scores >= model.suspicion
    # the same without comparing most of them: positions in found.left, and their scores
    positions, scores_there = model.likely(profiles, found.left, found.right, statistics)
    reasons = model.explain(profiles, found.left[likely], found.right[likely], statistics)
    # both at once
    positions, scores_there, reasons = model.explain_likely(profiles, found.left, found.right, statistics)
    Model(prior=estimated_prior(scores, statistics))             # how rare duplicates are in this very database
    # what people said of pairs that they were shown, to be learnt from
    kept = grounds(profiles, [0], [1], statistics)                # for JSON; keep it with the score and the answer
    learnt = learn([Judgement(7, 12, True, 91.2, kept[0]), ...], model, statistics)
    learnt.verdict                                               # "few": nothing moves until there are enough
    model = learnt.lesson.model(model)                           # where there is a lesson; .dump() and .load() keep it
    table = model.table(profiles, statistics)                    # instead of the profiles, when they are used again
    # a million records: the keys as two arrays, the pairs in parts of bounded size
    blocks = Blocks(owner, key)                                   # key[i] is a key of record owner[i]
    for first, last in blocks.ranges(2_000_000):
        left, right = blocks.pairs(first, last)                   # those whose left record is in this range
        positions, scores_there = model.likely(table, left, right)
    groups = cluster(
        zip(found.left[likely], found.right[likely], scores[likely]),
        compare=lambda left, right: model.compare_linked(table, left, right),
    )

Evidence names the lead's fields, each at most once: ``email``, ``phone``, ``contact_name``, ``partner_name``,
``street``, ``street2``, ``zip``, ``city``, ``state``, ``name`` (the subject). A missing value is never listed:
it is no evidence. ``similarity`` is 0 to 1, ``weight`` is in bits: +1 doubles the odds that it is one
requester, -1 halves them. ``model.start(statistics)`` is the weight that every pair starts from (negative: two
records taken at random hardly ever are one requester). ``FIELD_LEVELS`` lists the levels of each field:

- every field: ``exact``, ``close`` (a slip or two), ``different``
- email: ``exact_own_domain`` (the same, named after nobody, at a domain that is no public provider's),
  ``same_mailbox`` (at Gmail, which ignores dots, with dots elsewhere), ``same_local`` (same name, other domain),
  ``same_domain`` (colleagues, perhaps)
- phone: ``exact_mobile`` (the same, a mobile phone), ``other_mobile`` (two mobile phones), ``other_kind`` (a mobile
  phone and a fixed one)
- contact_name: ``very_close`` (slips), ``short_form`` (Bob for Robert), ``initials`` (J. for Jean), ``completed``
  (the first name is in the address), ``partial`` (less is written on one side), ``other_first_name`` (a word agrees,
  another contradicts), ``other_surname`` (a first name agrees, the rest contradicts), ``crosswise``,
  ``crosswise_surname``, ``crosswise_partial``, ``crosswise_different`` (contact compared with company), ``mentioned``,
  ``partly_mentioned``, ``not_mentioned`` (in the other's e-mail address or subject, where it has no name),
  ``other_in_email`` (an address that names somebody else)
- partner_name: ``very_close``, ``partial``, ``contradicting`` (a word agrees, another contradicts)
- street: ``no_number``, ``other_number``, ``partial``, ``partial_no_number``, ``same_number`` (nothing else)
- street2: ``other_unit`` (another flat, building, staircase, floor or lot)
- zip: ``same_area`` (same beginning); name: ``partial``

Errors are :class:`MatchingError`: :class:`ModelError` for a model that cannot be used,
:class:`ProfileError` for a stored profile that cannot be read.
"""

from .blocking import MAX_BLOCK, Blocks, Candidates, candidate_pairs
from .certainty import Proof
from .clusters import cluster, weakest_links
from .comparisons import FIELD_LEVELS, FIELDS
from .errors import MatchingError, ModelError, ProfileError
from .frequency import Statistics, terms
from .judgements import BANDS, Band, Judgement, grounds, measured
from .keys import keys
from .learning import FEWEST as FEWEST_JUDGEMENTS
from .learning import Learnt, Lesson, Trial, learn
from .model import Comparison, Model
from .rate import estimated_prior
from .record import ENGINE_VERSION, Profile, Record, profile
from .table import Table
from .weights import Correction, Fact, Level

__all__ = [
    "BANDS",
    "ENGINE_VERSION",
    "FEWEST_JUDGEMENTS",
    "FIELDS",
    "FIELD_LEVELS",
    "MAX_BLOCK",
    "Band",
    "Blocks",
    "Candidates",
    "Comparison",
    "Correction",
    "Fact",
    "Judgement",
    "Learnt",
    "Lesson",
    "Level",
    "MatchingError",
    "Model",
    "ModelError",
    "Profile",
    "ProfileError",
    "Proof",
    "Record",
    "Statistics",
    "Table",
    "Trial",
    "candidate_pairs",
    "cluster",
    "estimated_prior",
    "grounds",
    "keys",
    "learn",
    "measured",
    "profile",
    "terms",
    "weakest_links",
]
