"""Follows every row of rows.md through HTTP in both directions. Arguments: the folder of the programs, the folder of the
rule files, and, for looking at one thing, names of integrations."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import clients  # noqa: E402
from table import Cell, read_tables  # noqa: E402

BINARIES, RULES = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
ANSWERS = ["Payroll rule group=Kuukausipalkka", "Contract type of positions added to Huma=permanent",
           "Job title of positions added to Huma=Employee", "BIC of the bank account=DNBANOKK"]
# What no source says: that an account may be of another country than the IBANs'.
KNOBS = {"netvisor": ["check_iban=off"], "poweroffice_go": ["rate_limit=0"], "finago": []}
TODAY = "2026-06-15"


class World:
    """Simulated systems of Huma and one provider, and `dovetail sync` between them."""

    def __init__(self, integration, system, country, folder, people, withheld):
        self.integration, self.system, self.folder, self.withheld, self.failures = integration, system, folder, withheld, []
        keys_file = folder / "keys.json"
        self.process = subprocess.Popen(
            [BINARIES / "dovetail", "sandbox", "huma", system, "--people", str(people), "--seed", "5", "--countries", country,
             "--credentials", keys_file, *(part for knob in KNOBS[system] for part in ("--set", f"{system}.{knob}"))], stdout=subprocess.PIPE, text=True)
        urls = {}
        for line in self.process.stdout:
            found = re.match(r"(\w+) (http\S+)", line)
            if found:
                urls[found[1]] = found[2]
            if line.startswith("Control"):
                break
        keys = json.loads(keys_file.read_text())
        self.hub_pages, self.pages = clients.Keyboard(urls["huma"]), clients.Keyboard(urls[system])
        if system == "poweroffice_go" and not withheld:
            self.pages.change("clients", keys[system]["client_key"], {"ShowEmployeeSSN": True})
        path = "/api" if system == "finago" else ""
        client = {"netvisor": clients.Netvisor, "poweroffice_go": clients.PowerOfficeGo, "finago": clients.Finago}[system]
        self.hub, self.provider = clients.Huma(urls["huma"], keys["huma"]), client(urls[system] + path, keys[system])
        self.command = [BINARIES / "dovetail", "sync", "--map", RULES / f"{integration}.map", "--hub", "huma:" + urls["huma"],
                        "--provider", f"{system}:{urls[system]}{path}", "--credentials", keys_file, "--base",
                        folder / "base.json", "--test-system", "--today", TODAY, "--format", "json"]
        for answer in ANSWERS:
            self.command += ["--answer", answer]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def sync(self, *more):
        """What the run found, and the provider's calls that write."""
        since = max((each["number"] for each in self.pages.calls()), default=0)
        done = subprocess.run([*self.command, *more], capture_output=True, text=True)
        if done.returncode == 2:
            sys.exit(f"{self.integration}: {done.stderr}")
        self.report = json.loads(done.stdout)
        self.sent = [each for each in self.pages.calls(since) if each["method"] != "GET"
                     and "OAuth" not in each["target"] and not is_question(each)]
        return self.report

    def everybody(self):
        """As the provider's interface shows them; what it withholds, as its pages do."""
        return self.pages.rows("employees") if self.withheld else self.provider.everybody()

    def wrong(self, row, what, expected, found):
        self.failures.append(f"{self.integration}, {row.field}, {row.hub}: {what}\n    expected {expected!r}\n    found    {found!r}")

    def reasons(self, hub_id, field):
        people, label = self.report["people"], re.sub(r" \(.*\)$", "", field)
        return {each["reason"] for each in self.report["entries"]
                if people[each["person"]]["hub"] == hub_id and each.get("field") == label}


def is_question(call):
    """Netvisor tells rights only when it is asked for something that cannot succeed."""
    return call["body"] == "<root></root>"


# Members in documents.

def dig(value, path):
    """The member at a/b[1]/c; None where something on the way is missing or null."""
    for part in re.findall(r"[^/\[\]]+|\[\d+\]", path):
        if value is None:
            return None
        if isinstance(value, xml.etree.ElementTree.Element):
            value = value[int(part[1:-1])] if part[0] == "[" else value
            if part[0] != "[":
                value = value.find(part)
        elif part[0] == "[":
            value = value[int(part[1:-1])] if int(part[1:-1]) < len(value) else None
        else:
            value = value.get(part)
    return value


def dig_xml(record, path):
    """The text at a/b[1]/c, "" where the element is empty, None where there is none."""
    steps = re.sub(r"\[(\d+)\]", lambda found: f"[{int(found[1]) + 1}]", path)
    found = record.findall(steps)
    return None if not found else (found[0].text or "")


def shown(world, record, path):
    if world.system == "netvisor":
        # Periods in the order of their starts, as everywhere in the table.
        periods = record.find("employmentperiods")
        periods[:] = sorted(periods, key=lambda each: each.findtext("startdate"))
        return dig_xml(record, path)
    return dig(record, path)


def in_hub(world, hub_id, path):
    """What Huma's API shows for `phone`, `homeAddress.city`, `positions[0].title`, `identifications[national FI].value`."""
    first, _, rest = path.partition(".")
    found = re.match(r"(\w+)\[(.*)\]", first)
    if not found:
        value = world.hub.user(hub_id).get(first)
        return value if not rest or value is None else value.get(rest)
    if found[1] == "positions":
        positions = world.hub.positions(hub_id)
        value = positions[int(found[2])].get(rest) if int(found[2]) < len(positions) else None
        return value["name"] if rest == "title" and value else value
    for each in world.hub.user(hub_id).get("identifications") or []:
        if (each["type"] + " " + each["country"]).startswith(found[2]):
            return each[rest]
    return None


def is_empty(value):
    return value in (None, "")


# Changes, by the systems' own doors.

def set_in_hub(world, hub_id, rows, value_of):
    """One person's values, by Huma's Open API; what it refuses is changed at the keyboard."""
    user, patch, positions, ids = world.hub.user(hub_id), {}, {}, {}
    for row in rows:
        first, _, rest = row.hub.partition(".")
        found, value = re.match(r"(\w+)\[(.*)\]", first), value_of(row)
        if found and found[1] == "positions":
            positions.setdefault(int(found[2]), {})[rest] = value
        elif found:
            ids.setdefault(found[2], {})[rest] = value
        elif rest:
            whole = dict(user.get(first) or {}) if first == "homeAddress" else {}
            patch.setdefault(first, whole)[rest] = value
        else:
            patch[first] = value
    for name in ("line1", "line2", "line3"):
        if "homeAddress" in patch:
            patch["homeAddress"].setdefault(name, "")
    if "bankAccount" in patch:
        patch["bankAccount"]["type"] = "international" if "iban" in patch["bankAccount"] else "national"
        if not any(value for name, value in patch["bankAccount"].items() if name != "type"):
            patch["bankAccount"] = None
    if "homeAddress" in patch and not any(patch["homeAddress"].get(name) for name in ("line1", "city", "postalCode")):
        patch["homeAddress"] = None
    for name, value in patch.items():
        try:
            world.hub.call("PATCH", "/users/" + hub_id, {name: value})
        except clients.Refused:
            world.hub_pages.change("users", hub_id, {name: value})
    for index, members in positions.items():
        set_position(world, hub_id, index, members)
    for kind, members in ids.items():
        set_identification(world, hub_id, user, kind, members)


def set_position(world, hub_id, index, members):
    known = world.hub.positions(hub_id)
    if "title" in members:
        title = members.pop("title")
        members["titleId"] = world.hub.title(title) if title else None
    try:
        if index < len(known):
            world.hub.call("PATCH", f"/users/{hub_id}/positions/{known[index]['id']}", members)
        else:
            whole = {"contractType": "Permanent", "contractStartDate": "2020-01-01", **members}
            world.hub.call("POST", f"/users/{hub_id}/positions", {"titleId": world.hub.title("Clerk"), **whole})
    except clients.Refused:
        rows = sorted(world.hub_pages.row("users", hub_id)["positions"], key=lambda each: each["contractStartDate"])
        rows[index].update(members)
        world.hub_pages.change("users", hub_id, {"positions": rows})


def set_identification(world, hub_id, user, kind, members):
    kind, _, country = kind.partition(" ")
    known = [each for each in user.get("identifications") or [] if each["type"] == kind and each["country"].startswith(country)]
    path = f"/users/{hub_id}/identifications"
    if is_empty(members.get("value", members.get("country"))):
        for each in known:
            world.hub.call("DELETE", f"{path}/{each['id']}")
    elif known:
        whole = {"type": kind, "country": known[0]["country"], "value": known[0]["value"], **members}
        world.hub.call("PUT", f"{path}/{known[0]['id']}", whole)
    else:
        world.hub.call("POST", path, {"type": kind, "country": country, **members})


NETVISOR_ROW = {"employeeidentifier": "identifier"}


def change_there(world, provider_id, rows):
    """One person's values, at the provider's own pages."""
    table, members = "employees", {}
    row = world.pages.row(table, provider_id)
    lists = {"netvisor": "periods", "finago": "_employments"}.get(world.system)
    for each in rows:
        value, path = each.there.value, re.split(r"/", each.shown)
        found = re.search(r"\[(\d+)\]", each.shown)
        if found and lists:
            elements = members.setdefault(lists, sorted(row[lists], key=lambda one: one["startdate"]))
            while len(elements) <= int(found[1]):
                new = {name: "" for name in elements[0]} | {"startdate": "9999"}
                new.update({"netvisorkey": str(900 + int(provider_id))} if world.system == "netvisor" else
                           {"employment_id": f"{provider_id}-99", "primary_employment": "0"})
                elements.append(new)
            elements[int(found[1])][path[-1]] = value
        elif path[0] == "SalaryBankAccount":
            world.pages.change("bank_accounts", str(row["SalaryBankAccountId"]), {path[1]: value})
        elif world.system != "netvisor" and len(path) > 1:
            members.setdefault(path[0], dict(row[path[0]]))[path[1]] = value
        else:
            members[NETVISOR_ROW.get(path[-1], path[-1]) if world.system == "netvisor" else path[0]] = value
    if members:
        world.pages.change(table, provider_id, members)


# What was sent.

def sent_values(world, person, call, member):
    """All values that calls named `call` gave `member`, about this person."""
    found = []
    for each in world.sent:
        target = each["target"].split("?")[0].strip("/").split("/")
        about = person.about(each)
        if not about:
            continue
        if world.system == "netvisor":
            if target[0] != call:
                continue
            root = xml.etree.ElementTree.fromstring(each["body"])
            path = member if call.startswith(("add", "edit")) else call.removesuffix(".nv") + "/" + member
            found += [element.text or "" for element in root.findall(path)]
            continue
        name = each["method"] + " " + "/".join(part for part in target[1:] if not part.isdigit())
        if name != call:
            continue
        body = json.loads(each["body"])
        for part in body if isinstance(body, list) else [body]:
            if "path" in part:
                if part["path"].strip("/") == member:
                    found.append(part.get("value"))
                elif isinstance(part.get("value"), dict) and member.startswith(part["path"].strip("/") + "/"):
                    found.append(dig(part["value"], member.split("/", 1)[1]))
            elif dig(part, member) is not None:
                found.append(dig(part, member))
    return found


class Person:
    def __init__(self, world, hub_id, provider_id):
        self.world, self.hub, self.provider = world, hub_id, provider_id

    def about(self, call):
        target, parts = call["target"], set(re.split(r"[/?&=]", call["target"]))
        if self.world.system == "netvisor" and "editjobperiod" in target:
            employee = self.world.pages.row("employees", self.provider)
            return any(each["netvisorkey"] in parts for each in employee["periods"])
        if self.world.system == "netvisor" and "/employee.nv" in target:
            return f">{self.world.pages.row('employees', self.provider)['identifier']}<" in call["body"]
        if self.world.system == "poweroffice_go" and "ContactBankAccounts" in target and call["method"] == "PATCH":
            return True
        return self.provider in parts


def by_person(rows):
    people = {}
    for row in rows:
        people.setdefault(row.case, []).append(row)
    return people


def follow(world, rows):
    people = by_person(rows)
    world.sync("--decide", "hub")
    base = json.loads((world.folder / "base.json").read_text())
    links = sorted(((each["hub"], each["provider"]) for each in base["links"]), key=lambda pair: int(pair[1]))
    if len(links) < len(people):
        sys.exit(f"{world.integration}: only {len(links)} people were linked, {len(people)} are needed")
    persons = {case: Person(world, *link) for case, link in zip(people, links)}
    before = world.everybody()
    push(world, people, persons, before)
    pull(world, people, persons)
    empty(world, people, persons)
    world.sync("--decide", "hub")
    if world.sent:
        world.failures.append(f"{world.integration}: the last run was not quiet: {[each['target'] for each in world.sent]}")


def push(world, people, persons, before):
    for case, rows in people.items():
        set_in_hub(world, persons[case].hub, [row for row in rows if row.given], lambda row: row.given.value)
    world.sync("--decide", "hub")
    now = world.everybody()
    for case, rows in people.items():
        person = persons[case]
        for row in rows:
            if not row.given:
                continue
            there = shown(world, now[person.provider], row.shown) if row.shown else None
            if row.stays:
                if row.stays not in world.reasons(person.hub, row.field):
                    world.wrong(row, "the reason", row.stays, world.reasons(person.hub, row.field))
                if there != shown(world, before[person.provider], row.shown):
                    world.wrong(row, "stays as it was", shown(world, before[person.provider], row.shown), there)
                continue
            if not row.sent:
                continue
            call, member = row.sent
            sent = sent_values(world, person, call, member)
            if row.text.value not in sent:
                world.wrong(row, f"{call} {member}", row.text.value, sent or [each["target"] for each in world.sent if person.about(each)] or world.reasons(person.hub, row.field))
            if row.shown and there != row.text.value:
                world.wrong(row, f"{row.shown} afterwards", row.text.value, there)


def pull(world, people, persons):
    kept = {}
    for case, rows in people.items():
        person = persons[case]
        for row in rows:
            kept[row] = in_hub(world, person.hub, row.hub)
        change_there(world, person.provider, [row for row in rows if row.there])
    world.sync("--decide", "provider")
    for case, rows in people.items():
        for row in rows:
            if not row.then:
                continue
            expected = kept[row] if row.then == "unchanged" else row.then.value
            found = in_hub(world, persons[case].hub, row.hub)
            if found != expected:
                world.wrong(row, "in Huma after the change there", expected, found)


def empty(world, people, persons):
    before = world.everybody()
    for case, rows in people.items():
        set_in_hub(world, persons[case].hub, [row for row in rows if row.emptied], lambda row: None)
    world.sync("--decide", "hub")
    now = world.everybody()
    for case, rows in people.items():
        person = persons[case]
        for row in rows:
            if not row.emptied:
                continue
            there = shown(world, now[person.provider], row.shown)
            if row.emptied == "cleared":
                if not is_empty(there):
                    world.wrong(row, "cleared", "", f"{there}; {world.reasons(person.hub, row.field)}")
                continue
            reason, was = row.emptied.removeprefix("stays: "), shown(world, before[person.provider], row.shown)
            if reason not in world.reasons(person.hub, row.field):
                world.wrong(row, "the reason why it stays", reason, world.reasons(person.hub, row.field))
            if there != was or is_empty(there):
                world.wrong(row, "stays", was, there)


def whole_people(rows):
    """Every field at once: the lines without a case, with each of the bank accounts in turn."""
    alone = [row for row in rows if "(" not in row.field]
    accounts = {row.case: [] for row in rows if row.field.startswith("Bank account number") and row.given and not row.stays}
    for row in rows:
        if row.case in accounts:
            accounts[row.case].append(row)
    return [alone + account for account in accounts.values() if not any(row.stays for row in account)] or [alone]


def create_there(world, rows):
    """Somebody new in Huma with all of it, added at the provider."""
    given = {row.hub: row.given.value for row in rows if row.given}
    example = world.hub.user(world.hub.users()[0]["id"])
    email = given.get("email", "added@example.com")
    user = world.hub.call("POST", "/users", {"givenName": "New", "familyName": "New", "email": email,
                                             "groups": [world.hub_pages.row("users", example["id"])["groups"][0]]})
    wanted = [row for row in rows if row.given and not (row.stays and row.field != "Identifications")]
    set_in_hub(world, user["id"], wanted, lambda row: row.given.value)
    world.sync("--decide", "hub", "--create", "provider")
    links = {each["hub"]: each["provider"] for each in json.loads((world.folder / "base.json").read_text())["links"]}
    there = world.everybody().get(links.get(user["id"]))
    for row in wanted:
        expected = row.text.value if row.text else row.given.value if row.stays else None
        found = shown(world, there, row.shown) if there is not None else "nobody"
        if expected is not None and found != expected:
            world.wrong(row, f"{row.shown} of somebody added there", expected, found)


def create_in_hub(world, rows):
    """Somebody new at the provider with all of it, added to Huma."""
    wanted = [row for row in rows if isinstance(row.then, Cell) and row.there]
    template = next(iter(world.pages.rows("employees").values()))
    added = json.loads(json.dumps(template))
    for name in ("_employments", "periods"):
        for each in added.get(name, []):
            each.update({key: f"{value}9" for key, value in each.items() if key in ("netvisorkey", "employment_id")})
    if world.system == "netvisor":
        key = added["netvisorkey"] = "8001"
        added.update(identifier="020290-9016", employeenumber="8001", email="added@example.com", phonenumber="")
    elif world.system == "finago":
        key = added["empId"] = "8001"
        added.update(email="added@example.com", telefon="", internationalID={"countryCode": "NO", "ID": "", "type": "socialSecurityNumber"})
    else:
        key, added["Id"], added["Number"], added["SalaryBankAccountId"] = "78001", 78001, 8001, 98001
        added.update(EmailAddress="added@example.com", PhoneNumber=None, NationalIdNumber=None)
        account = dict(next(iter(world.pages.rows("bank_accounts").values())), Id=98001, ContactId=78001)
        take_row(world, "bank_accounts", "98001", account)
    take_row(world, "employees", key, added)
    change_there(world, key, wanted)
    world.sync("--decide", "provider", "--create", "hub")
    links = {each["provider"]: each["hub"] for each in json.loads((world.folder / "base.json").read_text())["links"]}
    for row in wanted:
        if row.hub.startswith("positions") and world.system == "poweroffice_go":
            continue  # nothing of one position: PowerOffice knows no positions
        found = in_hub(world, links[key], row.hub) if key in links else "nobody"
        if found != row.then.value:
            world.wrong(row, "of somebody added to Huma", row.then.value, found)


def take_row(world, table, key, row):
    clients.take("PUT", f"{world.pages.url}/state/{table}/{key}", {}, json.dumps(row).encode())


def count_fields(integration, rows):
    """That no pair of the rule file is missing here, and that none here has another direction."""
    shown_as_json = subprocess.run([BINARIES / "mapcheck", "ir", "--format", "json", RULES / f"{integration}.map"],
                                   capture_output=True, text=True, check=True).stdout
    ours = {(re.sub(r" \(.*\)$", "", row.field), re.sub(r"\[.*?\]", "", row.hub), row.direction) for row in rows}
    missing, known = [], set()
    for field in json.loads(shown_as_json)["fields"]:
        pairs = field.get("pairs", []) + [pair for shape in field.get("shapes", []) for pair in shape["pairs"]]
        for pair in pairs:
            for path in re.findall(r'[^(), "]+' , re.sub(r"\[.*?\]", "", pair["huma"] if pair["huma"][0] != '"' else "")):
                known.add((field["label"], path, pair["direction"]))
    for each in sorted(known - ours):
        if each[2] != "<-":  # what Finago's tax numbers leave alone
            missing.append(f"{integration}: rows.md has no line for {each}")
    return missing


def mode_of(name):
    integration, _, mode = name.partition(" ")
    system = {"twentyfoursevenoffice": "finago", "poweroffice": "poweroffice_go"}.get(integration, integration)
    return integration, system, "FI" if system == "netvisor" else "NO", "withheld" in mode


def main():
    tables = read_tables(pathlib.Path(__file__).parent / "rows.md")
    failures = []
    for name, rows in tables.items():
        integration, system, country, withheld = mode_of(name)
        if len(sys.argv) > 3 and integration not in sys.argv[3:]:
            continue
        runs = [(len(by_person(rows)), follow, rows)]
        if not withheld:
            failures += count_fields(integration, rows)
            runs += [(2, create, people) for people in whole_people(rows) for create in (create_there, create_in_hub)]
        for people, step, lines in runs:
            with tempfile.TemporaryDirectory() as folder:
                with World(integration, system, country, pathlib.Path(folder), people, withheld) as world:
                    step(world, lines)
                    failures += world.failures
        print(f"{name}: {len(rows)} lines followed, {len(runs) - 1} people added", flush=True)
    for failure in failures:
        print("did not hold:", failure)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
