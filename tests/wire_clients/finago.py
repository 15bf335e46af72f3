"""Finago Payday's interface, from its description alone."""
import datetime
import json
import urllib.parse

import wire


class Client:
    def __init__(self, sandbox):
        self.sandbox = sandbox
        self.token = self.ask_token().json["accessToken"]

    def ask_token(self, secret=None):
        return wire.call("GET", f"{self.sandbox.url}/api/auth?token=" + urllib.parse.quote(secret or self.sandbox.keys["access_token"]))

    def ask(self, method, path, body=None, **others):
        headers = {"Authorization": "Bearer " + self.token}
        headers.update(others)
        if body is not None:
            headers["Content-Type"] = "application/json"
        return wire.call(method, self.sandbox.url + "/api" + path, headers, None if body is None else json.dumps(body))


def access(client, holds):
    token = client.ask_token()
    ends = datetime.datetime.fromisoformat(token.json["expiresOn"].replace("Z", "+00:00"))
    holds("a token and its end", token.status == 200 and set(token.json) == {"accessToken", "expiresOn"} and
          ends > datetime.datetime.now(datetime.timezone.utc), token)
    holds("a wrong secret", client.ask_token("wrong").status == 401)
    holds("no secret", wire.call("GET", client.sandbox.url + "/api/auth").status in (400, 401))
    holds("no token", wire.call("GET", client.sandbox.url + "/api/employee/v2").status == 401)
    holds("a wrong token", client.ask("GET", "/employee/v2", Authorization="Bearer x").status == 401)
    client.sandbox.control("POST", "/clock", {"advance_ms": 3_700_000})
    holds("a token that has ended", client.ask("GET", "/employee/v2").status == 401)
    client.token = client.ask_token().json["accessToken"]
    company = client.ask("GET", "/organization/v2").json
    company = company[0] if isinstance(company, list) else company
    holds("the company", company["country_code"] == "NO" and {"name", "orgno", "enterprise_number"} <= set(company), company)
    for method in ("PUT", "PATCH", "DELETE"):
        holds("no " + method, client.ask(method, "/employee/v2/1", {}).status in (404, 405))


def employees(client, holds):
    ask = client.ask
    everybody = ask("GET", "/employee/v2").json
    holds("all of them, as texts", len(everybody) == 4 and all(
        isinstance(value, str) for each in everybody for name, value in each.items() if name in (
            "empId", "email", "telefon", "salary", "hours_per_week", "hidden", "account", "clearingno", "bic")), everybody[:1])
    holds("unset is empty", all(value is not None for each in everybody for value in each.values()))
    holds("an unset id", any(each["internationalID"] == {"countryCode": "", "ID": "", "type": "passnummer"} or
                             each["internationalID"]["ID"] for each in everybody), everybody[0]["internationalID"])
    number = everybody[0]["empId"]
    one = ask("GET", "/employee/v2/" + number)
    holds("one in an array", one.status == 200 and isinstance(one.json, list) and [each["empId"] for each in one.json] == [number], one)
    nobody = ask("GET", "/employee/v2/99999")
    holds("nobody is an empty array", nobody.status == 200 and nobody.json == [], nobody)
    made = ask("POST", "/employee/v2", {"empId": 500, "email": "new@example.com", "firstname": "Kari", "lastname": "Berg",
                                        "hours_per_week": 37.5, "salary": "25000"})
    holds("created with the caller's number", made.status == 200, made)
    row = ask("GET", "/employee/v2/500").json[0]
    holds("numbers come back as texts", (row["empId"], row["hours_per_week"], row["salary"]) == ("500", "37.50", "25000.00"), row)
    holds("a number twice", ask("POST", "/employee/v2", {"empId": "500", "email": "x@example.com", "firstname": "a", "lastname": "b"}
                                ).status == 409)
    changed = ask("POST", "/employee/v2/500", {"telefon": "+4790000000", "firstname": "Kaja"})
    row = ask("GET", "/employee/v2/500").json[0]
    holds("an update keeps what it leaves out", changed.status == 200 and (row["telefon"], row["firstname"], row["lastname"],
                                                                          row["email"]) ==
          ("+4790000000", "Kaja", "Berg", "new@example.com"), row)
    ask("POST", "/employee/v2/500", {"telefon": ""})
    holds("an empty text clears", ask("GET", "/employee/v2/500").json[0]["telefon"] == "")
    document = {"countryCode": "SE", "ID": "AB12345", "type": "passnummer"}
    ask("POST", "/employee/v2/500", {"internationalID": document})
    holds("an id", ask("GET", "/employee/v2/500").json[0]["internationalID"] == document)
    for kind, status in (("socialSecurityNumber", 200), ("taxIdentificationNumber", 200), ("valueAddedTaxNumber", 200), ("passport", 400)):
        holds("an id of type " + kind, ask("POST", "/employee/v2/500", {"internationalID": dict(document, type=kind)}).status == status)
    holds("a change of nobody", ask("POST", "/employee/v2/99999", {"telefon": "1"}).status == 400)
    holds("no JSON", wire.call("POST", client.sandbox.url + "/api/employee/v2", {
        "Authorization": "Bearer " + client.token, "Content-Type": "application/json"}, "{a=b}").status == 400)
    holds("an unknown field is ignored", ask("POST", "/employee/v2/500", {"period": "monthly"}).status == 200)


def employments(client, holds):
    ask = client.ask
    holds("none yet", ask("GET", "/employment/v2/500").json == [])
    made = ask("POST", "/employment/v2/500", [{"startdate": "2024-01-01", "primary_employment": "1"}])
    holds("all are answered, with an id", made.status == 200 and len(made.json) == 1 and made.json[0]["employment_id"], made)
    number = made.json[0]["employment_id"]
    again = ask("POST", "/employment/v2/500", [{"employment_id": number, "startdate": "2024-02-01"}])
    holds("sent back with its id it is changed", [(each["employment_id"], each["startdate"]) for each in again.json] ==
          [(number, "2024-02-01")], again)
    added = ask("POST", "/employment/v2/500", [{"employment_id": "x-9", "startdate": "2020-01-01", "primary_employment": "0"}])
    holds("an unknown id is new", len(added.json) == 2, added)
    holds("no start", ask("POST", "/employment/v2/500", [{"primary_employment": "0"}]).status == 400)
    for reason, status in (("", 400), ("UppsagdArbetsbrist", 400), ("arbeidstakerHarSagtOppSelv", 200)):
        ended = ask("POST", "/employment/v2/500", [{"employment_id": number, "enddate": "2025-01-01", "enddate_reason": reason}])
        holds(f"an end with the reason `{reason}`", ended.status == status, ended)
    client.sandbox.knob(invalid_employment="500")
    holds("or a 500", ask("POST", "/employment/v2/500", [{"primary_employment": "0"}]).status == 500)
    for key, value in (("employment_form", "Tillsvidare"), ("employment_type", "x"), ("working_times", "x")):
        holds(f"{key} that is none", ask("POST", "/employment/v2/500", [{"employment_id": number, key: value}]).status == 500)
    client.sandbox.knob(invalid_employment="400")
    holds("an object is no array", ask("POST", "/employment/v2/500", {"startdate": "2024-01-01"}).status == 400)
    for body in ("text", "html", "empty"):
        client.sandbox.knob(error_body=body)
        refused = ask("POST", "/employee/v2/99999", {"telefon": "1"})
        holds("errors are opaque: " + body, refused.status == 400 and refused.json is None and bool(refused.body) == (body != "empty"), refused)


def sweden(binaries, holds):
    sandbox = wire.Sandbox(binaries, "finago", "--countries", "SE")
    try:
        client = Client(sandbox)
        number = client.ask("GET", "/employee/v2").json[0]["empId"]
        first = client.ask("GET", "/employment/v2/" + number).json[0]["employment_id"]
        for reason, status in (("arbeidstakerHarSagtOppSelv", 400), ("EgenBegaran", 200)):
            holds("in Sweden " + reason, client.ask("POST", "/employment/v2/" + number, [
                {"employment_id": first, "enddate": "2033-01-01", "enddate_reason": reason}]).status == status)
    finally:
        sandbox.stop()


def check(binaries, holds):
    sandbox = wire.Sandbox(binaries, "finago", "--countries", "NO")
    try:
        client = Client(sandbox)
        access(client, holds)
        employees(client, holds)
        employments(client, holds)
    finally:
        sandbox.stop()
    sweden(binaries, holds)
