"""Huma's interface, from its description alone."""
import base64
import hashlib
import hmac
import http.server
import json
import threading
import urllib.parse
import uuid

import wire


class Client:
    def __init__(self, sandbox):
        self.sandbox, self.keys = sandbox, sandbox.keys
        self.token = self.ask_token().json["access_token"]

    def ask_token(self, secret=None, kind="application/x-www-form-urlencoded"):
        form = {"grant_type": "client_credentials", "client_id": self.keys["client_id"],
                "client_secret": secret or self.keys["client_secret"]}
        body = json.dumps(form) if kind == "application/json" else urllib.parse.urlencode(form)
        return wire.call("POST", self.sandbox.url + "/auth/oauth/token", {"Content-Type": kind}, body)

    def ask(self, method, path, body=None, **others):
        headers = {"Authorization": "Bearer " + self.token, **others}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return wire.call(method, self.sandbox.url + path, headers, None if body is None else json.dumps(body))

    def value(self, key, name):
        return self.ask("GET", "/users/" + key).json[name].get("value")


def access(client, holds):
    token = client.ask_token()
    holds("a token", token.status == 200 and {"access_token", "token_type", "expires_in", "organizationId", "userId"} <= set(token.json), token)
    holds("asked for in JSON", client.ask_token(kind="application/json").status == 200)
    wrong = client.ask_token("wrong")
    holds("a wrong secret", wrong.status in (400, 401), wrong)
    refused = client.ask("GET", "/users", Authorization="Bearer x")
    holds("a wrong token", refused.status == 401 and refused.json["error"] == "invalid_token" and "error_description" in refused.json, refused)
    old = client.token
    revoked = client.ask("POST", "/auth/oauth/revoke", {"token": old})
    if revoked.status == 200 and client.ask("GET", "/users").status == 401:
        client.token = client.ask_token().json["access_token"]


def lists(client, holds):
    ask = client.ask
    whole = ask("GET", "/users?limit=50")
    users = whole.json["items"]
    holds("flat users", len(users) == 4 and isinstance(users[0]["givenName"], str) and
          {"id", "givenName", "familyName", "preferredName", "email", "phone", "jobTitles", "teams", "locations", "companies", "groups",
           "type", "status"} <= set(users[0]) and users[0]["status"] == {"active": True}, users[0])
    pages = [ask("GET", f"/users?limit=3&offset={offset}").json["items"] for offset in (0, 3, 6)]
    holds("pages", [len(page) for page in pages] == [3, 1, 0] and
          [each["id"] for page in pages for each in page] == [each["id"] for each in users], pages)
    holds("no more than 50", ask("GET", "/users?limit=51").status == 400)
    names = [each["id"] for each in ask("GET", "/users?limit=50&orderDirection=DESC").json["items"]]
    holds("the other way", names == [each["id"] for each in users][::-1] or set(names) == {each["id"] for each in users})
    one = ask("GET", f"/users?id={users[1]['id']}&id={users[2]['id']}").json["items"]
    holds("by ids", {each["id"] for each in one} == {users[1]["id"], users[2]["id"]}, one)
    found = ask("GET", "/users?search=" + urllib.parse.quote(users[0]["familyName"])).json["items"]
    holds("searched", users[0]["id"] in [each["id"] for each in found])
    holds("nobody inactive", ask("GET", "/users?isActive=false").json["items"] == [])
    away = ask("GET", "/users/" + str(uuid.uuid4()))
    holds("nobody of that id", away.status == 404 and away.json["errorCode"] == "object:not-found", away)
    holds("me", ask("GET", "/users/me").status in (200, 404))
    titles = ask("GET", "/job-titles")
    holds("job titles are a bare array", isinstance(titles.json, list) and {"id", "name"} <= set(titles.json[0]), titles)
    return users[0]


def changes(client, holds, user):
    ask, key = client.ask, user["id"]
    details = ask("GET", "/users/" + key).json
    holds("wrapped details", details["givenName"] == {"value": user["givenName"], "editable": True} or
          {"value", "editable"} <= set(details["givenName"]), details["givenName"])
    patch = lambda **members: ask("PATCH", "/users/" + key, members)
    holds("a patch", patch(familyName="Other", birthDate="1990-02-01", gender="Something else").status == 200 and
          client.value(key, "familyName") == "Other" and client.value(key, "gender") == "Something else")
    holds("what it leaves out stays", client.value(key, "givenName") == user["givenName"])
    patch(preferredName="Al")
    patch(preferredName=None)
    holds("null unsets", client.value(key, "preferredName") is None)
    bad = patch(phone="123")
    holds("a phone number that is none", bad.status == 400 and bad.json["fields"] == ["phone"] and
          {"errorCode", "errorMessage"} <= set(bad.json), bad)
    for member, value in (("birthDate", "1990-02-30"), ("nationality", "XX"), ("givenName", "x" * 256), ("email", "no mail")):
        refused = patch(**{member: value})
        holds(f"{member} that is none", refused.status == 400 and refused.json["fields"] == [member], refused)
    address = {"line1": "Gata 1", "line2": "", "line3": "", "postalCode": "0150", "city": "Oslo", "country": "NO"}
    holds("a whole address", patch(homeAddress=address).status == 200 and client.value(key, "homeAddress")["city"] == "Oslo")
    holds("a part of one", patch(homeAddress={"city": "Bergen"}).status == 400)
    for account, status in (({"type": "national", "number": "12345600014", "country": "NO"}, 200),
                            ({"type": "international", "iban": "FI2112345600000785", "bic": "NDEAFIHH"}, 200), ({"type": "x"}, 400)):
        holds(f"a bank account {account}", patch(bankAccount=account).status == status)
    taken = ask("PATCH", "/users/" + key, {"email": ask("GET", "/users?limit=50").json["items"][1]["email"]})
    holds("an e-mail that is taken", taken.status == 400 and taken.json["fields"] == ["email"], taken)
    client.sandbox.knob(email_change="pending")
    patch(email="later@example.com")
    shown = ask("GET", "/users/" + key).json["email"]
    client.sandbox.knob(email_change="immediate")
    holds("an e-mail waits", shown["requestedValue"] == "later@example.com" and shown["value"] != "later@example.com", shown)


def resources(client, holds, user):
    ask, base = client.ask, "/users/" + user["id"]
    made = ask("POST", base + "/identifications", {"type": "passport", "country": "SE", "value": "AB12345"})
    number = next(each["id"] for each in client.value(user["id"], "identifications") if each["value"] == "AB12345")
    holds("an identification", made.status == 200, made)
    holds("replaced", ask("PUT", f"{base}/identifications/{number}", {"type": "passport", "country": "SE", "value": "AB99999"}).status == 200 and
          "AB99999" in [each["value"] for each in client.value(user["id"], "identifications")])
    holds("removed", ask("DELETE", f"{base}/identifications/{number}").status == 200)
    holds("another type", ask("POST", base + "/identifications", {"type": "tax", "country": "SE", "value": "1"}).status == 400)
    title = ask("POST", "/job-titles", {"name": "Wire tester"})
    holds("a job title", title.status == 200 and title.json["name"] == "Wire tester", title)
    holds("searched", "Wire tester" in [each["name"] for each in ask("GET", "/job-titles?search=wire").json])
    body = {"contractStartDate": "2031-01-01", "contractType": "Permanent", "titleId": title.json["id"]}
    position = ask("POST", base + "/positions", body)
    holds("a position", position.status == 200, position)
    single = ask("GET", f"{base}/positions/{position.json['id']}").json
    listed = [each for each in ask("GET", base + "/positions").json["items"] if each["id"] == position.json["id"]]
    holds("wrapped alone", single["contractStartDate"]["value"] == "2031-01-01", single)
    holds("flat in the list", listed and listed[0]["contractStartDate"] == "2031-01-01" and listed[0]["status"] == "UPCOMING", listed)
    holds("patched", ask("PATCH", f"{base}/positions/{position.json['id']}", {"contractEndDate": "2031-02-01"}).status == 200)
    holds("gone", ask("DELETE", f"{base}/positions/{position.json['id']}").status == 200)
    for member, value in (("titleId", str(uuid.uuid4())), ("contractType", "Forever"), ("contractStartDate", None)):
        refused = ask("POST", base + "/positions", {name: each for name, each in dict(body, **{member: value}).items() if each})
        holds(f"a position with a wrong {member}", refused.status in (400, 404), refused)
    groups = ask("GET", "/groups").json
    group = (groups["items"] if isinstance(groups, dict) else groups)[0]["id"]
    person = {"givenName": "New", "familyName": "Body", "email": "new.body@example.com", "groups": [group]}
    added = ask("POST", "/users", dict(person, invite=False))
    holds("somebody added", added.status == 200 and isinstance(added.json["email"], str), added)
    holds("without a group", ask("POST", "/users", {**person, "email": "b@example.com", "groups": []}).status == 400)
    holds("an e-mail twice", ask("POST", "/users", person).status == 400)
    holds("nobody is deleted", ask("DELETE", "/users/" + added.json["id"]).status in (404, 405))


class Listener:
    """Takes what a webhook brings."""

    def __init__(self):
        taken = self.taken = []
        arrived = self.arrived = threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                taken.append((dict(self.headers.items()), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()
                arrived.set()

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


def webhooks(client, holds, user):
    listener = Listener()
    client.sandbox.control("POST", "/state/webhooks", {"url": listener.url, "access_token": "let me in", "client_secret": "s3cret"})
    for encoding in ("hex", "base64"):
        client.sandbox.knob(webhook_signature=encoding)
        listener.taken.clear()
        listener.arrived.clear()
        client.ask("PATCH", "/users/" + user["id"], {"familyName": "Hook " + encoding})
        holds("a delivery", listener.arrived.wait(20))
        headers, body = listener.taken[0]
        headers = {name.lower(): value for name, value in headers.items()}
        code = hmac.new(b"s3cret", body, hashlib.sha256).digest()
        made = code.hex() if encoding == "hex" else base64.b64encode(code).decode()
        holds("its code as " + encoding, headers["huma-hmac-sha256"] == made, headers)
        holds("its token", headers["authorization"] == "Bearer let me in", headers)
        told = json.loads(body)
        holds("its topic", headers["huma-topic"] == told["topic"] == "users-update", told)
        holds("whom it is about", told["users"][0]["id"] == user["id"] and told["users"][0]["email"] and
              told["users"][0]["familyName"] == "Hook " + encoding, told)
    listener.server.shutdown()


def check(binaries, holds):
    sandbox = wire.Sandbox(binaries, "huma", "--countries", "NO")
    try:
        client = Client(sandbox)
        access(client, holds)
        user = lists(client, holds)
        changes(client, holds, user)
        resources(client, holds, user)
        webhooks(client, holds, user)
    finally:
        sandbox.stop()
