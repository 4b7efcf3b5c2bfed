"""Words of companies' names that are written in several ways, and how each is compared."""

from .text import word_set

# each word or words, and what is written for it
_WRITTEN = {
    "academie": "acad academy",
    "association": "ass assn assoc assocs asso",
    "brothers": "bro bros",
    "center": "cntr ctr",
    "college": "clg coll colg",
    "departement": "department dept depts dpt",
    "ecole maternelle publique": "emp empu",
    "ecole elementaire publique": "eep eepu",
    "ecole primaire publique": "epp eppu",
    "elementary": "elem",
    "etablissements": "etab etabs etabl etb",
    "fort": "ft",
    "freres": "frs fres",
    "government": "govt gov",
    "hospital": "hosp",
    "industries": "inds",
    "international": "intl",
    "laboratoire": "labo",
    "lycee": "lyc",
    "management": "mgmt mgt",
    "manufacturing": "mfg manuf",
    "market": "mkt mrkt",
    "mount": "mt",
    "national": "natl",
    "notre dame": "nd",
    "pharmacie": "phie phcie pharm",
    "restaurant": "resto rest",
    "service": "services sce sces serv svc svcs",
    "university": "univ universite",
    "1st": "first",
    "2nd": "second",
    "3rd": "third",
    "4th": "fourth",
    "5th": "fifth",
    "6th": "sixth",
    "7th": "seventh",
    "8th": "eighth",
    "9th": "ninth",
    "10th": "tenth",
}
FORMS = {short: words.split() for words, written in _WRITTEN.items() for short in written.split()}
# women after whom places are called: "Ste" before one of them is no "Société"
SAINTS = word_set(
    """
    adele agathe agnes anne barbe beatrice bernadette blanche brigitte catherine cecile claire clotilde colette
    croix elisabeth eugenie eulalie famille felicite foy genevieve germaine helene jeanne julie justine louise
    lucie madeleine marguerite marie marine marthe mathilde monique odile radegonde rita rose sophie suzanne
    therese ursule victoire
    """
)


def spelled_out(found):
    """Return the words of a company's name, each in the form in which it is compared."""
    if "st" in found or "ste" in found:
        found = [_saint(word, found[index + 1 : index + 2], index) for index, word in enumerate(found)]
    if FORMS.keys().isdisjoint(found):
        return found
    return [one for word in found for one in FORMS.get(word, (word,))]


def _saint(word, following, index):
    """Write out ``st`` and ``ste``, unless it is a street, as the last word, or a company, as the first one."""
    if word == "st" and following:
        return "saint"
    if word == "ste" and following and (index or following[0] in SAINTS):
        return "sainte"
    return word
