"""Made-up people as the five integrations' exports hold them, and where each field stands in them."""
import json
import xml.etree.ElementTree as ET

TODAY = "2026-11-22"


# Identifiers that are valid, and were never issued.

def hetu(n):
    day, month, year, serial = 1 + n % 28, 1 + n // 28 % 12, n // 336 % 100, 900 + n % 99
    digits = "%02d%02d%02d%03d" % (day, month, year, serial)
    return digits[:6] + "-" + digits[6:] + "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31]


def fnr(n):
    """A Norwegian birth number of the tax authority's test population: 80 is added to the month."""
    while True:
        first = [int(c) for c in "%02d%02d%02d%03d" % (1 + n % 28, 81 + n // 28 % 12, 50 + n // 336 % 40, n % 499)]
        one = -sum(a * b for a, b in zip(first, (3, 7, 6, 1, 8, 9, 4, 5, 2))) % 11
        two = -sum(a * b for a, b in zip(first + [one], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))) % 11
        if one < 10 and two < 10:
            return "".join(map(str, first + [one, two]))
        n += 336 * 7 + 1


def norwegian_account(n):
    while True:
        digits = "8601" + "%06d" % (n % 1000000)
        check = -sum(int(a) * b for a, b in zip(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))) % 11
        if check < 10:
            return digits + str(check)
        n += 1


def finnish_iban(n):
    body = "123456" + "%07d" % n
    doubled = (int(c) * (2 - i % 2) for i, c in enumerate(reversed(body)))
    account = body + str(-sum(d // 10 + d % 10 for d in doubled) % 10)
    return "FI%02d%s" % (98 - int(account + "151800") % 97, account)


# Values by number: different numbers give different values.

# Beside another e-mail they speak for the person, or against.
NAMED_BY = ("Given name", "Family name", "Phone number", "Date of birth")
FIRST = ["Åse", "Bjørn", "Zoë", "Anne Grethe", "O'Neil", "Łukasz", "Søren", "Mária"]


def word(n):
    return "".join(chr(97 + n // 26 ** i % 26) for i in range(4))


def day(n):
    return "%04d-%02d-%02d" % (1950 + n % 50, 1 + n // 50 % 12, 1 + n // 600 % 28)


def later_day(n):
    return "%04d-%02d-%02d" % (2027 + n % 9, 1 + n // 9 % 12, 1 + n // 108 % 28)


def start_day(n):
    return "%04d-%02d-%02d" % (2001 + n % 20, 1 + n // 20 % 12, 1 + n // 240 % 28)


def address(n):
    return ("Gata %d" % n, "%04d" % (1 + n % 9000), "By%s" % word(n), ("NO", "SE", "FI")[n % 3])


VALUES = {
    "mail": lambda n: "p%d@example.com" % n,
    "first": lambda n: "%s %s" % (FIRST[n % len(FIRST)], word(n).capitalize()),
    "last": lambda n: "Nordby-%s" % word(n).capitalize(),
    "phone": lambda n: "+474061%04d" % n if n < 10000 else "+4740%06d" % n,
    "day": day, "start": start_day, "later": later_day, "address": address,
    "number": lambda n: str(10000 + n),
    "gender": lambda n: ("Male", "Female")[n % 2],
    "country": lambda n: ("FI", "SE", "NO", "DK", "EE", "DE")[n % 6],
    "title": lambda n: "Trade %s" % word(n),
    "hetu": hetu, "fnr": fnr, "account": norwegian_account, "iban": finnish_iban,
}


# Huma.

class Huma:
    def new(self, n):
        return {"id": "h-%05d" % n, "status": {"active": True},
                "positions": [{"id": "q-%05d" % n, "contractType": {"value": "Permanent"},
                               "endReason": {"value": "employee_resigned"}}]}

    def get(self, record, place):
        if place.startswith("id:"):
            found = [one["value"] for one in record.get("identifications", {}).get("value", [])
                     if one["type"] == "national" and one["country"] == place[3:] and one.get("value")]
            return found[0] if found else None
        if place == "homeAddress":
            of = record.get(place, {}).get("value") or {}
            parts = tuple(of.get(part) or "" for part in ("line1", "postalCode", "city", "country"))
            return parts if any(parts) else None
        if place in ("iban", "account"):
            of = record.get("bankAccount", {}).get("value") or {}
            return of.get("iban" if place == "iban" else "number") or None
        at = record["positions"][0] if place.startswith("position.") else record
        found = at.get(place.split(".")[-1], {}).get("value")
        return (found or {}).get("name") or None if place == "position.title" else found or None

    def set(self, record, place, value):
        if place.startswith("id:"):
            one = {"id": "i-" + record["id"], "type": "national", "country": place[3:], "value": value}
            record["identifications"] = {"value": [] if value is None else [one]}
        elif place == "homeAddress":
            parts = value or ("", "", "", "")
            record[place] = {"value": dict(zip(("line1", "postalCode", "city", "country"), parts))}
        elif place == "iban":
            record["bankAccount"] = {"value": {"iban": value, "bic": "NDEAFIHH"} if value else {}}
        elif place == "account":
            record["bankAccount"] = {"value": {"country": "NO", "number": value} if value else {}}
        else:
            at = record["positions"][0] if place.startswith("position.") else record
            name = place.split(".")[-1]
            if place == "position.title" and value is not None:
                value = {"name": value}
            at[name] = {} if value is None else {"value": value}


# The providers: plain records of texts at slashed places; a list's only element has the number 0.

def step_into(record, place, make):
    *way, last = place.split("/")
    for step in way:
        if step.isdigit():
            record = record[int(step)]
        else:
            record = record.setdefault(step, {}) if make else record.get(step, {})
    return record, last


class Provider:
    """JSON of a list of employees."""

    def text(self, records):
        return json.dumps({"employees": records})

    def read(self, text):
        return json.loads(text)["employees"]

    def get(self, record, place):
        if isinstance(place, tuple):
            parts = tuple(self.get(record, one) or "" for one in place)
            return parts if any(parts) else None
        at, last = step_into(record, place, False)
        found = at.get(last)
        return None if found in (None, "") else str(found)

    def set(self, record, place, value):
        if isinstance(place, tuple):
            for one, part in zip(place, value or [None] * len(place)):
                self.set(record, one, part)
            return
        at, last = step_into(record, place, True)
        at[last] = self.empty if value is None else value

    def omit(self, record, place):
        for one in place if isinstance(place, tuple) else (place,):
            at, last = step_into(record, one, False)
            at.pop(last, None)


class Finago(Provider):
    file, empty, omitted_is_absent = "finago.json", "", True

    def new(self, n):
        return {"empId": str(n), "clearingno": "", "bic": "", "employments": [{"employment_id": str(50000 + n), "primary_employment": "1",
                                                  "startdate": "", "enddate": "", "enddate_reason": ""}]}

    def set(self, record, place, value):
        super().set(record, place, value)
        if place == "internationalID/ID":
            super().set(record, "internationalID/countryCode", value and "NO")
            super().set(record, "internationalID/type", value and "socialSecurityNumber")

    def id_of(self, record):
        return record["empId"]


class PowerOffice(Provider):
    file, empty, omitted_is_absent = "poweroffice.json", None, False

    def new(self, n):
        return {"Id": n, "IsArchived": False}

    def set(self, record, place, value):
        super().set(record, place, int(value) if place == "Number" and value else value)

    def get(self, record, place):
        found = super().get(record, place)
        return found[:10] if found and place in ("DateOfBirth", "HiredDate", "StartDate", "EndDate") else found

    def id_of(self, record):
        return str(record["Id"])


class Netvisor(Provider):
    file, empty, omitted_is_absent = "netvisor.xml", None, False

    def new(self, n):
        return {"base": {"netvisorkey": str(n), "activity": "1"}, "group": "Kuukausipalkka",
                "periods": [{"netvisorkey": str(50000 + n)}]}

    def set(self, record, place, value):
        super().set(record, place, value)
        if place == "base/bankaccountnumber":
            super().set(record, "base/bankidentificationcode", value and "NDEAFIHH")

    def text(self, records):
        root = ET.Element("Root")
        employees = ET.SubElement(root, "employees")
        for record in records:
            employee = ET.SubElement(employees, "employee")
            base = ET.SubElement(employee, "employeebaseinformation")
            for name, value in record["base"].items():
                ET.SubElement(base, name).text = value
            payroll = ET.SubElement(ET.SubElement(employee, "employeepayrollinformation"), "payrollrulegroup")
            ET.SubElement(payroll, "name").text = record["group"]
            periods = ET.SubElement(employee, "employmentperiods")
            for one in record["periods"]:
                period = ET.SubElement(periods, "employmentperiod")
                for name, value in one.items():
                    ET.SubElement(period, name).text = value
        return ET.tostring(root, encoding="unicode")

    def read(self, text):
        records = []
        for employee in ET.fromstring(text).iter("employee"):
            values = {one.tag: (one.text or "").strip() for one in employee.find("employeebaseinformation")}
            written = employee.find("employeepayrollinformation")
            periods = [{one.tag: (one.text or "").strip() for one in period}
                       for period in employee.find("employmentperiods")]
            records.append({"base": values, "group": written.findtext("payrollrulegroup/name"), "periods": periods})
        return records

    def id_of(self, record):
        return record["base"]["netvisorkey"]


class Field:
    """A row of an integration's table. Bits and duties are those of docs and pages, not read from the rule file.

    values: by what its values are made. required: the table says so. no_unset, no_update, no_fill: what may not be done
    in the provider. hub_keeps: Huma's own API lets nobody empty it. sensitive: never preselected towards Huma.
    keeps: empty in the provider leaves Huma as it is. whole: read only if complete. sole: nothing is emptied; stays: not in the provider.
    """

    def __init__(self, label, hub, provider, values, **said):
        self.label, self.hub, self.provider, self.values = label, hub, provider, values
        for name in ("required", "no_unset", "no_update", "no_fill", "hub_keeps", "sensitive", "keeps", "whole", "sole",
                     "stays", "mapped"):
            setattr(self, name, said.get(name, False))


def netvisor_fields():
    def base(name):
        return "base/" + name
    places = tuple(base(name) for name in ("streetaddress", "postnumber", "municipality", "country"))
    return [
        Field("Email address", "email", base("email"), "mail", required=True, hub_keeps=True),
        Field("Identifications", "id:FI", base("employeeidentifier"), "hetu", required=True, no_unset=True,
              no_update=True, sensitive=True, stays=True),
        Field("Given name", "givenName", base("firstname"), "first", required=True, hub_keeps=True),
        Field("Family name", "familyName", base("lastname"), "last", required=True, hub_keeps=True),
        Field("Employment start date", "position.contractStartDate", "periods/0/startdate", "start", required=True),
        Field("Job title", "position.title", "periods/0/profession", "title", required=True),
        Field("Probation end date", "position.probationEndDate", "periods/0/probationenddate", "start"),
        Field("Employment end date", "position.contractEndDate", "periods/0/enddate", "later"),
        Field("Employment ID", "employmentId", base("employeenumber"), "number"),
        Field("Nationality", "nationality", base("nationality"), "country", no_unset=True),
        # Computed from the Finnish code that everybody here has.
        Field("Gender", "gender", base("gender"), "gender", no_unset=True, no_update=True, no_fill=True,
              mapped={"Male": "male", "Female": "female"}),
        Field("Date of birth", "birthDate", base("dateofbirth"), "day", no_unset=True, no_update=True, no_fill=True),
        Field("Address", "homeAddress", places, "address", no_unset=True, sensitive=True, whole=True),
        Field("Phone number", "phone", base("phonenumber"), "phone", no_unset=True),
        Field("Bank account number", "iban", base("bankaccountnumber"), "iban", sensitive=True),
    ]


def twentyfour_fields():
    return [
        Field("Email address", "email", "email", "mail", required=True, hub_keeps=True),
        Field("Given name", "givenName", "firstname", "first", required=True, hub_keeps=True),
        Field("Family name", "familyName", "lastname", "last", required=True, hub_keeps=True),
        Field("Phone number", "phone", "telefon", "phone"),
        Field("Employment start date", "position.contractStartDate", "employments/0/startdate", "start", sole=True),
        Field("Employment end date", "position.contractEndDate", "employments/0/enddate", "later", sole=True),
        Field("Address", "homeAddress", ("postaddress", "zipcode", "city", "countryCode"), "address", sensitive=True),
        Field("Identifications", "id:NO", "internationalID/ID", "fnr", no_unset=True, sensitive=True),
    ]


def finago_fields():
    return twentyfour_fields() + [Field("Bank account number", "account", "account", "account", sensitive=True)]


POWEROFFICE_ADDRESS = tuple("MailAddress/" + name for name in ("AddressLine1", "ZipCode", "City", "CountryCode"))


def poweroffice_go_fields():
    return [
        Field("Email address", "email", "EmailAddress", "mail", hub_keeps=True),
        Field("Given name", "givenName", "FirstName", "first", hub_keeps=True, no_unset=True),
        Field("Family name", "familyName", "LastName", "last", hub_keeps=True, no_unset=True),
        Field("Phone number", "phone", "PhoneNumber", "phone"),
        Field("Date of birth", "birthDate", "DateOfBirth", "day"),
        Field("Employment ID", "employmentId", "Number", "number"),
        Field("Bank account number", "account", "SalaryBankAccount/BankAccountNumber", "account", sensitive=True),
        Field("Gender", "gender", "Gender", "gender", keeps=True),
        Field("Address", "homeAddress", POWEROFFICE_ADDRESS, "address", sensitive=True),
        Field("Identifications", "id:NO", "NationalIdNumber", "fnr", sensitive=True),
    ]


def poweroffice_fields():
    return [
        Field("Employee ID", "employmentId", "Number", "number"),
        Field("Given name", "givenName", "FirstName", "first", hub_keeps=True, no_unset=True),
        Field("Family name", "familyName", "LastName", "last", hub_keeps=True, no_unset=True),
        Field("Phone number", "phone", "PhoneNumber", "phone"),
        Field("Address", "homeAddress", POWEROFFICE_ADDRESS, "address", sensitive=True),
        Field("Job title", "position.title", "JobTitle", "title"),
        Field("Hire date", "position.firstDayOfWork", "HiredDate", "start"),
        Field("Employment start date", "position.contractStartDate", "StartDate", "start", sole=True),
        Field("Employment end date", "position.contractEndDate", "EndDate", "later"),
    ]


INTEGRATIONS = {
    "netvisor": (Netvisor, netvisor_fields),
    "finago": (Finago, finago_fields),
    "twentyfoursevenoffice": (Finago, twentyfour_fields),
    "poweroffice_go": (PowerOffice, poweroffice_go_fields),
    "poweroffice": (PowerOffice, poweroffice_fields),
}


def in_provider(field, value):
    return field.mapped.get(value, value) if field.mapped else value
