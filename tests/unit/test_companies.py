"""Companies' names that mean the same come out the same."""

import pytest

from openfire_leads.matching.companies import company_words


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("S.A.R.L. Dupont & Fils", "dupont fils"),
        ("Dupont et Fils SARL", "dupont fils"),
        ("DUPONT & FILS", "dupont fils"),
        ("Société Dupont", "dupont"),
        ("Ets. Michel S.A.S.", "michel"),
        ("Acme Ltd.", "acme"),
        ("Acme GmbH", "acme"),
        ("Acme, Inc", "acme"),
        ("I.B.M. France", "france ibm"),
        ("La Compagnie", "compagnie la"),
        ("EI Architecture Mercier", "architecture mercier"),
        ("株式会社山田商店", "商 山 店 田"),
        ("（株）山田 商店", "商 山 店 田"),
        ("北京 字节跳动科技 有限公司", "北京字节跳动科技"),
        ("X.com", "x"),
        ("www.toiture-martin.fr", "martin toiture"),
        ("Amazon.com.au Inc.", "amazon"),
        ("J.P.de Groot", "groot j p"),
        ("Dupont & Associés", "dupont"),
        ("Ste Dubois", "dubois"),
        ("Saint", "saint"),
        ("12 Main St", "12 main st"),
    ],
)
def test_companies(name, expected):
    assert sorted(company_words(name)) == expected.split()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Garage St Martin", "Garage Saint-Martin"),
        ("Ste Marie", "Sainte Marie"),
        ("Clg Ste Anne", "Collège Sainte Anne"),
        ("Health Ctr", "Health Center"),
        ("Fire Dept.", "Fire Department"),
        ("1st Bank", "First Bank"),
        ("Acme Int'l", "Acme International"),
        ("Acme Mfg", "Acme Manufacturing"),
        ("Smith Bros.", "Smith Brothers"),
        ("Phie du Parc", "Pharmacie du Parc"),
        ("E.P.P. Jules Ferry", "École primaire publique Jules Ferry"),
        ("Assoc. des Amis", "Association des Amis"),
        ("Etabs Michel", "Ets Michel"),
    ],
)
def test_abbreviations_in_companies_names(one, other):
    assert company_words(one) == company_words(other)
