"""A generator of French leads with duplicates, for measuring: nobody in it exists.

Requesters are people, couples and firms; some ask again, with what people do to their names, addresses and
subjects when they type them twice. Beside them live those who are easily taken for them: relatives at one
address, colleagues, branches, and strangers who write through one directory's mailbox.
"""

import random
import unicodedata


def _listed(text, between=" "):
    return text.split(between)


FIRST = _listed(
    "Adèle Agathe Alain Albert Alix Amandine Anaïs André Antoine Arthur Aurore Axel Barbara Bastien "
    "Baptiste Benjamin Brigitte Bruno Carole Cécile Céline Charlotte Chloé Clara Claire Clément "
    "Corentin Cyril Damien Delphine Denis Didier Dominique Edgar Élise Élodie Émeline Estelle Fabien "
    "Fabrice Fanny Florence Florian Franck Gaël Gaëlle Géraldine Gérard Grégory Guy Hélène Hervé Hugo "
    "Inès Irène Jacques Jean Jean-Marc Jean-Pierre Jérôme Joël Josiane Julie Karine Laetitia Laurent "
    "Léa Léna Lionel Loïc Louis Lucie Ludovic Manon Marc Marie Marie-Claude Marine Marion Marius "
    "Mathilde Maxime Mélanie Michel Mireille Monique Nadège Nadine Nathan Noé Odile Olivier Pascal "
    "Patricia Paul Perrine Philippe Pierre Quentin Raphaël Régis Rémi Robin Romain Rose Sabine Samuel "
    "Sandrine Sébastien Solène Sonia Sylvain Thibault Thierry Tom Valérie Véronique Victoire Vincent "
    "Virginie Xavier Yann Yves Yvonne Zoé"
)
ENDS = _listed("ard aud eau el ier in ot oux ac ez ois ert is on et ault iaud ec ic")
STARTS = _listed(
    "Bar Ber Bon Bou Bru Cal Cam Car Char Col Cor Cour Dau Del Des Dou Dub Far Fer Fon Fou Gal Gar Gau "
    "Ger Gir Gour Gui Hau Her Jol Jou Lab Lac Lan Lar Lau Lem Lev Lou Mal Mar Mas Mau Mer Mon Mor Mou "
    "Nor Pas Pel Per Pin Poi Pou Pre Rab Ram Ren Ric Riv Rob Ros Rou Sab Sal Sau Ser Sou Tar Ter Tis "
    "Tou Val Var Ver Vil Vin"
)
WAYS = [
    ("rue", "r."),
    ("avenue", "av."),
    ("boulevard", "bd"),
    ("chemin", "ch."),
    ("impasse", "imp."),
    ("place", "pl."),
]
NAMES_OF_WAYS = _listed(
    "de la Mairie|des Écoles|du Stade|Victor Hugo|Jules Ferry|des Lilas|de l'Église|du Lavoir|Pasteur|"
    "des Peupliers|de la Fontaine|du Château|des Vergers|Jean Moulin|de la Forge|du Général de Gaulle|"
    "de Verdun|des Chênes|du Moulin|de la Liberté|Saint-Martin|des Mésanges|de Bretagne|du 8 Mai 1945|"
    "de la Source|du Cimetière",
    "|",
)
TRADES = _listed(
    "Menuiserie Toitures Chauffage Garage Boulangerie Immobilière Cabinet Fermetures Jardins Électricité"
)
FORMS = ["SARL", "SAS", "EURL", "S.A.S.", "SCI", "Ets"]
MAIL = (
    ["gmail.com"] * 6
    + ["orange.fr"] * 3
    + ["hotmail.fr", "free.fr", "wanadoo.fr", "yahoo.fr", "laposte.net", "sfr.fr"]
)
GENERIC = [
    "Demande de devis", "Contact", "Demande d'information", "Prise de rendez-vous", "Nouveau message", "Devis",
    "Formulaire du site", "Demande de rappel",
]  # fmt: skip
WANTED = [
    "poêle à granulés", "insert bois", "pompe à chaleur", "fenêtres PVC", "volets roulants", "pergola", "véranda",
    "tubage de conduit", "chaudière gaz", "portail aluminium",
]  # fmt: skip


def french_leads(requesters, *, seed=1, again=0.25, noise=0.5):
    """Return rows of leads (see ``_labelled``) of about ``requesters`` requesters.

    :param again: the share of requesters who ask more than once
    :param noise: 0 to 1, how much of what they typed first is missing, mistyped or changed the next time
    """
    return _World(random.Random(seed), noise).leads(requesters, again)


class _World:
    def __init__(self, chance, noise):
        self.chance, self.noise, self.rows, self.taken = chance, noise, [], set()
        surnames = [start + end for start in STARTS for end in ENDS]
        chance.shuffle(surnames)
        self.surnames = surnames[:1200]
        self.towns = []
        for number in range(400):
            name = chance.choice(STARTS) + chance.choice(ENDS)
            ending = chance.choice(["", "", "-sur-Loire", "-les-Bains", "ville", "-la-Forêt"])
            before = chance.choice(["", "", "", "Saint-"])
            self.towns.append(
                (before + name + ending, f"{1 + number % 95:02d}{chance.randrange(0, 99) * 10:03d}")
            )
        self.directories = [f"contact@annuaire-{start.lower()}.fr" for start in STARTS[:5]]

    def leads(self, requesters, again):
        while requesters > 0:
            requesters -= 1
            asking = [self.firm() if self.chance.random() < 0.2 else self.person()]
            if self.chance.random() < 0.15:
                asking.append(self.neighbour(asking[0]))
            for one in asking:
                self.ask(one, again)
        self.chance.shuffle(self.rows)
        for number, row in enumerate(self.rows):
            row["record_id"] = f"G{number:06d}"
        return self.rows

    def rare(self, values, power=2.2):
        """Pick a value, the first ones far more often than the last ones."""
        return values[int(len(values) * self.chance.random() ** power)]

    def person(self):
        first, last = self.rare(FIRST, 1.3), self.rare(self.surnames)
        town, code = self.rare(self.towns, 1.5)
        return {
            "first": first,
            "last": last,
            "firm": "",
            "named": False,
            "email": self.mailbox(first, last),
            "phone": f"{self.chance.choice('67')}{self.chance.randrange(10**8):08d}",
            "number": str(self.chance.randrange(1, 120)),
            "way": (self.chance.randrange(len(WAYS)), self.rare(NAMES_OF_WAYS, 1.2)),
            "town": town,
            "code": code,
        }

    def firm(self):
        made = self.person()
        made["firm"] = f"{self.chance.choice(TRADES)} {self.rare(self.surnames, 1.2)}"
        made["phone"] = f"{self.chance.choice('12345')}{self.chance.randrange(10**8):08d}"
        made["email"] = f"contact@{_plain(made['firm']).replace(' ', '-')}.fr"
        return made

    def neighbour(self, one):
        """Return somebody who is not ``one`` but shares a good part of what they say."""
        other = self.person()
        kind = self.chance.random()
        if one["firm"]:
            shared = ("firm", "phone", "number", "way", "town", "code") if kind < 0.6 else ("firm",)
            domain = one["email"].split("@")[1]
            other["email"] = f"{_plain(other['first'])[0]}.{_plain(other['last'])}@{domain}"
        elif kind < 0.4:
            shared = ("last", "number", "way", "town", "code")
        elif kind < 0.7:
            shared = ("first", "last")
        else:
            shared = ()
            one["email"] = other["email"] = self.chance.choice(self.directories)
        other.update({name: one[name] for name in shared})
        # who could be taken for each other say who they are: else nobody could tell
        one["named"] = other["named"] = True
        while "last" in shared and "first" not in shared and other["first"] == one["first"]:
            other["first"] = self.rare(FIRST, 1.3)
        if shared[:1] == ("last",) or shared[:2] == ("first", "last"):
            other["email"] = self.mailbox(other["first"], other["last"])
        return other

    def mailbox(self, first, last):
        first, last = _plain(first), _plain(last)
        number = self.chance.choice(["", "", str(self.chance.randrange(10, 99))])
        form = self.chance.choice(["{f}.{l}", "{l}.{f}", "{i}{l}", "{f}{l}", "{f}", "{l}"])
        local, domain = form.format(f=first, l=last, i=first[0]), self.chance.choice(MAIL)
        # a provider gives each address to one person only
        while f"{local}{number}@{domain}" in self.taken:
            number = str(self.chance.randrange(1, 9999))
        self.taken.add(f"{local}{number}@{domain}")
        return f"{local}{number}@{domain}"

    def ask(self, one, again):
        identity = f"C{len(self.rows)}"
        times = 1 + (self.chance.random() < again) * min(1 + int(self.chance.expovariate(1.4)), 5)
        for time in range(times):
            self.rows.append(self.typed(dict(one), identity, changed=time > 0))

    def typed(self, one, identity, changed):
        chance, noise = self.chance, self.noise
        if changed and chance.random() < 0.5 * noise:
            one["email"] = self.mailbox(one["first"], one["last"]) if chance.random() < 0.5 else ""
        if changed and chance.random() < 0.4 * noise:
            one["phone"] = f"{chance.choice('12345679')}{chance.randrange(10**8):08d}"
        contact = self.name(one)
        wanted = chance.choice(WANTED)
        subject = chance.choice(
            [chance.choice(GENERIC), f"{chance.choice(GENERIC)} {wanted}", f"{one['last']} - {wanted}"]
        )
        kind, way = one["way"]
        unnamed = one["firm"] and not one["named"] and chance.random() < 0.5
        return {
            "record_id": "",
            "cluster_id": identity,
            "name": self.maybe(subject, 0.1),
            "contact_name": "" if unnamed else self.slip(contact),
            "partner_name": self.slip(self.company(one["firm"])) if one["firm"] else "",
            "email": self.slip(self.missing(one["email"], 0.4)),
            "phone": self.phone(self.missing(one["phone"], 0.5)),
            "street": self.slip(self.missing(f"{one['number']} {chance.choice(WAYS[kind])} {way}", 0.6)),
            "street2": "",
            "zip": self.slip(self.missing(one["code"], 0.4)),
            "city": self.slip(self.case(self.missing(one["town"], 0.4))),
            "state": "",
            "country_code": chance.choice(["FR", "FR", ""]),
        }

    def name(self, one):
        form = self.chance.choice(
            [
                "{f} {l}",
                "{f} {l}",
                "{l} {f}",
                "{L} {f}",
                "M. {f} {l}",
                "Mme {l}",
                "{i}. {l}",
                "{l}, {f}",
                "{l}",
                "Famille {l}",
            ]
            if self.chance.random() < self.noise
            else ["{f} {l}", "{l} {f}", "{L} {f}"]
        )
        return self.case(form.format(f=one["first"], l=one["last"], L=one["last"].upper(), i=one["first"][0]))

    def company(self, firm):
        return self.case(
            self.chance.choice(["{}", "{1} {0}", "{0} {1}"]).format(firm, self.chance.choice(FORMS))
        )

    def case(self, text):
        change = self.chance.random()
        if change > 0.35 * self.noise + 0.1:
            return text
        return self.chance.choice([text.upper(), text.lower(), _unaccented(text)])

    def maybe(self, text, share):
        return "" if self.chance.random() < share * self.noise else text

    def missing(self, text, share):
        return self.maybe(text, 0.25 + share)

    def phone(self, digits):
        if not digits:
            return ""
        pairs = [digits[0], *(digits[index : index + 2] for index in range(1, 9, 2))]
        return self.chance.choice(["0{}", "+33 {}", "+33{}", "0033{}"]).format(
            self.chance.choice(["", " ", ".", "-"]).join(pairs)
        )

    def slip(self, text):
        if len(text) < 4 or self.chance.random() > 0.15 * self.noise:
            return text
        at, letter = self.chance.randrange(len(text) - 1), self.chance.choice("aeionrstl")
        return self.chance.choice(
            [
                text[:at] + text[at + 1 :],
                text[:at] + letter + text[at:],
                text[:at] + letter + text[at + 1 :],
                text[:at] + text[at + 1] + text[at] + text[at + 2 :],
            ]
        )


def _unaccented(text):
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def _plain(text):
    return _unaccented(text).lower().replace("'", "")
