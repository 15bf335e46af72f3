"""People who are in a provider only, and what the hub must hold once they were added."""
from newcomers import Outcome, account_is_valid, demand, hetu_is_valid, known_bic, names, wrong_id
from people import fnr, hetu


def provider_person(maker, name):
    accounts = (None, "iban", "iban alone", "foreign iban", "foreign iban alone", "NO")
    if name.startswith("poweroffice"):
        accounts = (None, "iban", "iban alone", "foreign iban", "NO")
    elif name != "netvisor":
        accounts += ("SE", "wrong NO")
    person = {
        "email": None if maker.chance(0.04) else maker.new("mail"), "given": maker.new("first"), "family": maker.new("last"),
        "phone": maker.maybe("phone", 0.15), "birth": maker.maybe("day"), "nationality": maker.maybe("country"),
        "gender": maker.draw.choice(("male", "female", None)), "number": maker.maybe("number"), "address": maker.address(0.3),
        "line2": "c/o Berg" if maker.chance(0.3) else None, "active": not maker.chance(0.05), "account": maker.account(accounts),
        "id": None if maker.chance(0.15) else maker.id_of(hetu if name == "netvisor" else fnr),
        "kind": maker.draw.choice(("national", "national", "passport", "tax", "vat")), "id country": "NO",
        "positions": maker.positions(0.05)}
    if person["address"] is None:
        person["line2"] = None
    if name == "netvisor":
        person["email"] = maker.new("mail")
        if maker.chance(0.1) and person["id"]:
            person["id"] = wrong_id(person["id"])
        for one in person["positions"]:
            if maker.chance(0.05):
                one["title"] = None
    elif maker.chance(0.1):
        person["id country"] = None
    if maker.chance(0.05):
        person["family"] = None
    return person


def netvisor_record(provider, person, n):
    record = provider.new(n)
    record["base"]["activity"] = "1" if person["active"] else "0"
    values = {"email": person["email"], "employeeidentifier": person["id"], "firstname": person["given"], "lastname": person["family"],
              "phonenumber": person["phone"], "employeenumber": person["number"], "nationality": person["nationality"],
              "gender": person["gender"], "dateofbirth": person["birth"]}
    values.update(zip(("streetaddress", "postnumber", "municipality", "country"), person["address"] or (None,) * 4))
    values["city"] = values["municipality"]
    account = person["account"] or (None, None, None)
    values["bankaccountnumber"] = account[1]
    values["bankidentificationcode"] = account[2] if account[0] == "iban" else None
    record["base"].update(values)
    record["periods"] = [{"netvisorkey": "%d%02d" % (60000 + n, i), "startdate": one["start"], "profession": one["title"],
                          "probationenddate": one["probation"], "enddate": one["end"]} for i, one in enumerate(person["positions"])]
    return record


def finago_record(provider, person, n):
    def text(value):
        return value or ""

    kinds = {"national": "socialSecurityNumber", "passport": "passnummer", "tax": "taxIdentificationNumber",
             "vat": "valueAddedTaxNumber"}
    account = person["account"] or (None, None, None)
    street, postal, town, country = (text(one) for one in person["address"] or (None,) * 4)
    return {
        "empId": str(n), "email": text(person["email"]), "firstname": text(person["given"]), "lastname": text(person["family"]),
        "telefon": text(person["phone"]), "postaddress": street, "zipcode": postal, "city": town, "countryCode": country,
        "account": text(account[2] if account[0] == "SE" else account[1]), "clearingno": account[1] if account[0] == "SE" else "",
        "bic": text(account[2]) if account[0] == "iban" else "",
        "internationalID": {"ID": text(person["id"]), "countryCode": text(person["id"] and person["id country"]),
                            "type": kinds[person["kind"]] if person["id"] else ""},
        "employments": [{"employment_id": str(60000 + 10 * n + i), "primary_employment": "1" if i == 0 else "0",
                         "startdate": text(one["start"]), "enddate": text(one["end"]),
                         "enddate_reason": "arbeidstakerHarSagtOppSelv" if one["end"] else ""}
                        for i, one in enumerate(person["positions"])]}


def poweroffice_record(provider, person, n):
    account = person["account"]
    street, postal, town, country = person["address"] or (None,) * 4
    last = person["positions"][-1] if person["positions"] else None
    record = {
        "Id": n, "IsArchived": not person["active"], "EmailAddress": person["email"], "FirstName": person["given"],
        "LastName": person["family"], "PhoneNumber": person["phone"], "DateOfBirth": person["birth"],
        "Number": person["number"] and int(person["number"]), "Gender": {"male": "Male", "female": "Female"}.get(person["gender"]),
        "NationalIdNumber": person["id"], "JobTitle": last and last["title"], "StartDate": last and last["start"],
        "EndDate": last and last["end"], "HiredDate": last and last["first"],
        "MailAddress": {"AddressLine1": street, "AddressLine2": person["line2"], "ZipCode": postal, "City": town,
                        "CountryCode": country} if person["address"] else None,
        "SalaryBankAccount": {"BankAccountNumber": account[1], "BicSwift": account[2] if account[0] == "iban" else None}
        if account else None}
    if n % 7 == 0:
        record["Gender"], record["NationalIdNumber"] = "Hidden", "hidden"
        person["gender"] = person["id"] = None
    return record


def hub_basics(person, required):
    made = Outcome()
    made.put("email", person["email"])
    names(made, person, "givenName", "familyName")
    made.put("phone", person["phone"])
    return made


def hub_address(made, person, whole, line2=False):
    parts = person["address"] or (None,) * 4
    if whole and not all(parts):
        return
    for place, value in zip(("line1", "postalCode", "city", "country"), parts):
        made.put("homeAddress/" + place, value)
    if line2:
        made.put("homeAddress/line2", person["line2"])


def hub_iban(made, account, asked=None):
    bic = account[2] or known_bic(account[1]) if asked is None else account[2] or asked
    if bic is None:
        made.hold("Bank account number", "no-shape", "validation")
        return
    made.put("bankAccount/iban", account[1])
    made.put("bankAccount/bic", bic)


def hub_account(made, person, asked=None):
    account = person["account"]
    if not account:
        return
    if account[0] == "iban":
        hub_iban(made, account, asked)
    elif account[0] == "NO" and account_is_valid(account[1]):
        made.put("bankAccount/country", "NO")
        made.put("bankAccount/number", account[1])
    elif account[0] == "SE":
        made.put("bankAccount/country", "SE")
        made.put("bankAccount/number", "%s,%s" % account[1:])
    else:
        made.hold("Bank account number", "no-shape", "validation")


def from_netvisor(person, today):
    made = hub_basics(person, True)
    made.put("employmentId", person["number"])
    made.put("nationality", person["nationality"])
    made.put("gender", person["gender"] and person["gender"].capitalize())
    made.put("birthDate", person["birth"])
    hub_address(made, person, whole=True)
    if person["id"] is None:
        made.hold("Identifications", "required-missing")
    elif not hetu_is_valid(person["id"]):
        made.hold("Identifications", "validation")
    else:
        made.put("identifications/0/type", "national")
        made.put("identifications/0/country", "FI")
        made.put("identifications/0/value", person["id"])
    hub_account(made, person)
    for i, one in enumerate(person["positions"]):
        place = "positions/%d/" % i
        made.put(place + "contractStartDate", one["start"])
        demand(made, "Job title", place + "title", one["title"])
        made.put(place + "probationEndDate", one["probation"])
        made.put(place + "contractEndDate", one["end"])
        made.put(place + "contractType", "Permanent")
    return made


def from_finago(person, today, bank=True):
    made = hub_basics(person, True)
    hub_address(made, person, whole=False)
    if person["id"] and person["kind"] in ("national", "passport"):
        if person["id country"] is None:
            made.hold("Identifications", "required-missing")
        made.put("identifications/0/type", person["kind"])
        made.put("identifications/0/country", person["id country"])
        made.put("identifications/0/value", person["id"])
    if bank:
        hub_account(made, person)
    for i, one in enumerate(person["positions"]):
        place = "positions/%d/" % i
        made.put(place + "contractStartDate", one["start"])
        made.put(place + "contractEndDate", one["end"])
        made.put(place + "contractType", "Permanent")
        made.put(place + "title", "Boss")
    return made


def from_24(person, today):
    return from_finago(person, today, bank=False)


def from_poweroffice_go(person, today):
    made = hub_basics(person, False)
    made.put("birthDate", person["birth"])
    made.put("employmentId", person["number"])
    made.put("gender", person["gender"] and person["gender"].capitalize())
    hub_address(made, person, whole=False, line2=True)
    if person["id"]:
        made.put("identifications/0/type", "national")
        made.put("identifications/0/country", "NO")
        made.put("identifications/0/value", person["id"])
    hub_account(made, person, asked="DNBANOKK")
    return made


def from_poweroffice(person, today):
    made = hub_basics(person, False)
    made.put("employmentId", person["number"])
    hub_address(made, person, whole=False, line2=True)
    return made


ID = {"netvisor": hetu, "finago": fnr, "twentyfoursevenoffice": fnr, "poweroffice_go": fnr, "poweroffice": fnr}
TO_HUB = {"netvisor": from_netvisor, "finago": from_finago, "twentyfoursevenoffice": from_24,
          "poweroffice_go": from_poweroffice_go, "poweroffice": from_poweroffice}
RECORD = {"netvisor": netvisor_record, "finago": finago_record, "twentyfoursevenoffice": finago_record,
          "poweroffice_go": poweroffice_record, "poweroffice": poweroffice_record}
