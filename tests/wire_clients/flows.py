"""What a synchronisation sends for one changed person, byte by byte as somebody else would make it."""
import base64
import json
import pathlib
import re
import subprocess
import tempfile

import netvisor
import wire


class Pair:
    """Huma and a provider that agree, and then differ as `change` says."""

    def __init__(self, binaries, rules, system, country, folder):
        self.binaries, self.rules, self.system, self.folder = binaries, rules, system, pathlib.Path(folder)
        options = ["--countries", country, "--credentials", self.folder / "keys.json"]
        if system == "poweroffice_go":
            options += ["--set", "poweroffice_go.rate_limit=0"]
        self.process = subprocess.Popen([binaries / "dovetail", "sandbox", "huma", system, "--people", "3", "--seed", "5", *options],
                                        stdout=subprocess.PIPE, text=True)
        self.urls = {}
        for line in self.process.stdout:
            if found := re.match(r"(\w+) (http\S+)", line):
                self.urls[found[1]] = found[2]
            if line.startswith("Control"):
                break

    def control(self, system, method, path, body=None):
        return wire.call(method, f"{self.urls[system]}/_sandbox{path}", {}, None if body is None else json.dumps(body)).json

    def synchronise(self):
        return subprocess.run(
            [self.binaries / "dovetail", "sync", "--map", self.rules / f"{self.system}.map", "--hub", "huma:" + self.urls["huma"],
             "--provider", f"{self.system}:{self.urls[self.system]}", "--credentials", self.folder / "keys.json", "--base",
             self.folder / "base.json", "--test-system", "--decide", "hub"], capture_output=True, text=True)

    def calls_for(self, change):
        """What is sent to the provider where the first person is changed like that in Huma."""
        self.synchronise()
        people = self.control("huma", "GET", "/state/users")
        self.key = sorted(people)[0]
        self.person = people[self.key]
        last = max([each["number"] for each in self.control(self.system, "GET", "/calls?limit=20000")["calls"]], default=0)
        self.control("huma", "PATCH", f"/state/users/{self.key}", change(self.person))
        self.ran = self.synchronise()
        return self.control(self.system, "GET", f"/calls?since={last}&limit=20000")["calls"]


def headers_of(call):
    return {name.lower(): value for name, value in call["headers"]}


def body_of(call):
    return call.get("body") or ""


def of_netvisor(pair, holds):
    calls = pair.calls_for(lambda person: {"familyName": "Changed", "phone": "+358409999999"})
    keys = json.loads((pair.folder / "keys.json").read_text())["netvisor"]
    named = {"customer_key": keys["key"], "partner_key": keys["partner_key"], "customer_id": keys["user_id"],
             "organisation_id": keys["business_id"]}
    seen = set()
    for call in calls:
        sent = headers_of(call)
        of = lambda name: sent["x-netvisor-authentication-" + name]
        made = netvisor.mac(named, pair.urls["netvisor"] + call["target"], of("sender"), of("timestamp"),
                            sent["x-netvisor-interface-language"], of("transactionid"), of("timestampunix"))
        holds("the code of " + call["target"], of("mac") == made, of("mac"))
        holds("and its algorithm", of("machashcalculationalgorithm") == "HMACSHA256" and of("usehttpresponsestatuscodes") == "1")
        seen.add(of("transactionid"))
    holds("a transaction for each call", len(seen) == len(calls) > 3, len(seen))
    writes = [call for call in calls if call["method"] == "POST" and re.search("=[1-9]", call["target"])]
    employees = pair.control("netvisor", "GET", "/state/employees")
    row = [each for each in employees.values() if each["email"] == pair.person["email"]][0]
    holds("one patch", [call["target"] for call in writes] ==
          [f"/patchemployee.nv?identifiertype=netvisorkey&identifier={row['netvisorkey']}"], [call["target"] for call in writes])
    expected = (f"<root><patchemployee><employeebaseinformation><firstname>{row['firstname']}</firstname><lastname>Changed</lastname>"
                "<phonenumber>+358409999999</phonenumber></employeebaseinformation></patchemployee></root>")
    bare = re.sub(r">\s+<", "><", re.sub(r"^<\?xml[^>]*\?>\s*", "", body_of(writes[0]).strip()))
    holds("the patch", bare == expected, body_of(writes[0]))


def of_poweroffice_go(pair, holds):
    calls = pair.calls_for(lambda person: {"familyName": "Changed", "phone": "+4799999999", "birthDate": "1977-03-04"})
    keys = json.loads((pair.folder / "keys.json").read_text())["poweroffice_go"]
    token = [call for call in calls if call["target"].endswith("/OAuth/Token")][0]
    basic = base64.b64encode(f"{keys['application_key']}:{keys['client_key']}".encode()).decode()
    holds("the token's call", (token["method"], token["target"], body_of(token), headers_of(token)["authorization"]) ==
          ("POST", "/OAuth/Token", "grant_type=client_credentials", "Basic " + basic), token)
    holds("one token", sum(call["target"].endswith("Token") for call in calls) == 1)
    holds("the gateway's key", all(headers_of(call)["ocp-apim-subscription-key"] == keys["subscription_key"] for call in calls))
    writes = [call for call in calls if call["method"] in ("PATCH", "DELETE", "PUT") or (call["method"] == "POST" and call is not token)]
    rows = pair.control("poweroffice_go", "GET", "/state/employees")
    key = [number for number, each in rows.items() if each["EmailAddress"] == pair.person["email"]][0]
    holds("one patch", [(call["method"], call["target"]) for call in writes] == [("PATCH", "/v2/Employees/" + key)],
          [(call["method"], call["target"]) for call in writes])
    holds("its type", headers_of(writes[0])["content-type"] == "application/json-patch+json")
    sent = {json.dumps(each, sort_keys=True) for each in json.loads(body_of(writes[0]))}
    wanted = [{"op": "replace", "path": "/LastName", "value": "Changed"}, {"op": "replace", "path": "/PhoneNumber", "value": "+4799999999"},
              {"op": "replace", "path": "/DateOfBirth", "value": "1977-03-04"}]
    holds("its operations", sent == {json.dumps(each, sort_keys=True) for each in wanted}, body_of(writes[0]))
    holds("no blank in it", json.dumps(json.loads(body_of(writes[0])), separators=(",", ":"), ensure_ascii=False) == body_of(writes[0]),
          body_of(writes[0]))


def of_finago(pair, holds):
    moved = lambda person: dict(person["positions"][0], contractStartDate="2001-02-03")
    calls = pair.calls_for(lambda person: {"familyName": "Changed", "positions": [moved(person), *person["positions"][1:]]})
    keys = json.loads((pair.folder / "keys.json").read_text())["finago"]
    rows = pair.control("finago", "GET", "/state/employees")
    number = [each["empId"] for each in rows.values() if each["email"] == pair.person["email"]][0]
    reads = [("GET", f"/api/auth?token={keys['api_key']}"), ("GET", "/api/organization/v2"), ("GET", "/api/employee/v2")]
    for each in reads:
        holds("once " + " ".join(each), sum((call["method"], call["target"]) == each for call in calls) == 1)
    holds("the token is a bearer's", all("authorization" in headers_of(call) and headers_of(call)["authorization"].startswith("Bearer ")
                                        for call in calls if "/auth" not in call["target"]))
    writes = [(call["target"], body_of(call)) for call in calls if call["method"] == "POST"]
    employment = [target for target, _ in writes if "employment" in target]
    holds("an employee, then the employment", [target for target, _ in writes] ==
          [f"/api/employee/v2/{number}", f"/api/employment/v2/{number}"], writes)
    holds("the employee", writes[0][1] == '{"lastname":"Changed"}', writes[0][1])
    sent = json.loads(writes[1][1])
    there = [each for each in calls if each["target"] == employment[0] and each["method"] == "GET"]
    holds("read before it is sent back", bool(there))
    known = pair.control("finago", "GET", "/state/employees")[number]["_employments"][0]["employment_id"]
    holds("the employment by its own id", isinstance(sent, list) and len(sent) == 1 and sent[0]["employment_id"] == known and
          sent[0]["startdate"] == "2001-02-03", sent)


def check(binaries, rules, holds):
    for system, country, follow in (("netvisor", "FI", of_netvisor), ("poweroffice_go", "NO", of_poweroffice_go),
                                    ("finago", "NO", of_finago)):
        with tempfile.TemporaryDirectory() as folder:
            pair = Pair(binaries, rules, system, country, folder)
            try:
                follow(pair, lambda what, *seen, system=system: holds(f"{system}: {what}", *seen))
            finally:
                pair.process.terminate()
                pair.process.wait()
