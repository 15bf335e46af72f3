"""What a plan finds, and what a run then writes, against an expectation that shares nothing with the engine.

Each integration's people live through this: two exports agree, and the base remembers it; then every field of everybody is
changed, emptied, filled or left on either side at random, and people who were never agreed on join, whose values are the
same, differ or stand on one side only. What each field must be found as, what is preselected, and what both sides hold
after everything was decided for the hub or for the provider, is worked out from the table of three-way compare.

    python3 findings_test.py FOLDER_OF_DOVETAIL FOLDER_OF_RULES [PEOPLE [SEED…]]
"""
import random
import sys
import tempfile

from dovetail_runs import Files, Judge, over_integrations
from expectations import ABSENT, expect
from people import INTEGRATIONS, NAMED_BY, TODAY, VALUES, Huma, in_provider

class Life:
    """People of one integration, in both systems."""

    def __init__(self, name, seed, people):
        self.name, self.draw = name, random.Random("%s %s" % (name, seed))
        make_provider, fields = INTEGRATIONS[name]
        self.huma, self.provider, self.fields = Huma(), make_provider(), fields()
        # Nobody has what somebody else has, but for words of which there are few.
        most = max(8999, 12 * people)
        self.numbers = {kind: iter(self.draw.sample(range(1000, 1000 + most), most)) for kind in VALUES}
        self.people = people
        self.hubs, self.providers, self.bases = [], [], []

    def value(self, field):
        few = field.values in ("gender", "country")
        return VALUES[field.values](self.draw.randrange(100) if few else next(self.numbers[field.values]))

    def another(self, field, *than):
        """Unlike those, where there are so many."""
        for _ in range(50):
            value = self.value(field)
            if value not in than:
                break
        return value

    def may_be_empty(self, field):
        return not (field.required or field.hub_keeps or field.sole)

    def add(self, agreed):
        n = len(self.hubs) + 1
        hub, provider, base = self.huma.new(n), self.provider.new(n), {}
        if self.name == "poweroffice":  # found by its e-mail address, which is in no row
            mail = VALUES["mail"](next(self.numbers["mail"]))
            self.huma.set(hub, "email", mail)
            self.provider.set(provider, "EmailAddress", mail)
        for field in self.fields:
            empty = self.may_be_empty(field) and self.draw.random() < 0.25
            value = None if empty else self.value(field)
            self.put(hub, provider, field, value, value)
            base[field.label] = value if agreed else ABSENT
        self.hubs.append(hub)
        self.providers.append(provider)
        self.bases.append(base)

    def put(self, hub, provider, field, in_hub, there):
        self.huma.set(hub, field.hub, in_hub)
        if there is ABSENT:
            self.provider.omit(provider, field.provider)
        else:
            self.provider.set(provider, field.provider, in_provider(field, there) if there is not None else None)

    def edit(self, n):
        """Changes everything at random. The expectations, by field."""
        expected = {}
        hub, provider, base = self.hubs[n], self.providers[n], self.bases[n]
        one_person = False  # a mail and an id that both change in the provider speak of another person
        for field in sorted(self.fields, key=lambda one: one.values != "mail"):
            agreed = base[field.label] is not ABSENT
            value = base[field.label] if agreed else self.value(field)
            finds = field.values == "mail" or (not agreed and field.values == "start")
            in_hub, there = self.drawn(field, value, agreed, finds)
            if field.values in ("mail", "hetu", "fnr", "number") and there is not ABSENT and there != value:
                if one_person or (finds and not agreed):
                    there = value
                one_person = True
            if one_person and field.label in NAMED_BY:
                there = value
            if finds and not agreed:
                in_hub = there = value
            self.put(hub, provider, field, in_hub, there)
            expected[field.label] = expect(field, base[field.label], in_hub, there)
        return expected

    def drawn(self, field, value, agreed, finds):
        """A value for each side, starting from what was agreed on, or from one that both might have."""
        sides = []
        for side in ("hub", "provider"):
            chance = self.draw.random()
            may_go = not (field.stays and side == "provider") and not field.sole and not finds and (agreed or self.may_be_empty(field))
            if chance < 0.55:
                sides.append(value)
            elif chance < 0.7 and may_go:
                sides.append(None)
            else:
                sides.append(self.another(field, value, *sides))
        if agreed and self.provider.omitted_is_absent and field.label == "Phone number" and self.draw.random() < 0.1:
            sides[1] = ABSENT
        return sides


def values_of(files):
    """(hub, provider) by hub id and label."""
    life = files.life
    hubs = {one["id"]: one for one in files.hubs()}
    providers = {life.provider.id_of(one): one for one in files.providers()}
    found = {}
    for hub, provider in zip(life.hubs, life.providers):
        for field in life.fields:
            found[hub["id"], field.label] = (life.huma.get(hubs[hub["id"]], field.hub),
                                             life.provider.get(providers[life.provider.id_of(provider)], field.provider))
    return found


def findings_of(plan):
    """(kind, reason, preselected) of what is listed, by hub id and label."""
    found = {}
    for entry in plan["entries"]:
        if entry["field"] is None or entry["known"] or entry["kind"] == "known":
            continue
        preselected = entry["preselected"] if entry["preselected"] in ("hub", "provider") else None
        key = (plan["people"][entry["person"]]["hub"], entry["field"])
        found.setdefault(key, []).append((entry["kind"], entry["reason"], preselected, entry["why"]))
    return found


class FindingsJudge(Judge):
    def findings(self, expected, plan):
        found = findings_of(plan)
        for key, one in expected.items():
            got = found.pop(key, [])
            wanted = [] if one.finding is None else [one.finding]
            if [entry[:3] for entry in got] != wanted:
                self.say("%s: expected %s, found %s" % (key, wanted, got))
        for key, got in found.items():
            self.say("%s: nothing expected, found %s" % (key, got))

    def values(self, life, expected, decided, values):
        for field in life.fields:
            for (hub, label), one in expected.items():
                if label != field.label:
                    continue
                in_hub, there = one.after[decided]
                wanted = (in_hub, in_provider(field, there) if there is not None else None)
                if "deferred" in (one.finding or ()) or values[hub, label] == wanted:
                    continue
                self.say("%s %s, decided for the %s: expected %s, is %s" % (hub, label, decided, wanted,
                                                                           values[hub, label]))


def judge(name, seed, people, dovetail, rules):
    life = Life(name, seed, people)
    judge_of = FindingsJudge(name, seed)
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder, life, dovetail, rules)
        for _ in range(people):
            life.add(agreed=True)
        files.write()
        first = files.run("sync")
        for key, got in findings_of(first).items():
            if got[0][0] != "held":  # an empty value that the table requires
                judge_of.say("%s: both agree, found %s" % (key, got))
        for _ in range(people // 2):
            life.add(agreed=False)
        expected = {}
        for n in range(len(life.hubs)):
            for label, one in life.edit(n).items():
                expected[life.hubs[n]["id"], label] = one
        files.write()
        kept = files.kept()
        judge_of.findings(expected, files.run("plan"))
        for decided in ("hub", "provider"):
            files.restore(kept)
            files.run("sync", "--create", "none", "--decide", decided)
            judge_of.values(life, expected, decided, values_of(files))
            again = files.run("plan", "--create", "none", "--decide", decided)
            for operation in again["operations"]:
                if operation["action"] != "link":
                    entry = next(e for e in again["entries"] if e["entry"] == operation["entry"])
                    judge_of.say("%s: %s is written again by a second run" %
                                 (again["people"][entry["person"]]["hub"], entry["field"]))
    return judge_of.wrong


if __name__ == "__main__":
    sys.exit(over_integrations(judge, 60))
