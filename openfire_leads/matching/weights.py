"""The comparisons of the standard model: their levels and how much evidence each level is."""

from dataclasses import dataclass

from .compare_contacts import ONE_NUMBER

# what a level can be: agreement never counts against, contradiction never for
FOR, EITHER, AGAINST = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Level:
    """How alike two values are, and what that weighs.

    The weight in bits is ``base`` + ``share`` x the information of what agrees + ``doubt`` x the information
    of what contradicts. Information is -log2 of the share of records that have the value: ten bits for one
    in a thousand. ``speaks`` says whether that is never less than nothing (:data:`FOR`), never more
    (:data:`AGAINST`), or whatever comes out.
    """

    name: str
    base: float
    share: float = 0.0
    doubt: float = 0.0
    speaks: int = EITHER


@dataclass(frozen=True, slots=True)
class Correction:
    """What is added to ``then`` when another comparison has one of certain levels too.

    A negative ``weight`` counts the same fact once (a name, and again in the e-mail address made of it): it
    takes no more than the lesser of the two weighs, so that both together never weigh less than one alone. A
    positive one softens a contradiction (somebody who moved has another street as well), at most to nothing.
    Where ``beside`` names a third comparison and levels of it, one of these must be found too.
    """

    first: str
    first_levels: tuple[str, ...]
    then: str
    then_levels: tuple[str, ...]
    weight: float
    beside: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What only says of which household, or of which firm, the two are: one fact, however many values tell it.

    All members together, with what every pair starts from, make the odds no better than ``most`` bits: how
    probable it is that two of one household are one requester. What tells who of it they are comes on top.
    Where they have one phone, and no name contradicts, it is ``by_phone`` bits more. A mobile phone is no part of
    it, for it is one person's; where names contradict it is, and makes it ``by_mobile`` bits more.
    """

    members: tuple[tuple[str, tuple[str, ...]], ...]
    most: float
    by_phone: float = 0.0
    by_mobile: float = 0.0


# Bits that the odds of one requester are for any two records, times the number of records.
PRIOR = 6.5

# An exact value says less than its rarity alone where people share it or where it was heard already.
SCALES = {
    "email": (
        Level("exact", 1.51, 0.63, speaks=FOR),
        Level("exact_own_domain", -1.50, 0.65, speaks=FOR),
        Level("same_mailbox", 0.00, 0.63, speaks=FOR),
        Level("close", 1.51, 0.14, speaks=FOR),
        Level("same_local", 2.70, 0.23, speaks=FOR),
        Level("same_domain", -6.76, 0.32),
        Level("different", -0.91, speaks=AGAINST),
    ),
    "phone": (
        Level("exact_mobile", -0.50, 0.95, speaks=FOR),
        Level("exact", -0.91, 0.78, speaks=FOR),
        Level("close", -0.88, 0.50),
        Level("other_mobile", -4.50, speaks=AGAINST),
        Level("different", -2.57, speaks=AGAINST),
        Level("other_kind", -0.50, speaks=AGAINST),
    ),
    "person": (
        Level("exact", -1.12, 0.52, speaks=FOR),
        Level("very_close", -1.70, 0.53, speaks=FOR),
        Level("short_form", -2.40, 0.38, speaks=FOR),
        Level("initials", -1.59, 0.47, speaks=FOR),
        Level("completed", 0.40, 0.53, speaks=FOR),
        Level("partial", -2.10, 0.53, speaks=FOR),
        Level("other_surname", -2.80, 0.04, doubt=0.08, speaks=AGAINST),
        Level("other_first_name", -4.90, 0.04, doubt=0.25, speaks=AGAINST),
        Level("different", -7.13, doubt=0.09, speaks=AGAINST),
    ),
    "company": (
        Level("exact", 1.30, 0.07, speaks=FOR),
        Level("very_close", -2.09, 0.23, speaks=FOR),
        Level("partial", -0.38, 0.14),
        Level("contradicting", -3.93, 0.03, speaks=AGAINST),
        Level("different", -3.86, speaks=AGAINST),
    ),
    "cross": (
        Level("crosswise", -3.24, 0.64, speaks=FOR),
        Level("crosswise_surname", -2.10, 0.53, speaks=FOR),
        Level("crosswise_partial", -6.29, 0.40),
        Level("crosswise_different", -3.82, speaks=AGAINST),
    ),
    "hint": (
        Level("mentioned", -3.41, 0.58, speaks=FOR),
        Level("partly_mentioned", -3.41, 0.58, speaks=FOR),
        Level("not_mentioned", -0.30, speaks=AGAINST),
        Level("other_in_email", -4.70, speaks=AGAINST),
    ),
    "street": (
        Level("exact", 4.29, speaks=FOR),
        Level("no_number", 0.90, 0.26, speaks=FOR),
        Level("other_number", -1.41, 0.04),
        Level("partial", -0.20, 0.66),
        Level("partial_no_number", -3.16, 0.30),
        Level("same_number", 1.30, 0.19),
        Level("different", -5.00, 0.33, speaks=AGAINST),
    ),
    "street2": (
        Level("exact", 1.15, 0.43, speaks=FOR),
        Level("close", 2.01, 0.52, speaks=FOR),
        Level("other_unit", -3.00, speaks=AGAINST),
        Level("different", 0.00, speaks=AGAINST),
    ),
    "zip": (
        Level("exact", -0.36, 0.53, speaks=FOR),
        Level("close", -3.30, 0.50),
        Level("same_area", -5.00),
        Level("different", -5.00, speaks=AGAINST),
    ),
    "city": (
        Level("exact", -1.36, 0.73, speaks=FOR),
        Level("close", 0.80, 0.39, speaks=FOR),
        Level("different", -3.25, speaks=AGAINST),
    ),
    "state": (
        Level("exact", 3.49, speaks=FOR),
        Level("close", 0.00, speaks=FOR),
        Level("different", 0.00, speaks=AGAINST),
    ),
    "subject": (
        Level("exact", -0.24, 0.30, speaks=FOR),
        Level("partial", -0.95, 0.28),
        Level("different", -0.33, speaks=AGAINST),
    ),
}

_NAMED = ("exact", "very_close", "short_form", "initials", "completed")
_MOBILE = ("exact_mobile",)
_FIRST_NAME = ("missing", *_NAMED, "partial", "other_surname")
_MENTIONED = ("mentioned", "partly_mentioned")
CORRECTIONS = (
    # heard already
    Correction("zip", ("exact",), "city", ("exact", "close"), -5.69),
    Correction("email", ("exact", "exact_own_domain", "same_mailbox"), "person", _NAMED, -1.77),
    Correction("email", ("close",), "person", _NAMED, -2.24),
    Correction("email", ("same_local",), "person", _NAMED, -4.94),
    Correction("email", ("same_local",), "cross", ("crosswise",), -4.46),
    Correction("email", ("exact", "same_mailbox", "close"), "hint", _MENTIONED, -2.49),
    Correction("email", ("same_local",), "hint", _MENTIONED, -4.94),
    # no such contradiction any more
    Correction("email", ("exact",), "person", ("other_surname", "other_first_name"), 1.08),
    Correction("email", ("exact",), "person", ("different",), 3.00),
    Correction("email", ("same_local",), "person", ("other_surname", "other_first_name", "different"), 2.17),
    Correction("email", ("exact",), "cross", ("crosswise_partial", "crosswise_different"), 2.91),
    # who has one address still moved, and got another number
    Correction("email", ("exact",), "street", ("different",), 2.00),
    Correction("email", ("exact",), "zip", ("different", "same_area"), 2.50),
    Correction("email", ("exact",), "city", ("different",), 1.00),
    Correction("email", ("exact", "exact_own_domain"), "phone", ("other_mobile",), 3.00),
    Correction("email", ("exact",), "phone", ("different", "other_kind"), 1.00),
    # the people of a firm have one each
    Correction("company", ("exact", "very_close"), "phone", ("other_mobile",), 1.90),
    # so did somebody with one name and one phone; a firm's number may be several sites'
    Correction("phone", ("exact",), "zip", ("different", "same_area"), 2.50, beside=("person", _NAMED)),
    Correction("phone", ("exact",), "city", ("different",), 1.00, beside=("person", _NAMED)),
    # who moves keeps the mobile phone
    Correction("phone", _MOBILE, "street", ("different",), 3.00, beside=("person", _FIRST_NAME)),
    Correction("phone", _MOBILE, "zip", ("different", "same_area"), 3.50, beside=("person", _FIRST_NAME)),
    Correction("phone", _MOBILE, "city", ("different",), 1.00, beside=("person", _FIRST_NAME)),
    Correction("zip", ("different", "same_area"), "street", ("different", "other_number"), 0.09),
    Correction("zip", ("different", "same_area"), "city", ("different",), 1.34),
    Correction("phone", ONE_NUMBER, "company", ("contradicting", "different"), 0.30),
    Correction("street", ("exact",), "company", ("contradicting", "different"), 0.30),
    Correction("phone", ONE_NUMBER, "person", ("other_surname",), 2.50),
    Correction("street", ("exact",), "person", ("other_surname",), 1.61),
)

# which household or firm it is, by where it is
_PLACE = (
    (
        "street",
        ("exact", "no_number", "other_number", "partial", "partial_no_number", "same_number", "different"),
    ),
    ("street2", ("exact", "close", "different")),
    ("zip", ("exact", "close", "same_area", "different")),
    ("city", ("exact", "close", "different")),
    ("state", ("exact", "close", "different")),
)
# a mobile phone is one person's
SITE = (("phone", ("exact", "close")), *_PLACE)
# a surname without a first name says which family, not who of it
HOUSEHOLD = Fact(
    (*SITE, ("person", ("partial",)), ("cross", ("crosswise_surname",)), ("hint", ("partly_mentioned",))),
    2.50,
    by_phone=1.50,
    by_mobile=3.00,
)
FIRM = Fact(
    # or a firm's
    (
        ("phone", (*ONE_NUMBER, "close")),
        *_PLACE,
        ("company", ("exact", "very_close", "partial")),
        ("email", ("exact_own_domain", "same_domain")),
    ),
    3.59,
)
