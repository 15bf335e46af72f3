"""Netvisor's interface, from its description alone."""
import datetime
import hashlib
import hmac
import re
import threading
import uuid
import xml.etree.ElementTree as ElementTree

import wire


def mac(keys, uri, sender, stamp, language, transaction, unix):
    secret = f"{keys['customer_key']}&{keys['partner_key']}"
    message = "&".join([uri, sender, keys["customer_id"], stamp, language, keys["organisation_id"], transaction, unix,
                        keys["customer_key"], keys["partner_key"]])
    return hmac.new(secret.encode("latin-1"), message.encode("latin-1"), hashlib.sha256).hexdigest()


def headers(keys, uri, moment=None, transaction=None, codes="1", language="EN", **others):
    moment = moment or datetime.datetime.now(datetime.timezone.utc)
    stamp = moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{moment.microsecond // 1000:03}"
    unix, transaction = str(int(moment.timestamp())), transaction or str(uuid.uuid4())
    made = {"X-Netvisor-Authentication-Sender": "Wire", "X-Netvisor-Authentication-CustomerId": keys["customer_id"],
            "X-Netvisor-Authentication-PartnerId": keys["partner_id"], "X-Netvisor-Authentication-Timestamp": stamp,
            "X-Netvisor-Authentication-TimestampUnix": unix, "X-Netvisor-Authentication-TransactionId": transaction,
            "X-Netvisor-Interface-Language": language, "X-Netvisor-Organisation-ID": keys["organisation_id"],
            "X-Netvisor-Authentication-MAC": mac(keys, uri, "Wire", stamp, language, transaction, unix),
            "X-Netvisor-Authentication-MACHashCalculationAlgorithm": "HMACSHA256",
            "X-Netvisor-Authentication-UseHTTPResponseStatusCodes": codes, "Content-Type": "text/plain"}
    made.update(others)
    return {name: value for name, value in made.items() if value is not None}


def statuses(answer):
    return [each.text for each in ElementTree.fromstring(answer.body).findall("ResponseStatus/Status")]


def person(identifier="010191-901A", first="Aino", more_base="", payroll=None, periods="", email="a@example.com", number=""):
    payroll = payroll if payroll is not None else (
        "<streetaddress>Rantatie 1</streetaddress><postnumber>90100</postnumber><city>Oulu</city>"
        f"{number}<payrollrulegroupname>Kuukausipalkka</payrollrulegroupname>")
    return (f"<root><employee><employeebaseinformation><employeeidentifier>{identifier}</employeeidentifier>"
            f"<firstname>{first}</firstname><lastname>Virta</lastname><phonenumber>+358401234567</phonenumber>"
            f"<email>{email}</email>{more_base}</employeebaseinformation><employeepayrollinformation>{payroll}"
            f"</employeepayrollinformation>{periods}</employee></root>")


def identity(number, day="010191"):
    """A Finnish code that is never issued: the number is 900 to 999."""
    rest = int(day + str(number)) % 31
    return f"{day}-{number}{'0123456789ABCDEFHJKLMNPRSTUVWXY'[rest]}"


class Client:
    def __init__(self, sandbox):
        self.sandbox, self.keys = sandbox, sandbox.keys

    def ask(self, method, target, body=None, **others):
        uri = self.sandbox.url + target
        return wire.call(method, uri, headers(self.keys, uri, **others), body)

    def employee(self, key, flags="&employmentperiods=1"):
        return ElementTree.fromstring(self.ask("GET", f"/getemployee.nv?netvisorkey={key}{flags}").body).find("employee")

    def keys_by_code(self):
        root = ElementTree.fromstring(self.ask("GET", "/getemployees.nv?includeendedemployments=1").body)
        return {each.findtext("personalid"): each.findtext("netvisorkey") for each in root.find("employees")}


def authentication(client, holds):
    ask, keys = client.ask, client.keys
    vector = {"customer_id": "cust-1", "organisation_id": "1234567-8", "customer_key": "custkey", "partner_key": "partnerkey"}
    holds("the test vector", mac(
        vector, "https://isvapi.netvisor.fi/getemployee.nv?netvisorkey=17&employmentperiods=1", "Huma sandbox",
        "2025-06-01 09:08:07.123", "EN", "2f9c1d5e-0000-4000-8000-000000000001", "1748768887") ==
        "18448d69578d8b17925d5925a69e52fea263f39892c5c89d4a9e7892c7b2d32c")
    listing = "/getemployees.nv?includeendedemployments=1"
    good = ask("GET", listing)
    holds("a signed call", good.status == 200 and statuses(good) == ["OK"], good)
    holds("the envelope's moment", re.search(rb"<TimeStamp>\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d\d:\d\d</TimeStamp>", good.body), good)
    escaped = ask("GET", "/getemployee.nv?employmentperiods=1&netvisorkey=%31")
    holds("the query is signed as it is sent", escaped.status == 200, escaped)
    uri = client.sandbox.url + listing
    capitals = headers(keys, uri)
    capitals["X-Netvisor-Authentication-MAC"] = capitals["X-Netvisor-Authentication-MAC"].upper()
    holds("a code in capitals", wire.call("GET", uri, capitals).status == 200)
    for what, others in {"a wrong code": {"X-Netvisor-Authentication-MAC": "0" * 64},
                         "a foreign partner": {"X-Netvisor-Authentication-PartnerId": "nobody"},
                         "a foreign customer": {"X-Netvisor-Authentication-CustomerId": "nobody"},
                         "no code": {"X-Netvisor-Authentication-MAC": None},
                         "an old algorithm": {"X-Netvisor-Authentication-MACHashCalculationAlgorithm": "SHA256"},
                         "another company": {"X-Netvisor-Organisation-ID": "7654321-0"}}.items():
        refused = ask("GET", listing, **others)
        holds(what, refused.status == 401 and statuses(refused)[0] == "FAILED" and
              statuses(refused)[1].startswith("AUTHENTICATION_FAILED :: "), refused)
    finnish = ask("GET", listing, language="FI", **{"X-Netvisor-Authentication-MAC": "0" * 64})
    holds("texts in Finnish", "Integraatioavaimet eivät kelpaa" in finnish.body.decode(), finnish)
    late = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=6)
    holds("a timestamp of six minutes ago", ask("GET", listing, moment=late).status == 401)
    transaction = str(uuid.uuid4())
    ask("GET", listing, transaction=transaction)
    again = ask("GET", listing, transaction=transaction)
    holds("a transaction that was used", again.status == 400 and "REQUEST_NOT_UNIQUE" in statuses(again)[1], again)
    without = ask("GET", listing, codes=None, **{"X-Netvisor-Authentication-MAC": "0" * 64})
    holds("200 where codes are not asked for", without.status == 200 and statuses(without)[0] == "FAILED", without)
    holds("an unknown resource", ask("GET", "/nothing.nv").status == 404)
    client.sandbox.knob(mac_hint="on")
    hint = ask("GET", listing, **{"X-Netvisor-Authentication-MAC": "0" * 64})
    client.sandbox.knob(mac_hint="off")
    try:
        ElementTree.fromstring(hint.body)
        holds("a hint that is no XML", False, hint)
    except ElementTree.ParseError:
        holds("the hint", re.search(rb"&YOUR_PRIVATE_KEY_HERE :: [0-9A-F]{64}", hint.body), hint)


def rights(client, holds):
    row = client.sandbox.rows("customers")[client.keys["customer_id"]]
    put = lambda **members: client.sandbox.control("PATCH", f"/state/customers/{client.keys['customer_id']}", members)
    put(resources=[each for each in row["resources"] if each != "getemployee.nv"])
    closed = client.ask("GET", "/getemployee.nv?netvisorkey=1")
    holds("a closed resource", closed.status == 403 and "SERVICE_ACCESS_ERROR" in statuses(closed)[1], closed)
    put(resources=row["resources"], payroll_role=False)
    holds("a user without the role", client.ask("GET", "/getemployee.nv?netvisorkey=1").status == 403)
    put(payroll_role=True)
    client.sandbox.knob(latency_ms="300")
    both = []
    threads = [threading.Thread(target=lambda: both.append(client.ask("GET", "/getemployees.nv").status)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    client.sandbox.knob(latency_ms="0")
    holds("two calls at a time", sorted(both) != [200, 200] and 200 in both, both)


def additions(client, holds):
    ask, add = client.ask, "/employee.nv?method=add"
    refused = lambda what, body, code, target=add: (lambda answer: holds(
        what, answer.status == 400 and statuses(answer)[1].startswith(code), answer))(ask("POST", target, body))
    code = identity(901)
    made = ask("POST", add, person(code, number="<employeenumber>77001</employeenumber>", periods=(
        '<employmentperiods><employmentperiod><startdate format="ansi">2024-01-01</startdate><profession>Developer</profession>'
        "</employmentperiod></employmentperiods>")))
    holds("an addition answers no key", made.status == 200 and b"InsertedDataIdentifier" not in made.body, made)
    key = client.keys_by_code().get(code)
    holds("it is found by its code", key is not None)
    employee = client.employee(key)
    base = employee.find("employeebaseinformation")
    holds("a code derives gender and birth date", (base.findtext("gender"), base.findtext("dateofbirth")) == ("male", "1991-01-01"),
          ElementTree.tostring(base))
    holds("a period's elements", employee.findtext("employmentperiods/employmentperiod/startdate") == "2024-01-01" and
          employee.find("employmentperiods/employmentperiod/kevaemploymentregistration") is not None,
          ElementTree.tostring(employee))
    holds("no periods unasked", client.employee(key, "").find("employmentperiods/employmentperiod") is None)
    holds("a Finnish code twice", ask("POST", add, person(code)).status == 400)
    holds("a number twice", ask("POST", add, person(identity(902), number="<employeenumber>77001</employeenumber>")).status == 400)
    refused("a wrong code", person("010191-901Z"), "INVALID_DATA")
    refused("another order", person(identity(903)).replace("<firstname>Aino</firstname><lastname>Virta</lastname>",
                                                           "<lastname>Virta</lastname><firstname>Aino</firstname>"), "INVALID_DATA")
    refused("no phone number", person(identity(903)).replace("<phonenumber>+358401234567</phonenumber>", ""), "INVALID_DATA")
    refused("an empty phone number", person(identity(903)).replace("+358401234567", ""), "INVALID_DATA")
    refused("an unknown element", person(identity(903), more_base="<shoesize>41</shoesize>"), "INVALID_DATA")
    refused("an unknown rule group", person(identity(903)).replace("Kuukausipalkka", "Nobody's"), "INVALID_DATA")
    refused("no XML", "not xml", "INVALID_DATA")
    refused("a long name", person(identity(903), first="x" * 51), "INVALID_DATA")
    refused("a long number", person(identity(903), number="<employeenumber>12345678901</employeenumber>"), "INVALID_DATA")
    refused("a number of letters", person(identity(903), number="<employeenumber>12a</employeenumber>"), "INVALID_DATA")
    period = '<employmentperiods><employmentperiod><startdate format="ansi">{}</startdate>{}</employmentperiod></employmentperiods>'
    refused("a date that is none", person(identity(903), periods=period.format("2024-02-30", "<profession>x</profession>")), "INVALID_DATA")
    refused("a period without a title", person(identity(903), periods=period.format("2024-02-03", "")), "INVALID_DATA")
    order = [text.encode() for text in (statuses(ask("POST", add, person(identity(903)).replace("<lastname>Virta</lastname>", ""))))]
    holds("which element it was is never said", b"lastname" not in order[1], order)
    capitals = person(identity(904), email="c@example.com").replace("employeebaseinformation", "EmployeeBaseInformation")
    holds("names in any case", ask("POST", "/Employee.nv?Method=add", capitals).status == 200)
    latin = ('<?xml version="1.0" encoding="ISO-8859-15"?>' + person(identity(905), first="Päivi")).encode("iso-8859-15")
    ask("POST", add, latin)
    found = client.employee(client.keys_by_code()[identity(905)])
    holds("the documented encoding", found.findtext("employeebaseinformation/firstname") == "Päivi", ElementTree.tostring(found))
    foreign = person("x").replace("<employeeidentifier>x</employeeidentifier>",
                                  '<foreignemployeeidentification><identifier type="taxidentificationnumber">T1</identifier>'
                                  '<issuingcountry type="ISO-3166">SE</issuingcountry><gender>female</gender>'
                                  '<dateofbirth format="ansi">1980-02-03</dateofbirth></foreignemployeeidentification>')
    holds("somebody without a Finnish code", ask("POST", add, foreign).status == 200)
    return key, code


def changes(client, holds, key, code):
    ask, edit = client.ask, "/employee.nv?method=edit"
    base = lambda: client.employee(key).find("employeebaseinformation")
    partly = (f"<root><employee><employeebaseinformation><employeeidentifier>{code}</employeeidentifier><firstname>Eino</firstname>"
              "</employeebaseinformation><employeepayrollinformation><municipality>Oulu</municipality></employeepayrollinformation>"
              "</employee></root>")
    edited = ask("POST", edit, partly)
    holds("what an edit omits stays", edited.status == 200 and base().findtext("firstname") == "Eino" and
          base().findtext("lastname") == "Virta" and base().findtext("municipality") == "Oulu", edited)
    ask("POST", edit, partly.replace("<municipality>Oulu<", "<municipality><"))
    holds("what is empty is cleared", not base().findtext("municipality"))
    missing = ask("POST", edit, partly.replace(code, identity(950)))
    holds("an edit of nobody", missing.status == 400 and statuses(missing)[1].startswith("INVALID_DATA"), missing)
    holds("said in Finnish", "Työntekijää ei löydy" in ask("POST", edit, partly.replace(code, identity(950)), language="FI").body.decode())
    nobody = ask("GET", "/getemployee.nv?netvisorkey=99999")
    holds("nobody is no absence", nobody.status == 400 and "Employee not found" in statuses(nobody)[1], nobody)
    patch = lambda payroll, head="<firstname>Eino</firstname><lastname>Virta</lastname>", who=f"netvisorkey&identifier={key}": ask(
        "POST", "/patchemployee.nv?identifiertype=" + who,
        f"<root><patchemployee>{head and f'<employeebaseinformation>{head}</employeebaseinformation>'}"
        f"<employeepayrollinformation>{payroll}</employeepayrollinformation></patchemployee></root>")
    holds("a patch", patch("<streetaddress>Uusi 2</streetaddress>").status == 200 and base().findtext("streetaddress") == "Uusi 2")
    holds("by number", patch("<city>Turku</city>", who="number&identifier=77001").status == 200 and base().findtext("city") == "Turku")
    holds("by code", patch("<city>Vaasa</city>", who=f"personalidentificationnumber&identifier={code}").status == 200)
    account = patch("<bankaccountnumber>FI2112345600000785</bankaccountnumber>")
    holds("an account without BIC", account.status == 400, account)
    whole = patch("<bankaccountnumber>FI2112345600000785</bankaccountnumber><bankidentificationcode>NDEAFIHH</bankidentificationcode>")
    holds("an account with BIC", whole.status == 200 and base().findtext("bankidentificationcode") == "NDEAFIHH", whole)
    holds("no base block", patch("<city>Turku</city>", head="").status == 400)
    period = '<root><employmentperiods><employmentperiod><startdate format="ansi">2030-01-01</startdate><profession>Lead</profession></employmentperiod></employmentperiods></root>'
    added = ask("POST", f"/addjobperiod.nv?employeeidentifier={key}", period)
    number = ElementTree.fromstring(added.body).findtext("Replies/InsertedDataIdentifier")
    holds("a period's key", added.status == 200 and number, added)
    ask("POST", f"/editjobperiod.nv?netvisorkey={number}",
        '<root><employmentperiods><employmentperiod><probationenddate format="ansi">2030-03-01</probationenddate></employmentperiod></employmentperiods></root>')
    mine = [each for each in client.employee(key).findall("employmentperiods/employmentperiod") if each.findtext("netvisorkey") == number]
    holds("a period edited by its key", len(mine) == 1 and (mine[0].findtext("probationenddate"), mine[0].findtext("profession")) ==
          ("2030-03-01", "Lead"), [ElementTree.tostring(each) for each in mine])
    holds("a period deleted", ask("POST", f"/deletejobperiod.nv?netvisorkey={number}", "").status == 200)
    ended = ask("POST", edit, partly.replace("<employeepayrollinformation><municipality>Oulu</municipality></employeepayrollinformation>",
                '<employmentperiods><employmentperiod><startdate format="ansi">2024-01-01</startdate><profession>Developer</profession>'
                '<enddate format="ansi">2024-02-01</enddate><endreason type="netvisor">4</endreason></employmentperiod></employmentperiods>'))
    listed = lambda target: key in [each.text for each in ElementTree.fromstring(ask("GET", target).body).iter("netvisorkey")]
    holds("ended people are hidden", ended.status == 200 and not listed("/getemployees.nv") and
          listed("/getemployees.nv?includeendedemployments=1"), ended)


def check(binaries, holds):
    sandbox = wire.Sandbox(binaries, "netvisor", "--countries", "FI")
    try:
        client = Client(sandbox)
        authentication(client, holds)
        rights(client, holds)
        changes(client, holds, *additions(client, holds))
    finally:
        sandbox.stop()
