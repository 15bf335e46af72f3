"""Who is added to the other system, and what is in the record that is made: field by field, and nothing besides.

    python3 creations_test.py FOLDER_OF_DOVETAIL FOLDER_OF_RULES [PEOPLE [SEED…]]
"""
import random
import sys
import tempfile

import newcomers
import provider_newcomers
from dovetail_runs import ANSWERS, Files, Judge, over_integrations
from people import INTEGRATIONS, TODAY, Huma


def leaves(value, place="", found=None):
    """Everything that is not empty, by its place."""
    found = {} if found is None else found
    if isinstance(value, dict):
        for name, one in value.items():
            leaves(one, place + "/" + name if place else name, found)
    elif isinstance(value, list):
        for i, one in enumerate(value):
            leaves(one, "%s/%d" % (place, i), found)
    elif value not in (None, "", True, False):
        found[place] = str(value)
    return found


def huma_leaves(record):
    """Without ids, and without the layers around values."""
    def plain(value):
        if isinstance(value, dict):
            value = {name: plain(one) for name, one in value.items() if name != "id"}
            return plain_title(value.get("value")) if set(value) == {"value"} else value
        return [plain(one) for one in value] if isinstance(value, list) else value

    def plain_title(value):
        return value["name"] if isinstance(value, dict) and set(value) == {"name"} else value

    record = plain(record)
    record["positions"] = sorted(record.get("positions") or [], key=lambda one: one.get("contractStartDate") or "")
    return leaves(record)


def provider_leaves(record):
    for name in ("periods", "employments"):
        if name in record:
            record[name] = sorted(record[name], key=lambda one: one["startdate"])
    return {place: value for place, value in leaves(record).items()
            if place.split("/")[-1] not in ("netvisorkey", "activity", "empId", "employment_id", "primary_employment", "Id",
                                            "SalaryBankAccountId")}


class Newcomers:
    def __init__(self, name, seed, people):
        self.name, self.huma = name, Huma()
        self.provider = INTEGRATIONS[name][0]()
        maker = newcomers.Maker(random.Random("newcomers of %s %d" % (name, seed)))
        self.hub_people = [newcomers.hub_person(maker, name) for _ in range(people)]
        self.provider_people = [provider_newcomers.provider_person(maker, name) for _ in range(people)]
        self.doubles = self.pair_up(maker)
        self.share(maker)
        self.hubs = [newcomers.huma_record(person, n) for n, person in enumerate(self.hub_people)]
        self.providers = [provider_newcomers.RECORD[name](self.provider, person, n + 1) for n, person in enumerate(self.provider_people)]

    def pair_up(self, maker):
        """Some are in both systems, with another e-mail address: (n in the hub, n in the provider)."""
        ways = {"netvisor": ("id", "number", "name"), "poweroffice_go": ("id", "number", "name"),
                "poweroffice": ("number", "name")}.get(self.name, ("id", "name"))
        hubs = [n for n, one in enumerate(self.hub_people) if one["email"] and one["active"] and one["given"] and one["family"]]
        providers = [n for n, one in enumerate(self.provider_people)
                     if one["email"] and self.is_active(one) and one["family"] and (n + 1) % 7]
        maker.draw.shuffle(hubs)
        maker.draw.shuffle(providers)
        found = list(zip(hubs, providers))[:len(ways)]
        for way, (n, m) in zip(ways, found):
            hub, provider = self.hub_people[n], self.provider_people[m]
            if way == "id":
                country = "FI" if self.name == "netvisor" else "NO"
                provider["id"] = maker.id_of(provider_newcomers.ID[self.name])
                provider["kind"], provider["id country"] = "national", "NO"
                hub["ids"] = [("national", country, provider["id"])]
            elif way == "number":
                hub["number"] = provider["number"] = maker.new("number")
            else:
                provider["given"], provider["family"] = hub["given"], hub["family"]
                hub["birth"] = provider["birth"] = maker.new("day")
                hub["phone"] = provider["phone"] = maker.new("phone")
        return found

    def is_active(self, person):
        """As the provider counts people: not archived, in Netvisor and Finago with an employment in force or to come."""
        spans = [(one["start"], one["end"]) for one in person["positions"]]
        active = person["active"] or self.name in ("finago", "twentyfoursevenoffice")
        return active and (self.name.startswith("poweroffice") or newcomers.in_force(spans, TODAY))

    def share(self, maker):
        """Pairs of people who have a value that only one may have: (side, one, other, label)."""
        self.shared = []
        for side, crowd in (("hub", self.hub_people), ("provider", self.provider_people)):
            labels = {"hub": ["number"] if self.name == "netvisor" else [],
                      "provider": ["number", "phone"] if self.name in ("netvisor", "poweroffice_go") else ["phone"]}[side]
            for label in labels if self.name != "poweroffice" else []:
                apart = {pair[0 if side == "hub" else 1] for pair in self.doubles}
                one, other = maker.draw.sample([n for n in range(len(crowd)) if n not in apart], 2)
                crowd[one][label] = crowd[other][label] = maker.new(label)
                self.shared.append((side, one, other, {"phone": "Phone number", "number": "Employment ID"}[label]))

    def expected(self):
        """By side and number of the person: 'no-match-key', 'inactive', or an Outcome."""
        found = {}
        for side, crowd, table in (("hub", self.hub_people, newcomers.TO_PROVIDER), ("provider", self.provider_people, provider_newcomers.TO_HUB)):
            for n, person in enumerate(crowd):
                made = table[self.name](person, TODAY)
                found[side, n] = made
                active = person["active"] if side == "hub" else self.is_active(person)
                made.aside = [why for why, so in (("no-match-key", person["email"] is None), ("inactive", not active)) if so]
        for n, m in self.doubles:
            found["hub", n].proposed = found["provider", m].proposed = True
        for side, one, other, label in self.shared:
            if not any(found[side, n].held or found[side, n].aside for n in (one, other)):
                for n in (one, other):
                    found[side, n].collides = label
        return found


def judge(name, seed, people, dovetail, rules):
    life = Newcomers(name, seed, people)
    say = Judge(name, seed)
    expected = life.expected()
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder, life, dovetail, rules)
        files.write()
        entries(say, expected, life, files.run("plan"))
        files.run("sync", "--create", "both")
        before = {"hub": {one["id"] for one in life.hubs}, "provider": {life.provider.id_of(one) for one in life.providers}}
        hubs = {one["email"]["value"]: one for one in files.hubs() if one["id"] not in before["hub"]}
        providers = {files.email_of(one): one for one in files.providers() if life.provider.id_of(one) not in before["provider"]}
        for (side, n), one in expected.items():
            person = (life.hub_people if side == "hub" else life.provider_people)[n]
            others = providers if side == "hub" else hubs
            made = others.pop(person["email"], None)
            label = "%s %d %s" % (side, n, person["email"])
            if one.proposed or one.aside or one.held or one.collides:
                if made is not None:
                    say.say("%s is added, expected %s" % (label, one.proposed or one.aside or one.held or one.collides))
                continue
            if made is None:
                say.say("%s is not added" % label)
                continue
            got = provider_leaves(made) if side == "hub" else huma_leaves(made)
            if got != one.leaves:
                say.say("%s: only expected %s, only there %s" % (label, dict(one.leaves.items() - got.items()), dict(got.items() - one.leaves.items())))
        stable(say, files, life)
        again = files.run("sync", "--create", "both", "--decide", "hub")
        for operation in again["operations"]:
            entry = next(e for e in again["entries"] if e["entry"] == operation["entry"])
            say.say("a second run has %s of %s: %s" % (operation["action"], again["people"][operation["person"]], entry["why"]))
    return say.wrong


def stable(say, files, life):
    """What was written for each of the new reads back as it was: with nothing remembered, neither side has anything to tell the
    other of it. Only a provider that has an IBAN alone gets its BIC."""
    base = files.kept()
    for name in ("base.json", "base.json.key"):
        files.remove(name)
    alone = {person["email"] for person in life.provider_people if person["account"] and person["account"][-1] is None}
    for decided in ("hub", "provider"):
        plan = files.run("plan", "--create", "none", "--decide", decided)
        for operation in plan["operations"]:
            entry = next(e for e in plan["entries"] if e["entry"] == operation["entry"])
            if operation["action"] != "link" and not (entry["field"] == "Bank account number" and plan["people"][entry["person"]]["title"] in alone):
                say.say("%s is written back, decided for the %s: %s, %s" % (entry["field"], decided, plan["people"][entry["person"]], entry["why"]))
    files.restore(base)


# What a system demands of new records is told by its member's name.
MEMBERS = {"Address": ("streetaddress", "postnumber", "city", "zipCode"), "Phone number": ("phonenumber",),
           "Given name": ("firstName", "givenName"), "Family name": ("lastName", "familyName"),
           "Employment start date": ("startdate", "contractStartDate"), "Job title": ("profession", "title"),
           "Identifications": ("country",)}


def named(label, why):
    return label in why or any(name + "`" in why for name in MEMBERS.get(label, ()))


def entries(say, expected, life, plan):
    """What is listed before anybody decides."""
    found = {}
    for entry in plan["entries"]:
        person = plan["people"][entry["person"]]
        side = "hub" if person["hub"] else "provider"
        n = int(person["hub"][2:]) if side == "hub" else int(person["provider"]) - 1
        found.setdefault((side, n), []).append(entry)
    reasons = {}
    for person in plan["people"]:
        side = "hub" if person["hub"] else "provider"
        n = int(person["hub"][2:]) if side == "hub" else int(person["provider"]) - 1
        reasons[side, n] = person["reason"]
    asked = plan["questions"]
    for key, one in expected.items():
        got = found.get(key, [])
        told = [(e["kind"], e["reason"], e["preselected"], e["why"]) for e in got]
        if one.proposed:
            if key[0] == "hub" and told and told[0][:3] != ("link", "link-proposed", "undecided") or (key[0] == "hub" and not told):
                say.say("%s %d: expected to be proposed for somebody, found %s" % (key + (told,)))
        elif one.aside:
            if reasons.get(key) not in one.aside or any(e["preselected"] in ("hub", "provider") for e in got):
                say.say("%s %d: expected %s, is %s, %s" % (key + (one.aside, reasons.get(key), told)))
        elif len(got) != 1 or got[0]["field"] is not None:
            say.say("%s %d: expected to be offered once, found %s" % (key + (told,)))
        elif one.held:
            if not any(got[0]["reason"] in why and named(label, got[0]["why"]) for label, why in one.held) or got[0]["preselected"] in ("hub", "provider"):
                say.say("%s %d: expected held %s, found %s" % (key + (one.held, told)))
        elif one.collides and asked and got[0]["kind"] == "create" and "unique" in got[0]["why"]:
            pass  # what waits for an answer does not go, so nothing collides yet
        elif (got[0]["kind"], got[0]["preselected"]) != ("create", "undecided" if one.collides else key[0]):
            say.say("%s %d: expected to be created, found %s" % (key + (told,)))


if __name__ == "__main__":
    sys.exit(over_integrations(judge, 60))
