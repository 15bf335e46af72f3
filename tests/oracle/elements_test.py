"""Positions in Huma and employment periods in a payroll: elements that are added, removed, ended and changed on either side, with
and without a base, and what each is found as and what both lists hold after every decision.

    python3 elements_test.py FOLDER_OF_DOVETAIL FOLDER_OF_RULES [PEOPLE [SEED…]]
"""
import copy
import random
import sys
import tempfile

from dovetail_runs import Files, Judge, over_integrations
from expectations import ABSENT, expect
from people import INTEGRATIONS, VALUES, Field, Huma, word

# label, in Huma, in Netvisor, in Finago
ROWS = {
    "start": Field("Employment start date", "contractStartDate", "startdate", "start"),
    "title": Field("Job title", "title", "profession", "title"),
    "probation": Field("Probation end date", "probationEndDate", "probationenddate", "start"),
    "end": Field("Employment end date", "contractEndDate", "enddate", "later"),
}
OF = {"netvisor": ("start", "title", "probation", "end"), "finago": ("start", "end"), "twentyfoursevenoffice": ("start", "end")}


def rows_of(name):
    rows = {key: copy.copy(ROWS[key]) for key in OF[name]}
    for key in ("start", "title"):
        if name == "netvisor":
            rows[key].required = True
    return rows


class Life:
    def __init__(self, name, seed, people):
        self.name, self.draw, self.rows = name, random.Random("elements of %s %d" % (name, seed)), rows_of(name)
        self.huma, self.provider = Huma(), INTEGRATIONS[name][0]()
        self.starts = iter(self.draw.sample(range(200, 5000), 4800))
        self.ids, self.words = 0, 0
        self.crowd = [self.person(n) for n in range(people)]

    # An element is a dict of its fields and, by side, the id and values it has there.
    def person(self, n):
        return {"n": n, "agreed": True, "elements": [self.both() for _ in range(self.draw.randrange(1, 4))]}

    def values(self):
        made = {"start": VALUES["start"](next(self.starts)), "title": self.word(),
                "probation": None if self.draw.random() < 0.4 else VALUES["start"](self.draw.randrange(5000)),
                "end": None if self.draw.random() < 0.5 else VALUES["later"](self.draw.randrange(900))}
        return {key: made[key] for key in self.rows}

    def word(self):
        self.words += 1
        return "Trade %s" % word(self.words)

    def new_id(self):
        self.ids += 1
        return self.ids

    def both(self):
        values = self.values()
        return {"base": dict(values), "hub": dict(values), "provider": dict(values), "ids": {"hub": self.new_id(), "provider": self.new_id()},
                "linked": True}

    def alone(self, side, values=None):
        return {"base": None, side: values or self.values(), "ids": {side: self.new_id()}, "linked": False}

    def edit(self, person):
        for element in person["elements"]:
            chance = self.draw.random()
            if chance < 0.1:
                element["gone"] = "hub"
            elif chance < 0.2:
                element["gone"] = "provider"
            elif chance < 0.23:
                element["gone"] = "both"
            for side in ("hub", "provider"):
                self.change(element, side)
        for side in ("hub", "provider"):
            if self.draw.random() < 0.3:
                person["elements"].append(self.incomplete(self.alone(side), side))
        if self.draw.random() < 0.2:  # entered by hand on both sides: found by the start
            twin = self.alone("hub")
            twin["provider"], twin["ids"]["provider"] = dict(twin["hub"]), self.new_id()
            for key in set(self.rows) - {"start"}:
                if self.draw.random() < 0.4:
                    twin["provider"][key] = self.another(key, twin["hub"][key])
            person["elements"].append(twin)

    def incomplete(self, element, side):
        if "title" in self.rows and self.draw.random() < 0.15:
            element[side]["title"] = None
        return element

    def another(self, key, *than):
        for _ in range(50):
            value = self.word() if key == "title" else self.values()[key] if key != "start" else VALUES["start"](next(self.starts))
            if value not in than:
                return value
        return None

    def change(self, element, side):
        for key in self.rows:
            chance = self.draw.random()
            if chance < 0.7:
                continue
            if chance < 0.78 and key != "start":
                element[side][key] = None
            elif chance < 0.84 and side == "provider" and element["hub"][key] != element["base"][key]:
                element[side][key] = element["hub"][key]
            else:
                element[side][key] = self.another(key, element["base"][key])

    # Exports.
    @property
    def hubs(self):
        return [self.hub_record(person) for person in self.crowd]

    @property
    def providers(self):
        return [self.provider_record(person) for person in self.crowd]

    def hub_record(self, person):
        record = self.huma.new(person["n"])
        for place, value in (("email", "p%d@example.com" % person["n"]), ("givenName", "Åse"), ("familyName", "Nordby")):
            self.huma.set(record, place, value)
        record["positions"] = []
        for one in person["elements"]:
            if "hub" not in one or one.get("gone") in ("hub", "both"):
                continue
            position = {"id": "q-%d" % one["ids"]["hub"], "contractType": {"value": "Permanent"}, "endReason": {"value": "employee_resigned"}}
            for key, row in self.rows.items():
                value = one["hub"][key]
                position[row.hub] = {"value": {"name": value} if key == "title" else value} if value else {}
            if "title" not in self.rows:
                position["title"] = {"value": {"name": "Trade"}}
            record["positions"].append(position)
        self.draw.shuffle(record["positions"])
        return record

    def provider_record(self, person):
        record = self.provider.new(person["n"] + 1)
        mail, given, family = {"netvisor": ("base/email", "base/firstname", "base/lastname")}.get(self.name, ("email", "firstname", "lastname"))
        self.provider.set(record, mail, "p%d@example.com" % person["n"])
        self.provider.set(record, given, "Åse")
        self.provider.set(record, family, "Nordby")
        elements = []
        for one in person["elements"]:
            if "provider" not in one or one.get("gone") in ("provider", "both"):
                continue
            made = {"netvisorkey" if self.name == "netvisor" else "employment_id": str(one["ids"]["provider"])}
            if self.name != "netvisor":
                made.update({"primary_employment": "0", "enddate_reason": "arbeidstakerHarSagtOppSelv" if one["provider"]["end"] else ""})
            for key, row in self.rows.items():
                made[row.provider] = one["provider"][key] or ("" if self.name != "netvisor" else None)
            elements.append(made)
        self.draw.shuffle(elements)
        record["periods" if self.name == "netvisor" else "employments"] = elements
        return record

    # What is expected: (findings by person, element, label; lists of both sides after each decision).
    def expected(self):
        findings, after = {}, {"hub": {}, "provider": {}}
        for person in self.crowd:
            lists = {decided: {"hub": [], "provider": []} for decided in ("hub", "provider")}
            for one in person["elements"]:
                self.expect_element(person, one, findings, lists)
            for decided in lists:
                after[decided][person["n"]] = lists[decided]
        return findings, after

    def expect_element(self, person, one, findings, lists):
        gone = one.get("gone")
        sides = [side for side in ("hub", "provider") if side in one and gone not in (side, "both")]
        key = (person["n"], one["ids"].get("hub") if "hub" in sides else None, one["ids"].get("provider") if "provider" in sides else None)
        if len(sides) == 2:
            return self.expect_pair(key, one, findings, lists)
        if not sides:
            return
        side = sides[0]
        other = "provider" if side == "hub" else "hub"
        was_linked = one["linked"]
        label = self.rows["start"].label
        # Netvisor and Huma demand a title of everything new, and the table says so, too; Finago has none, so it is asked.
        lacking = "title" in self.rows and one[side]["title"] is None
        if lacking:
            findings[key + (label,)] = ("held", "required-missing", None)
        elif was_linked:
            findings[key + (label,)] = ("missing", "drift" if side == "hub" else "source-unset", None)
        else:
            findings[key + (label,)] = ("missing", "first-run", side)
        for decided in lists:
            lists[decided][side].append(dict(one[side]))
            if decided == side and not lacking:
                lists[decided][other].append(dict(one[side]))

    def expect_pair(self, key, one, findings, lists):
        results = {name: expect(row, one["base"][name] if one["base"] else ABSENT, one["hub"][name], one["provider"][name])
                   for name, row in self.rows.items()}
        for name, result in results.items():
            if result.finding is not None:
                findings[key + (self.rows[name].label,)] = result.finding
        for decided in lists:
            lists[decided]["hub"].append({name: result.after[decided][0] for name, result in results.items()})
            lists[decided]["provider"].append({name: result.after[decided][1] for name, result in results.items()})


def lists_of(life, files):
    found = {}
    for person, hub, provider in zip(life.crowd, files.hubs(), files.providers()):
        hub_list = [{key: life.huma.get({"positions": [one]}, "position." + row.hub) for key, row in life.rows.items()}
                    for one in hub["positions"]]
        there = [{key: one.get(row.provider) or None for key, row in life.rows.items()}
                 for one in provider["periods" if life.name == "netvisor" else "employments"]]
        found[person["n"]] = {"hub": hub_list, "provider": there}
    return found


def in_order(elements):
    return sorted(elements, key=lambda one: [value or "" for value in one.values()])


def findings_of(plan):
    found = {}
    for entry in plan["entries"]:
        if entry["field"] is None or entry["known"] or entry["kind"] == "known":
            continue
        hub, provider = entry.get("hub_element"), entry.get("provider_element")
        key = (int(plan["people"][entry["person"]]["hub"][2:]), int(hub[2:]) if hub else None, int(provider) if provider else None, entry["field"])
        preselected = entry["preselected"] if entry["preselected"] in ("hub", "provider") else None
        found.setdefault(key, []).append((entry["kind"], entry["reason"], preselected))
    return found


def judge(name, seed, people, dovetail, rules):
    if name not in OF:
        return 0
    life, say = Life(name, seed, people), Judge(name, seed)
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder, life, dovetail, rules)
        files.write()
        for key, got in findings_of(files.run("sync")).items():
            say.say("both agree, and %s is found as %s" % (key, got))
        for person in life.crowd:
            life.edit(person)
        for n in range(people, people + people // 3):  # never agreed on
            person = {"n": n, "agreed": False, "elements": []}
            for _ in range(life.draw.randrange(1, 4)):
                kind = life.draw.choice(("hub", "provider", "both"))
                one = life.both() if kind == "both" else life.alone(kind)
                one["base"], one["linked"] = None, False
                if kind == "both":
                    for key in set(life.rows) - {"start"}:
                        if life.draw.random() < 0.4:
                            one["provider"][key] = life.another(key, one["hub"][key])
                person["elements"].append(one)
            open_end = life.both()  # in force, so that they are current people of the provider
            open_end.update(base=None, linked=False)
            open_end["hub"]["end"] = open_end["provider"]["end"] = None
            person["elements"].append(open_end)
            life.crowd.append(person)
        expected, after = life.expected()
        files.write()
        kept = files.kept()
        found = findings_of(files.run("plan"))
        for key in sorted(set(expected) | set(found), key=str):
            wanted = [expected[key]] if key in expected else []
            if found.get(key, []) != wanted:
                say.say("%s: expected %s, found %s" % (key, wanted, found.get(key, [])))
        for decided in ("hub", "provider"):
            files.restore(kept)
            files.run("sync", "--create", "none", "--decide", decided)
            lists = lists_of(life, files)
            for n, wanted in after[decided].items():
                for side in ("hub", "provider"):
                    got = in_order(lists[n][side])
                    if got != in_order(wanted[side]):
                        only = [one for one in in_order(wanted[side]) if one not in got], [one for one in got if one not in wanted[side]]
                        say.say("%d, decided for the %s: the %s's list lacks %s, and has %s" % (n, decided, side, only[0], only[1]))
            again = files.run("sync", "--create", "none", "--decide", decided)
            for operation in again["operations"]:
                entry = next(e for e in again["entries"] if e["entry"] == operation["entry"])
                say.say("decided for the %s, a second run writes %s of %s: %s" %
                        (decided, entry["field"], again["people"][entry["person"]]["hub"], entry["why"]))
    return say.wrong


if __name__ == "__main__":
    sys.exit(over_integrations(judge, 60))
