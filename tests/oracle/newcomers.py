"""People who are in one system only, with all that may be wrong about them, and what is created for each.

A person is a dict of plain values; TO_PROVIDER, and TO_HUB in provider_newcomers.py, say for each integration what the other
side must hold once they were added: every member that is not empty, at its place, or the reasons for which they are not
added. All of it is from the tables of the integrations and what each system demands of a new record.
"""
from people import VALUES, finnish_iban, fnr, hetu, norwegian_account, word


class Outcome:
    """leaves: place -> value, of the record that is made. held: reason -> labels that may be named, if it is not made."""

    def __init__(self):
        self.leaves, self.held, self.aside, self.collides, self.proposed = {}, [], [], None, False

    def hold(self, label, *reasons):
        self.held.append((label, reasons))

    def put(self, place, value):
        if value is not None:
            self.leaves[place] = value


def wrong(digits):
    return digits[:-1] + str((int(digits[-1]) + 1) % 10)


def german_iban(n):
    body = "37040044%010d" % n
    return "DE%02d%s" % (98 - int(body + "131400") % 97, body)


def swedish_account(n):
    """SEB: the last three digits of the clearing number and seven of the account are weighed 1, 2, 3 … from the right."""
    while True:
        account = "%07d" % (1000000 + n)
        if sum(int(c) * w for c, w in zip("201" + account, range(10, 0, -1))) % 11 == 0:
            return "5201", account
        n += 9001


def finnish_account(n):
    """As it was written before there were IBANs: six digits, a dash, and the rest without its zeros."""
    return "123456-%d" % int(finnish_iban(n)[10:])


class Maker:
    def __init__(self, draw):
        self.draw, self.numbers, self.ids = draw, iter(draw.sample(range(1000, 9999), 8999)), set()

    def chance(self, of):
        return self.draw.random() < of

    def new(self, kind):
        return VALUES[kind](next(self.numbers))

    def maybe(self, kind, empty=0.3):
        return None if self.chance(empty) else self.new(kind)

    def id_of(self, make):
        """That nobody else here has."""
        while True:
            value = make(next(self.numbers))
            if value not in self.ids:
                self.ids.add(value)
                return value

    def address(self, gaps):
        """(street, postal code, town, country), or None."""
        if self.chance(0.2):
            return None
        parts = list(self.new("address"))
        if self.chance(gaps):
            parts[self.draw.randrange(4)] = None
        return tuple(parts)

    def account(self, kinds):
        kind, n = self.draw.choice(kinds), next(self.numbers)
        if kind is None:
            return None
        if kind in ("iban", "iban alone"):
            return ("iban", finnish_iban(n), "NDEAFIHH" if kind == "iban" else None)
        if kind == "foreign iban":
            return ("iban", german_iban(n), "COBADEFF")
        if kind == "foreign iban alone":
            return ("iban", german_iban(n), None)
        if kind == "NO":
            return ("NO", norwegian_account(n))
        if kind == "wrong NO":
            return ("NO", wrong(norwegian_account(n)))
        if kind == "SE":
            return ("SE",) + swedish_account(n)
        if kind == "FI":
            return ("FI", finnish_account(n), finnish_iban(n))
        return ("DK", "5301%06d" % n)

    def identifications(self, country, make):
        """(type, country, value) of each."""
        found = []
        chance = self.draw.random()
        if chance < 0.8:
            found.append(("national", country, self.id_of(make)))
        if chance < 0.08:
            found.append(("national", country, self.id_of(make)))
        elif chance < 0.16:
            found[0] = ("national", country, wrong_id(found[0][2]))
        if self.chance(0.3):
            found.append(("passport", "SE", "AB%05d" % next(self.numbers)))
        if self.chance(0.2):
            found.append(("national", "DK", "DK%05d" % next(self.numbers)))
        return found

    def positions(self, none):
        """From the first to the last, one after the other; some are over, some begin later."""
        found, year = [], 2012
        for _ in range(0 if self.chance(none) else self.draw.randint(1, 3)):
            year += self.draw.randint(1, 6)
            start = "%d-0%d-1%d" % (year, self.draw.randint(1, 9), self.draw.randint(0, 9))
            year += self.draw.randint(1, 4)
            end = None if self.chance(0.4) else "%d-1%d-15" % (year, self.draw.randint(0, 2))
            found.append({"start": start, "end": end, "title": "Trade %s" % word(next(self.numbers)),
                          "probation": None if self.chance(0.5) else start[:4] + "-12-31",
                          "first": None if self.chance(0.5) else start, "why": "resigned"})
            if end is None:
                break
        return found


def wrong_id(value):
    """With another check character."""
    return value[:-1] + ("1" if value[-1] != "1" else "2")


def in_force(spans, today):
    return any(not end or end >= today for _, end in spans)


# People of Huma.

def hub_person(maker, name):
    country = "FI" if name == "netvisor" else "NO"
    accounts = {"netvisor": (None, "iban", "iban alone", "foreign iban", "foreign iban alone", "NO", "wrong NO", "FI", "DK"),
                "poweroffice_go": (None, "iban", "foreign iban", "foreign iban alone", "NO", "NO", "wrong NO", "DK")}
    person = {
        "email": None if maker.chance(0.04) else maker.new("mail"), "given": maker.new("first"), "family": maker.new("last"),
        "phone": maker.maybe("phone", 0.15), "birth": maker.maybe("day"), "nationality": maker.maybe("country"),
        "gender": maker.draw.choice(("Male", "Female", "Nonbinary", None)), "number": maker.maybe("number"),
        "address": maker.address(0.25), "line2": "c/o Berg" if maker.chance(0.3) else None, "active": not maker.chance(0.05),
        "account": maker.account(accounts.get(name, (None, "iban", "iban alone", "foreign iban", "foreign iban alone", "NO", "wrong NO", "SE", "DK"))),
        "ids": maker.identifications(country, hetu if name == "netvisor" else fnr), "positions": maker.positions(0.1)}
    if person["address"] is None:
        person["line2"] = None
    if maker.chance(0.05):
        person["number"] = "A%d" % (12345678901 + next(maker.numbers))  # eleven digits, and a letter
    if maker.chance(0.03):
        person["given"] = "Å" * 51
    if maker.chance(0.04):
        person[maker.draw.choice(("given", "family"))] = None
    for one in person["positions"]:
        if maker.chance(0.04):
            one["title"] = None
        if maker.chance(0.03) and not name.startswith("poweroffice"):  # Huma has no position without a start
            one["start"] = None
        one["why"] = maker.draw.choice(("resigned", "other", None))
    return person


def huma_record(person, n):
    def wrapped(value):
        return {} if value is None else {"value": value}

    street, postal, town, country = person["address"] or (None,) * 4
    account = person["account"]
    bank = {}
    if account and account[0] == "iban":
        bank = {"iban": account[1], "bic": account[2]}
    elif account and account[0] == "SE":
        bank = {"country": "SE", "number": "%s-%s" % account[1:]}
    elif account:
        bank = {"country": account[0], "number": account[1]}
    reasons = {"resigned": "employee_resigned", "other": "other"}
    return {
        "id": "n-%05d" % n, "status": {"active": person["active"]}, "email": wrapped(person["email"]),
        "givenName": wrapped(person["given"]), "familyName": wrapped(person["family"]), "phone": wrapped(person["phone"]),
        "birthDate": wrapped(person["birth"]), "gender": wrapped(person["gender"]), "nationality": wrapped(person["nationality"]),
        "employmentId": wrapped(person["number"]),
        "homeAddress": wrapped({"line1": street, "line2": person["line2"], "postalCode": postal, "city": town,
                                "country": country} if person["address"] else None),
        "bankAccount": wrapped(bank or None),
        "identifications": {"value": [{"id": "n-%d-%d" % (n, i), "type": kind, "country": of, "value": value}
                                      for i, (kind, of, value) in enumerate(person["ids"])]},
        "positions": [{"id": "n-%d-p%d" % (n, i), "contractType": {"value": "Permanent"},
                       "contractStartDate": wrapped(one["start"]), "contractEndDate": wrapped(one["end"]),
                       "probationEndDate": wrapped(one["probation"]), "firstDayOfWork": wrapped(one["first"]),
                       "title": wrapped(one["title"] and {"name": one["title"]}),
                       "endReason": wrapped(reasons.get(one["why"]))} for i, one in enumerate(person["positions"])]}


def national(person, country):
    return [value for kind, of, value in person["ids"] if kind == "national" and of == country]


def demand(made, label, place, value):
    if value is None:
        made.hold(label, "required-missing")
    made.put(place, value)


def names(made, person, given, family, most=None):
    for label, place, value in (("Given name", given, person["given"]), ("Family name", family, person["family"])):
        demand(made, label, place, value)
        if most and value and len(value) > most:
            made.hold(label, "validation")


def the_national_id(made, ids, place, valid, required):
    if len(ids) > 1:
        made.hold("Identifications", "ambiguous")
    elif ids and not valid(ids[0]):
        made.hold("Identifications", "validation")
    elif ids:
        made.put(place, ids[0])
    elif required:
        made.hold("Identifications", "required-missing")


def hetu_is_valid(value):
    digits = value[:6] + value[7:10]
    return value[10] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31]


def fnr_is_valid(value):
    digits = [int(c) for c in value]
    return (sum(a * b for a, b in zip(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1))) % 11 == 0 and
            sum(a * b for a, b in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))) % 11 == 0)


def account_is_valid(value):
    return sum(int(a) * b for a, b in zip(value, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1))) % 11 == 0


def known_bic(iban):
    """Of Finnish banks alone: 1 and 2 are Nordea's."""
    return "NDEAFIHH" if iban[:2] == "FI" and iban[4] in "12" else None


def to_netvisor(person, today):
    made = Outcome()
    made.put("base/email", person["email"])
    the_national_id(made, national(person, "FI"), "base/employeeidentifier", hetu_is_valid, True)
    names(made, person, "base/firstname", "base/lastname", 50)
    demand(made, "Phone number", "base/phonenumber", person["phone"])
    street, postal, town, country = person["address"] or (None,) * 4
    for place, value in (("streetaddress", street), ("postnumber", postal), ("city", town)):
        demand(made, "Address", "base/" + place, value)
    made.put("base/municipality", town)
    made.put("base/country", country)
    made.put("base/nationality", person["nationality"])
    made.put("base/employeenumber", person["number"])
    if person["number"] and len(person["number"]) > 10:
        made.hold("Employment ID", "validation")
    account = person["account"]
    if account and account[0] == "iban":
        made.put("base/bankaccountnumber", account[1])
        bic = account[2] or known_bic(account[1])
        made.put("base/bankidentificationcode", bic)
        if bic is None:
            made.hold("Bank account number", "no-shape", "validation")
    elif account and (account[0] == "NO" and account_is_valid(account[1])):
        made.put("base/bankaccountnumber", account[1])
    elif account and account[0] == "FI":
        made.put("base/bankaccountnumber", account[2])
    elif account:
        made.hold("Bank account number", "no-shape", "validation")
    if not person["positions"]:
        made.hold("Employment start date", "required-missing")
    for i, one in enumerate(person["positions"]):
        demand(made, "Employment start date", "periods/%d/startdate" % i, one["start"])
        demand(made, "Job title", "periods/%d/profession" % i, one["title"])
        made.put("periods/%d/probationenddate" % i, one["probation"])
        made.put("periods/%d/enddate" % i, one["end"])
    made.put("group", "Kuukausipalkka")
    return made


def to_finago(person, today, bank=True):
    made = Outcome()
    made.put("email", person["email"])
    names(made, person, "firstname", "lastname")
    made.put("telefon", person["phone"])
    for place, value in zip(("postaddress", "zipcode", "city", "countryCode"), person["address"] or (None,) * 4):
        made.put(place, value)
    nationals = [one for one in person["ids"] if one[0] == "national"]
    passports = [one for one in person["ids"] if one[0] == "passport"]
    for found, kind in ((nationals, "socialSecurityNumber"), (passports, "passnummer")):
        if not found:
            continue
        if len(found) > 1:
            made.hold("Identifications", "ambiguous")
        else:
            made.put("internationalID/ID", found[0][2])
            made.put("internationalID/countryCode", found[0][1])
            made.put("internationalID/type", kind)
        break
    account = person["account"] if bank else None
    if account and account[0] == "SE":
        made.put("clearingno", account[1])
        made.put("account", account[2])
    elif account and account[0] == "NO" and account_is_valid(account[1]):
        made.put("account", account[1])
    elif account and account[0] == "iban" and (account[2] or known_bic(account[1])):
        made.put("account", account[1])
        made.put("bic", account[2] or known_bic(account[1]))
    elif account:
        made.hold("Bank account number", "no-shape", "validation")
    for i, one in enumerate(person["positions"]):
        place = "employments/%d/" % i
        demand(made, "Employment start date", place + "startdate", one["start"])
        made.put(place + "enddate", one["end"])
        if one["end"]:  # what the table does not know was asked: Norwegian companies' word for `resigned`
            made.put(place + "enddate_reason", "arbeidstakerHarSagtOppSelv")
    return made


def to_24(person, today):
    return to_finago(person, today, bank=False)


def selected(positions, today):
    """(earliest, latest, current)."""
    dated = [one for one in positions if one["start"]]
    earliest = min(dated, key=lambda one: one["start"])
    latest = max(dated, key=lambda one: (one["end"] or "9999", one["start"]))
    now = [one for one in dated if one["start"] <= today and (not one["end"] or one["end"] >= today)]
    later = [one for one in dated if one["start"] > today]
    if now:
        current = max(now, key=lambda one: one["start"])
    elif later:
        current = min(later, key=lambda one: one["start"])
    else:
        current = max(dated, key=lambda one: (one["end"] or "9999", one["start"]))
    return earliest, latest, current


def poweroffice_basics(person):
    made = Outcome()
    made.put("EmailAddress", person["email"])
    names(made, person, "FirstName", "LastName")
    made.put("PhoneNumber", person["phone"])
    street, postal, town, country = person["address"] or (None,) * 4
    if any((street, postal, town, country, person["line2"])):
        made.put("MailAddress/AddressLine1", street)
        made.put("MailAddress/AddressLine2", person["line2"])
        demand(made, "Address", "MailAddress/ZipCode", postal)
        demand(made, "Address", "MailAddress/City", town)
        made.put("MailAddress/CountryCode", country)
    return made


def po_number(made, person, label):
    if person["number"] and person["number"].isdigit():
        made.put("Number", str(int(person["number"])))
    elif person["number"]:
        made.hold(label, "validation")


def to_poweroffice_go(person, today):
    made = poweroffice_basics(person)
    made.put("DateOfBirth", person["birth"])
    po_number(made, person, "Employment ID")
    made.put("Gender", person["gender"] if person["gender"] in ("Male", "Female") else None)
    the_national_id(made, national(person, "NO"), "NationalIdNumber", fnr_is_valid, False)
    account = person["account"]
    if account and account[0] == "NO" and account_is_valid(account[1]):
        made.put("SalaryBankAccount/BankAccountNumber", account[1])
    elif account and account[0] == "iban":
        made.put("SalaryBankAccount/BankAccountNumber", account[1])
        made.put("SalaryBankAccount/BicSwift", account[2])
    elif account:
        made.hold("Bank account number", "no-shape", "validation")
    if any(one["start"] for one in person["positions"]):
        earliest, latest, current = selected(person["positions"], today)
        made.put("StartDate", earliest["start"])
        made.put("EndDate", latest["end"])
        made.put("JobTitle", current["title"])
    return made


def to_poweroffice(person, today):
    made = poweroffice_basics(person)
    po_number(made, person, "Employee ID")
    if any(one["start"] for one in person["positions"]):
        earliest, latest, current = selected(person["positions"], today)
        made.put("HiredDate", earliest["first"])
        made.put("StartDate", earliest["start"])
        made.put("EndDate", latest["end"])
        made.put("JobTitle", current["title"])
    return made


TO_PROVIDER = {"netvisor": to_netvisor, "finago": to_finago, "twentyfoursevenoffice": to_24, "poweroffice_go": to_poweroffice_go,
               "poweroffice": to_poweroffice}
