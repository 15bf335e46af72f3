"""Clients of the four systems, written from the descriptions of their interfaces alone: nothing of the adapters is in them."""
import base64
import datetime
import hashlib
import hmac
import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
import xml.etree.ElementTree


def send(method, url, headers=None, body=None):
    """(status, headers, body as bytes); also where the status is an error."""
    request = urllib.request.Request(url, body, headers or {}, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


class Refused(Exception):
    pass


def take(method, url, headers=None, body=None):
    status, _, answer = send(method, url, headers, body)
    if status not in (200, 201, 204):
        raise Refused(f"{method} {url}: {status} {answer.decode(errors='replace')}")
    return json.loads(answer) if answer else None


class Keyboard:
    """What somebody at the system's own pages sees and changes."""

    def __init__(self, url):
        self.url = url + "/_sandbox"

    def rows(self, table):
        return take("GET", f"{self.url}/state/{table}")

    def row(self, table, key):
        return take("GET", f"{self.url}/state/{table}/{key}")

    def change(self, table, key, members):
        take("PATCH", f"{self.url}/state/{table}/{key}", {}, json.dumps(members).encode())

    def add(self, table, row):
        return take("POST", f"{self.url}/state/{table}", {}, json.dumps(row).encode())

    def remove(self, table, key):
        take("DELETE", f"{self.url}/state/{table}/{key}")

    def calls(self, since=0):
        return take("GET", f"{self.url}/calls?since={since}&limit=20000")["calls"]

    def knobs(self, **positions):
        take("PUT", f"{self.url}/knobs", {}, json.dumps(positions).encode())


class Huma:
    def __init__(self, url, keys):
        self.url = url
        form = {"grant_type": "client_credentials", "client_id": keys["client_id"], "client_secret": keys["client_secret"]}
        token = take("POST", url + "/auth/oauth/token", {"Content-Type": "application/x-www-form-urlencoded"},
                     urllib.parse.urlencode(form).encode())["access_token"]
        self.headers = {"Authorization": "Bearer " + token, "Content-Type": "application/json"}

    def call(self, method, path, body=None):
        return take(method, self.url + path, self.headers, None if body is None else json.dumps(body).encode())

    def users(self):
        found = []
        while True:
            page = self.call("GET", f"/users?limit=50&offset={len(found)}")["items"]
            found += page
            if len(page) < 50:
                return found

    def user(self, key):
        return {name: unwrapped(value) for name, value in self.call("GET", "/users/" + key).items()}

    def positions(self, key):
        listed = self.call("GET", f"/users/{key}/positions?limit=50")["items"]
        whole = [self.call("GET", f"/users/{key}/positions/{each['id']}") for each in listed]
        return sorted(({name: unwrapped(value) for name, value in each.items()} for each in whole),
                      key=lambda each: each["contractStartDate"])

    def title(self, name):
        for each in self.call("GET", "/job-titles?" + urllib.parse.urlencode({"search": name})):
            if each["name"].lower() == name.lower():
                return each["id"]
        return self.call("POST", "/job-titles", {"name": name})["id"]


def unwrapped(member):
    if isinstance(member, dict) and ("editable" in member or set(member) == {"value"}):
        return member.get("value")
    return member


class Netvisor:
    def __init__(self, url, keys):
        self.url, self.keys = url, keys

    def headers(self, address):
        now = datetime.datetime.now(datetime.timezone.utc)
        stamp = now.strftime("%Y-%m-%d %H:%M:%S.") + f"{now.microsecond // 1000:03}"
        unix, transaction, keys = str(int(now.timestamp())), str(uuid.uuid4()), self.keys
        secret = keys["key"] + "&" + keys["partner_key"]
        message = "&".join([address, "Rows", keys["user_id"], stamp, "EN", keys["business_id"], transaction, unix, secret])
        return {
            "X-Netvisor-Authentication-Sender": "Rows", "X-Netvisor-Authentication-CustomerId": keys["user_id"],
            "X-Netvisor-Authentication-PartnerId": keys["partner_id"], "X-Netvisor-Authentication-Timestamp": stamp,
            "X-Netvisor-Authentication-TimestampUnix": unix, "X-Netvisor-Authentication-TransactionId": transaction,
            "X-Netvisor-Interface-Language": "EN", "X-Netvisor-Organisation-ID": keys["business_id"],
            "X-Netvisor-Authentication-MACHashCalculationAlgorithm": "HMACSHA256",
            "X-Netvisor-Authentication-UseHTTPResponseStatusCodes": "1", "Content-Type": "text/plain",
            "X-Netvisor-Authentication-MAC": hmac.new(secret.encode("latin-1"), message.encode("latin-1"),
                                                      hashlib.sha256).hexdigest()}

    def call(self, method, target, body=None):
        """The Root of the answer; Refused with Netvisor's words unless its status is OK."""
        address = self.url + target
        _, _, answer = send(method, address, self.headers(address), body)
        root = xml.etree.ElementTree.fromstring(answer)
        said = [each.text for each in root.findall("ResponseStatus/Status")]
        if said != ["OK"]:
            raise Refused(" / ".join(said))
        return root

    def everybody(self):
        root = self.call("GET", "/getemployees.nv?includeendedemployments=1")
        keys = [each.findtext("netvisorkey") for each in root.find("employees")]
        return {key: self.employee(key) for key in keys}

    def employee(self, key):
        return self.call("GET", f"/getemployee.nv?netvisorkey={key}&employmentperiods=1&employeepayrollinformation=1"
                         ).find("employee")


class PowerOfficeGo:
    def __init__(self, url, keys):
        self.url = url + "/v2"
        basic = base64.b64encode(f"{keys['application_key']}:{keys['client_key']}".encode()).decode()
        gate = {"Ocp-Apim-Subscription-Key": keys["subscription_key"]}
        token = take("POST", url + "/OAuth/Token", {"Authorization": "Basic " + basic,
                                                    "Content-Type": "application/x-www-form-urlencoded", **gate},
                     b"grant_type=client_credentials")["access_token"]
        self.headers = {"Authorization": "Bearer " + token, **gate}

    def everybody(self):
        employees = take("GET", self.url + "/Employees", self.headers) or []
        accounts = {each["Id"]: each for each in take("GET", self.url + "/ContactBankAccounts", self.headers) or []}
        for each in employees:
            each["SalaryBankAccount"] = accounts.get(each["SalaryBankAccountId"])
        return {str(each["Id"]): each for each in employees}


class Finago:
    def __init__(self, url, keys):
        self.url = url
        token = take("GET", f"{url}/auth?token={urllib.parse.quote(keys['api_key'])}")["accessToken"]
        self.headers = {"Authorization": "Bearer " + token}

    def everybody(self):
        employees = take("GET", self.url + "/employee/v2", self.headers)
        for each in employees:
            each["employments"] = sorted(take("GET", f"{self.url}/employment/v2/{each['empId']}", self.headers),
                                         key=lambda employment: employment["startdate"])
        return {each["empId"]: each for each in employees}
