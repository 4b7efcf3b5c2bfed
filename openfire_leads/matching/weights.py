"""The comparisons of the standard model: their levels and how much evidence each level is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """How alike two values are, and what that weighs.

    The weight in bits is ``base`` + ``share`` x the information of what agrees + ``doubt`` x the information
    of what contradicts. Information is -log2 of the share of records that have the value: ten bits for one
    in a thousand.
    """

    name: str
    base: float
    share: float = 0.0
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class Correction:
    """What is added to ``then`` when another comparison has one of certain levels too.

    So the same fact is counted once (a name, and again in the e-mail address made of it), and what
    only means something together counts together.
    """

    first: str
    first_levels: tuple[str, ...]
    then: str
    then_levels: tuple[str, ...]
    weight: float


# Bits that the odds of one requester are for any two records, times the number of records.
PRIOR = 5.4

# An exact value says less than its rarity alone where people share it or where it was heard already.
SCALES = {
    "email": (
        Level("exact", 3.13, 0.6),
        Level("exact_own_domain", 2.71, 0.65),
        Level("close", 2.67, 0.2),
        Level("same_local", 4.0, 0.27),
        Level("same_domain", -6.37, 0.4),
        Level("different", -1.96),
    ),
    "phone": (
        Level("exact", 1.67, 0.8),
        Level("close", -1.0, 0.5),
        Level("different", -1.5),
    ),
    "person": (
        Level("exact", -4.0, 0.68),
        Level("very_close", -2.19, 0.6),
        Level("initials", -1.43, 0.51),
        Level("partial", -2.28, 0.58),
        Level("other_first_name", -5.5, 0.1, doubt=0.1),
        Level("different", -7.0, 0.0, doubt=0.12),
    ),
    "company": (
        Level("exact", -1.38, 0.23),
        Level("very_close", -2.05, 0.41),
        Level("partial", -2.11, 0.31),
        Level("contradicting", -6.0, 0.13),
        Level("different", -6.0),
    ),
    "cross": (
        Level("crosswise", -4.0, 0.65),
        Level("crosswise_partial", -6.0, 0.4),
        Level("crosswise_different", -4.0),
    ),
    "hint": (
        Level("mentioned", -4.0, 0.6),
        Level("not_mentioned", -1.5),
        Level("other_in_email", -5.47),
    ),
    "street": (
        Level("exact", 4.12, 0.1),
        Level("no_number", 0.71, 0.23),
        Level("other_number", -0.93, 0.1),
        Level("partial", -2.51, 0.46),
        Level("partial_no_number", -3.0, 0.34),
        Level("same_number", 2.5, 0.3),
        Level("different", -2.5, 0.12),
    ),
    "street2": (
        Level("exact", 2.0, 0.48),
        Level("close", 2.0, 0.53),
        Level("different", 0.0),
    ),
    "zip": (
        Level("exact", 1.12, 0.48),
        Level("close", -3.0, 0.58),
        Level("same_area", -3.5, 0.18),
        Level("different", -4.5),
    ),
    "city": (
        Level("exact", -0.64, 0.86),
        Level("close", 2.21, 0.32),
        Level("different", -1.5),
    ),
    "state": (
        Level("exact", 0.5),
        Level("close", 0.0),
        Level("different", -1.25),
    ),
    "subject": (
        Level("exact", 0.17, 0.34),
        Level("partial", -0.6, 0.1),
        Level("different", -0.6),
    ),
}

CORRECTIONS = (
    Correction("zip", ("exact",), "city", ("exact",), -5.34),
    Correction("zip", ("same_area", "different"), "city", ("exact", "close"), 0.64),
    Correction("email", ("exact", "exact_own_domain"), "person", ("exact", "very_close", "initials"), -2.96),
    Correction("email", ("same_local",), "person", ("exact", "very_close", "initials"), -4.72),
    Correction("email", ("exact",), "person", ("other_first_name",), 2.05),
    Correction("email", ("exact",), "person", ("different",), 2.99),
    Correction("email", ("exact_own_domain",), "person", ("other_first_name", "different"), 2.55),
    Correction("email", ("same_local",), "person", ("other_first_name", "different"), 1.0),
    Correction("email", ("same_local",), "cross", ("crosswise",), -4.0),
    Correction("email", ("exact",), "cross", ("crosswise_partial", "crosswise_different"), 3.0),
    Correction("email", ("same_local",), "hint", ("mentioned",), -0.93),
    Correction("email", ("exact", "exact_own_domain"), "hint", ("other_in_email",), 4.0),
    Correction("phone", ("exact",), "person", ("exact", "very_close", "initials"), 0.64),
    Correction("phone", ("exact",), "person", ("other_first_name",), -2.0),
    Correction("phone", ("exact",), "person", ("different",), -5.0),
    Correction("company", ("exact", "very_close"), "person", ("different", "other_first_name"), -3.0),
    Correction("phone", ("exact",), "hint", ("other_in_email",), -4.0),
    Correction("phone", ("exact",), "email", ("same_domain",), -3.0),
    Correction(
        "zip", ("different", "same_area"), "street", ("different", "other_number", "same_number"), 2.5
    ),
    Correction("zip", ("different", "same_area"), "city", ("different",), 1.5),
    Correction("street", ("exact",), "person", ("exact", "very_close", "initials"), 2.42),
    Correction("street", ("exact",), "person", ("other_first_name",), -4.0),
    Correction("phone", ("exact",), "company", ("contradicting", "different"), -6.0),
    Correction("street", ("exact",), "company", ("contradicting", "different"), -3.0),
)
