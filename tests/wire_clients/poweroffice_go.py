"""PowerOffice Go's interface (v2), from its description alone."""
import base64
import json
import time

import wire

FORM = "application/x-www-form-urlencoded; charset=utf-8"


def account_number(stem):
    """A Norwegian account: its last digit is the eleventh by modulo 11; None where there is none."""
    weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
    last = (11 - sum(int(digit) * weight for digit, weight in zip(stem, weights)) % 11) % 11
    return None if last == 10 else stem + str(last)


class Client:
    def __init__(self, sandbox):
        self.sandbox, self.keys = sandbox, sandbox.keys
        self.token = self.ask_token().json["access_token"]

    def ask_token(self, application=None, customer=None, subscription=None, base="", body="grant_type=client_credentials"):
        basic = f"{application or self.keys['application_key']}:{customer or self.keys['client_key']}"
        return wire.call("POST", f"{self.sandbox.url}{base}/OAuth/Token", {
            "Authorization": "Basic " + base64.b64encode(basic.encode()).decode(), "Content-Type": FORM,
            "Ocp-Apim-Subscription-Key": subscription or self.keys["subscription_key"]}, body)

    def ask(self, method, path, body=None, kind=None, **others):
        headers = {"Authorization": "Bearer " + self.token, "Ocp-Apim-Subscription-Key": self.keys["subscription_key"]}
        headers.update({name.replace("_", "-"): value for name, value in others.items()})
        if body is not None:
            headers["Content-Type"] = kind or ("application/json-patch+json" if method == "PATCH" else "application/json")
        headers = {name: value for name, value in headers.items() if value is not None}
        return wire.call(method, self.sandbox.url + "/v2" + path, headers, None if body is None else json.dumps(body))

    def patch(self, key, *operations):
        return self.ask("PATCH", f"/Employees/{key}", [dict(zip(("op", "path", "value"), each)) for each in operations])


def gate(client, holds):
    ask = client.ask
    token = client.ask_token()
    holds("a token", token.status == 200 and token.json["token_type"].lower() == "bearer" and token.json["expires_in"] == 1200, token)
    wrong = client.ask_token(customer="00000000-0000-4000-8000-000000000000")
    holds("a wrong client key", wrong.status == 400 and wrong.json["error"] == "invalid_client" and
          wrong.json["error_description"].startswith("Client integration not found."), wrong)
    grant = client.ask_token(body="grant_type=password")
    holds("another grant", grant.status == 400 and grant.json["error"] == "unsupported_grant_type", grant)
    holds("below Demo", client.ask_token(base="/Demo").status == 200)
    without = ask("GET", "/Employees", Ocp_Apim_Subscription_Key=None)
    holds("no subscription key", without.status == 401 and "missing subscription key" in without.json["message"], without)
    bad = ask("GET", "/Employees", Ocp_Apim_Subscription_Key="x")
    holds("a wrong subscription key", bad.status == 401 and "invalid subscription key" in bad.json["message"], bad)
    holds("a wrong token", ask("GET", "/Employees", Authorization="Bearer x").status == 401)
    holds("an unknown route", ask("GET", "/Nothing").status == 404)
    client.sandbox.knob(rate_limit="10")
    client.sandbox.control("POST", "/clock", {"advance_ms": 2000})
    several = [ask("GET", "/ClientIntegrationInformation") for _ in range(14)]
    late = [each for each in several if each.status == 429]
    holds("ten calls a second", late and "Rate limit is exceeded" in late[0].json["message"] and
          late[0].headers["Retry-After"] == "1", [each.status for each in several])
    client.sandbox.knob(rate_limit="0")
    who = ask("GET", "/ClientIntegrationInformation")
    holds("who the client is", {"ClientId", "ClientName", "ActiveClientSubscriptions", "ValidPrivileges", "InvalidPrivileges"} <=
          set(who.json), who)
    own = f"/state/clients/{client.keys['client_key']}"
    row = client.sandbox.control("GET", own)
    client.sandbox.control("PATCH", own, {"Privileges": []})
    holds("a token keeps its privileges", ask("GET", "/Employees").status == 200)
    client.token = client.ask_token().json["access_token"]
    holds("a token without the privilege", ask("GET", "/Employees").status == 403)
    client.sandbox.control("PATCH", own, {"Privileges": row["Privileges"]})
    client.token = client.ask_token().json["access_token"]


def lists(client, holds):
    ask = client.ask
    everybody = ask("GET", "/Employees")
    holds("a bare array of all", everybody.status == 200 and len(everybody.json) == 4, everybody)
    said = json.loads(everybody.headers["X-Pagination"])
    holds("X-Pagination", said["totalPages"] == 1 and not said.get("nextPageLink"), said)
    seen, target = [], "/Employees?PageSize=3&PageNumber=1"
    for number in (1, 2):
        page = ask("GET", f"/Employees?PageSize=3&PageNumber={number}")
        seen += [each["Id"] for each in page.json]
        link = json.loads(page.headers["X-Pagination"]).get("nextPageLink")
        holds(f"the link behind page {number}", bool(link) == (number == 1), link)
        if link:
            target = link
    holds("pages of three", seen == [each["Id"] for each in everybody.json], seen)
    following = wire.call("GET", target if target.startswith("http") else client.sandbox.url + target, {
        "Authorization": "Bearer " + client.token, "Ocp-Apim-Subscription-Key": client.keys["subscription_key"]})
    holds("the link leads to the rest", [each["Id"] for each in following.json or []] == seen[3:], following)
    nobody = ask("GET", "/Employees?employeeNos=999999")
    holds("204 for nobody", nobody.status == 204 and nobody.body == b"", nobody)
    holds("nor behind the last page", ask("GET", "/Employees?PageNumber=9").status == 204)
    numbers = sorted(each["Number"] for each in everybody.json)
    some = ask("GET", f"/Employees?employeeNos={numbers[0]},%20{numbers[2]}-")
    holds("lists and ranges of numbers", sorted(each["Number"] for each in some.json) == [numbers[0], *numbers[2:]], some)
    bad = ask("GET", "/Employees?employeeNos=a")
    holds("a range that is none", bad.status == 400, bad)
    for query in ("$top=1", "%24top=1", "$filter=Id%20eq%201"):
        holds("no OData: " + query, ask("GET", "/Employees?" + query).status == 400)
    fields = ask("GET", "/Employees?Fields=Id,EmailAddress")
    holds("chosen fields", {key for key, value in fields.json[0].items() if value is not None} == {"Id", "EmailAddress"}, fields)
    fields = ask("GET", "/Employees?Fields=Nothing")
    holds("a field that is none", fields.status == 400 and fields.json["title"] == "Invalid resourceParameter", fields)
    order = [each["Number"] for each in ask("GET", "/Employees?OrderBy=Number%20desc").json]
    holds("an order", order == numbers[::-1], order)
    one = everybody.json[0]
    holds("masked", one["NationalIdNumber"] == "hidden" and one["Gender"] == "Hidden", one)
    stamp = max(each["LastChangedDateTimeOffset"] for each in everybody.json).replace("+", "%2B")
    holds("changed after the last: nobody", ask("GET", f"/Employees?lastChangedDateTimeOffsetGreaterThan={stamp}").status == 204)
    long = ask("GET", "/Employees?employeeNos=" + ",".join(str(number) for number in range(10000, 10500)))
    holds("a long address", long.status == 404, long.status)
    away = ask("GET", "/Employees/1")
    holds("nobody of that id", away.status == 404 and away.json["detail"] == "Employee with id = 1 not found.", away)
    return one


def additions(client, holds):
    ask = client.ask
    refused = lambda what, body, status=400, title="Employee validation error(s)": (lambda answer: holds(
        what, answer.status == status and (answer.json or {}).get("title") == title, answer))(ask("POST", "/Employees", body))
    name = {"FirstName": "Kari", "LastName": "Test"}
    made = ask("POST", "/Employees", {**name, "ExternalImportReference": "ABC123", "Gender": "Female", "DateOfBirth": "1990-02-01",
                                      "MailAddress": {"AddressLine1": "Gata 1", "ZipCode": "0150", "City": "Oslo"}})
    holds("201 with the whole", made.status == 201 and made.json["MailAddress"]["CountryCode"] == "NO" and made.json["Number"],
          made)
    key = made.json["Id"]
    again = ask("POST", "/Employees", {**name, "ExternalImportReference": "ABC123"})
    holds("a reference twice", again.status == 400 and again.json == dict(again.json, title="Employee validation error(s)", detail=(
        f"ExternalImportReference is already in use. 'ABC123' is used on (contact) Id = {key}.")), again)
    found = ask("GET", "/Employees?externalImportReference=ABC123")
    holds("found by its reference", [each["Id"] for each in found.json] == [key], found)
    refused("no family name", {"FirstName": "Kari"})
    refused("an address without town", {**name, "MailAddress": {"AddressLine1": "Gata 1", "ZipCode": "0150"}})
    refused("a number that is taken", {**name, "Number": made.json["Number"]})
    refused("a number outside the series", {**name, "Number": 99999999})
    refused("a wrong national id", {**name, "NationalIdNumber": "01019012345"})
    refused("an unknown department", {**name, "DepartmentCode": "X"}, 404)
    number = ask("POST", "/Employees", {**name, "Gender": 1})
    holds("a gender as a number", number.status == 400, number)
    holds("no JSON", wire.call("POST", client.sandbox.url + "/v2/Employees", {
        "Authorization": "Bearer " + client.token, "Ocp-Apim-Subscription-Key": client.keys["subscription_key"],
        "Content-Type": "application/json"}, "{").status == 400)
    return key


def patches(client, holds, key):
    patch, read = client.patch, lambda: client.ask("GET", f"/Employees/{key}").json
    done = patch(key, ("replace", "/jobtitle", "Lead"), ("replace", "/MailAddress/city", "Bergen"), ("remove", "/DateOfBirth"))
    holds("paths in any case, nested, and remove", done.status == 200 and
          (done.json["JobTitle"], done.json["MailAddress"]["City"], done.json["DateOfBirth"]) == ("Lead", "Bergen", None), done)
    holds("remove again", patch(key, ("remove", "/DateOfBirth")).status == 200)
    holds("replace by null", patch(key, ("replace", "/JobTitle", None)).json["JobTitle"] is None)
    wrong = patch(key, ("replace", "/PhoneNumber", "+4790000001"), ("replace", "/xyz", "1"))
    holds("an unknown member", wrong.status == 400 and wrong.json["title"] == "Employee validation error(s)" and wrong.json["detail"] ==
          "EmployeePatchDto: The target location specified by path segment 'xyz' was not found.", wrong)
    holds("all or nothing", read()["PhoneNumber"] is None, read()["PhoneNumber"])
    bogus = patch(key, ("replace", "/DateOfBirth", "bogus"))
    holds("a value that is none", bogus.status == 400 and
          bogus.json["detail"] == "EmployeePatchDto: The value 'bogus' is invalid for target location.", bogus)
    for member in ("Id", "SalaryBankAccountId", "DepartmentCode", "SubledgerAccountId"):
        holds("not to be patched: " + member, patch(key, ("replace", "/" + member, 1)).status == 400)
    holds("copy, move and test", patch(key, ("add", "/JobTitle", "A")).status == 200 and client.ask("PATCH", f"/Employees/{key}", [
        {"op": "test", "path": "/JobTitle", "value": "A"}, {"op": "copy", "from": "/JobTitle", "path": "/PhoneNumber"},
        {"op": "move", "from": "/JobTitle", "path": "/EmailAddress"}]).status == 200)
    now = read()
    holds("what they did", (now["JobTitle"], now["PhoneNumber"], now["EmailAddress"]) == (None, "A", "A"), now)
    holds("a test that fails", client.ask("PATCH", f"/Employees/{key}", [{"op": "test", "path": "/PhoneNumber", "value": "B"}]).status == 400)
    holds("a name cannot be removed", patch(key, ("remove", "/FirstName")).status == 400)
    patch(key, ("remove", "/MailAddress"))
    null = patch(key, ("replace", "/MailAddress/City", "Oslo"))
    holds("a path below no address", null.status == 400 and "was not found" in null.json["detail"], null)
    whole = patch(key, ("add", "/MailAddress", {"City": "Oslo", "ZipCode": "0150"}))
    holds("a whole address", whole.status == 200 and whole.json["MailAddress"]["City"] == "Oslo", whole)
    stamp = read()["LastChangedDateTimeOffset"]
    patch(key, ("replace", "/MailAddress/City", "Hamar"))
    holds("the stamp is blind to addresses", read()["LastChangedDateTimeOffset"] == stamp)
    patch(key, ("replace", "/JobTitle", "B"))
    holds("and sees the rest", read()["LastChangedDateTimeOffset"] > stamp)
    groups = patch(key, ("replace", "/ContactGroupIds", []))
    holds("groups", groups.status == 200 and groups.json["ContactGroupIds"] == [], groups)
    client.sandbox.knob(replica_lag_ms="1000")
    patch(key, ("replace", "/JobTitle", "C"))
    stale = read()["JobTitle"]
    time.sleep(1.2)
    holds("a replica that lags", (stale, read()["JobTitle"]) == ("B", "C"), stale)
    client.sandbox.knob(replica_lag_ms="0")


def accounts(client, holds, key, other):
    ask = client.ask
    number = account_number("1234560001") or account_number("1234560002")
    holds("no account yet", ask("GET", f"/ContactBankAccounts?contactIds={key}").status == 204)
    made = ask("POST", f"/ContactBankAccounts/{key}", {"BankAccountNumber": number})
    holds("an account", made.status == 201 and made.json["CountryCode"] == "NO" and "CreateDateTimeOffset" in made.json, made)
    holds("mod 11", ask("POST", f"/ContactBankAccounts/{key}", {"BankAccountNumber": number[:-1] + str((int(number[-1]) + 1) % 10)}
                        ).status == 400)
    salary = lambda value: ask("PATCH", f"/Employees/{key}/BankAccounts",
                               [{"op": "replace", "path": "/SalaryBankAccountId", "value": value}])
    done = salary(made.json["Id"])
    holds("the salary account", done.status == 200 and done.json["SalaryBankAccountId"] == made.json["Id"], done)
    now = ask("GET", f"/Employees/{key}").json
    holds("the others inherit it", now["ExpenseBankAccountId"] == now["TravelExpenseBankAccountId"] == made.json["Id"], now)
    foreign = salary(other["SalaryBankAccountId"])
    holds("somebody else's account", foreign.status == 400 and foreign.json["title"] == "Employee bank accounts validation error(s)",
          foreign)
    holds("listed by contact", [each["Id"] for each in ask("GET", f"/ContactBankAccounts?contactIds={key}").json] == [made.json["Id"]])
    holds("listed by number", len(ask("GET", f"/ContactBankAccounts?bankAccountNumbers={number}").json or []) == 1)
    holds("in use", ask("DELETE", f"/ContactBankAccounts/{key}/{made.json['Id']}").status == 409)
    client.sandbox.control("PATCH", f"/state/employees/{key}", {"_in_use": True})
    gone = ask("DELETE", f"/Employees/{key}")
    holds("an employee in use", gone.status == 409 and gone.json["title"] == "Employee conflict", gone)


def check(binaries, holds):
    sandbox = wire.Sandbox(binaries, "poweroffice_go", "--countries", "NO", "--set", "poweroffice_go.rate_limit=0")
    try:
        client = Client(sandbox)
        gate(client, holds)
        other = lists(client, holds)
        key = additions(client, holds)
        patches(client, holds, key)
        accounts(client, holds, key, other)
    finally:
        sandbox.stop()
