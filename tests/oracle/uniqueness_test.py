"""Values that only one may have: chains, swaps and rings of them, two who want one, and holders that nobody is linked to.

    python3 uniqueness_test.py FOLDER_OF_DOVETAIL FOLDER_OF_RULES [PEOPLE [SEED…]]
"""
import json
import random
import sys
import tempfile

from dovetail_runs import Files, Judge, over_integrations
from people import INTEGRATIONS, VALUES, Huma

# (label, in which system nobody else may have it, whether it may be taken away there first)
UNIQUE = {
    "netvisor": [("Employment ID", "provider", True), ("Employment ID", "hub", True), ("Phone number", "hub", True)],
    "finago": [("Email address", "provider", False), ("Phone number", "hub", True)],
    "twentyfoursevenoffice": [("Email address", "provider", False), ("Phone number", "hub", True)],
    "poweroffice_go": [("Employment ID", "hub", True), ("Phone number", "hub", True)],
    "poweroffice": [],
}


class Life:
    """Everybody has everything, and both sides agree; then the values of one field change hands on one side."""

    def __init__(self, name, seed, people, label):
        self.name, self.draw = name, random.Random("uniqueness of %s %s %d" % (label, name, seed))
        self.huma, self.provider, self.fields = Huma(), INTEGRATIONS[name][0](), INTEGRATIONS[name][1]()
        self.field = next(field for field in self.fields if field.label == label)
        self.numbers = {kind: iter(self.draw.sample(range(1000, 9999), 8999)) for kind in VALUES}
        self.hubs, self.providers, self.old = [], [], []
        for n in range(1, people + 1):
            hub, provider = self.huma.new(n), self.provider.new(n)
            for field in self.fields:
                value = VALUES[field.values](next(self.numbers[field.values]))
                self.huma.set(hub, field.hub, value)
                self.provider.set(provider, field.provider, value if not field.mapped else field.mapped[value])
                if field is self.field:
                    self.old.append(value)
            self.hubs.append(hub)
            self.providers.append(provider)

    def new_value(self):
        return VALUES[self.field.values](next(self.numbers[self.field.values]))

    def others(self, side):
        """Records that nobody is linked to, each with a value; the values. In the hub they are people who have left."""
        values = []
        for n in range(3):
            values.append(self.new_value())
            if side == "hub":
                record = self.huma.new(9000 + n)
                record["status"]["active"] = False
                self.huma.set(record, "email", "left%d@example.com" % n)
                self.huma.set(record, self.field.hub, values[-1])
                self.hubs.append(record)
            else:
                record = self.provider.new(9000 + n)
                if self.field.label != "Email address":
                    self.provider.set(record, "base/email" if self.name == "netvisor" else "email", "left%d@example.com" % n)
                self.provider.set(record, self.field.provider, values[-1])
                self.providers.append(record)
        return values

    def deal(self, free):
        """What each of a part of the people wants."""
        crowd = list(range(len(self.old)))
        self.draw.shuffle(crowd)
        wants = {}
        while len(crowd) > len(self.old) // 4:
            some = [crowd.pop() for _ in range(self.draw.randint(1, 4))]
            kind = self.draw.choice(("ring", "chain", "chain", "taken", "same", "kept"))
            for one, next_one in zip(some, some[1:]):
                wants[one] = self.old[next_one]
            last = some[-1]
            if kind == "ring" and len(some) > 1:
                wants[last] = self.old[some[0]]
            elif kind == "chain":
                wants[last] = self.new_value()
            elif kind == "taken":
                wants[last] = self.draw.choice(free)
            elif kind == "same" and crowd:
                wants[last] = wants[crowd.pop()] = self.new_value()
        return wants

    def set(self, n, value, on):
        if on == "hub":
            self.huma.set(self.hubs[n], self.field.hub, value)
        else:
            self.provider.set(self.providers[n], self.field.provider, value)


def settle(old, wants, going, fixed, clearable):
    """Who gets what they want: nobody whose value has another taker, or a holder who keeps it."""
    able = {n for n in wants if n in going}
    while True:
        taken = [wants[n] for n in able]
        stays = set(fixed) | {old[n] for n in range(len(old)) if n not in able}
        able_next = {n for n in able if taken.count(wants[n]) == 1 and wants[n] not in stays}
        if not clearable:
            able_next -= rings(old, wants, able_next)
        if able_next == able:
            return able
        # Of two who want one value both are held: they do not make way for each other.
        for n in set(able) - able_next:
            if taken.count(wants[n]) > 1:
                fixed = list(fixed) + [wants[n]]
        able = able_next


def rings(old, wants, able):
    holder = {old[n]: n for n in able}
    found = set()
    for start in able:
        way, n = [], start
        while n in able and n not in way:
            way.append(n)
            n = holder.get(wants[n])
        if n == start:
            found |= set(way)
    return found


def judge_one(name, seed, people, dovetail, rules, label, side, clearable):
    say = Judge(name, seed)
    life = Life(name, seed, people, label)
    source = "hub" if side == "provider" else "provider"
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder, life, dovetail, rules)
        free = life.others(side)
        files.write()
        files.run("sync", "--create", "none")
        wants = life.deal(free)
        for n, value in wants.items():
            life.set(n, value, source)
        files.write()
        kept = files.kept()
        plan = files.run("plan")
        everybody = settle(life.old, wants, set(wants), free, clearable)
        listed = {plan["people"][e["person"]]["hub"]: e for e in plan["entries"] if e["field"] == label and not e["known"]}
        for n in wants:
            entry = listed.get(life.hubs[n]["id"])
            if entry is None:
                say.say("%s of %s is not listed" % (label, life.hubs[n]["id"]))
            elif n not in everybody and entry["preselected"] == source:
                say.say("%s of %s cannot go, and is preselected: %s" % (label, life.hubs[n]["id"], entry["why"]))
            elif n in everybody and entry["preselected"] != source:
                say.say("%s of %s can go, and is not preselected: %s" % (label, life.hubs[n]["id"], entry["why"]))
        for stay in (0, 0.2):
            files.restore(kept)
            stays = {n for n in wants if life.draw.random() < stay}
            with open(files.path("decisions.json"), "w", encoding="utf-8") as file:
                json.dump({"dovetail": "decisions", "version": 1, "map": name, "bulk": source, "create": "none", "decisions": [
                    {"hub": life.hubs[n]["id"], "field": label, "choice": "leave"} for n in sorted(stays)]}, file)
            done = files.run("sync", "--decisions", files.path("decisions.json"))
            able = settle(life.old, wants, set(wants) - stays, free, clearable)
            check(say, life, files, side, able, wants, label, done, stays)
            again = files.run("sync", "--decide", source, "--create", "none")
            for operation in again["operations"]:
                entry = next(e for e in again["entries"] if e["entry"] == operation["entry"])
                say.say("a second run writes %s: %s" % (entry["field"], entry["why"]))
    return say.wrong


def check(say, life, files, side, able, wants, label, done, stays):
    hubs, providers = files.hubs(), files.providers()
    reasons = {done["people"][e["person"]]["hub"]: e for e in done["entries"] if e["field"] == label}
    for n, old in enumerate(life.old):
        got = life.huma.get(hubs[n], life.field.hub) if side == "hub" else life.provider.get(providers[n], life.field.provider)
        wanted = wants[n] if n in able else old
        who = life.hubs[n]["id"]
        if got != wanted:
            say.say("%s of %s in the %s: %s (was %s, wants %s), expected %s; %s" %
                    (label, who, side, got, old, wants.get(n), wanted, reasons.get(who, {}).get("why")))
        if n in wants and n not in able and n not in stays:
            entry = reasons.get(who)
            if entry is None or (entry["kind"], entry["reason"], entry["action"]) != ("held", "uniqueness", "hold"):
                say.say("%s of %s cannot go, and is said to be %s" % (label, who, entry and (entry["kind"], entry["reason"], entry["action"], entry["why"])))


def judge(name, seed, people, dovetail, rules):
    return sum(judge_one(name, seed, people, dovetail, rules, *one) for one in UNIQUE[name])


if __name__ == "__main__":
    sys.exit(over_integrations(judge, 40))
