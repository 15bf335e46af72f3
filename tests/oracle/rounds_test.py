"""People's lives, run after run: edits on either side, a run in which some things are decided and some are not, edits again.
What each run must find follows from what the runs before it agreed on, left, blocked or did not settle.

    python3 rounds_test.py FOLDER_OF_DOVETAIL FOLDER_OF_RULES [PEOPLE [SEED…]]
"""
import json
import sys
import tempfile

from decisions_test import check_values
from dovetail_runs import Files, Judge, over_integrations
from expectations import ABSENT, Agreed, expect
from findings_test import Life, findings_of
from people import NAMED_BY

ROUNDS = 5


class Rounds(Life):
    """Both values, what was agreed on and what was blocked, by hub id and label."""

    def start(self, people):
        self.now, self.agreed, self.blocked = {}, {}, {}
        for _ in range(people):
            self.add(agreed=True)
        for hub, base in zip(self.hubs, self.bases):
            for field in self.fields:
                self.now[hub["id"], field.label] = (base[field.label], base[field.label])
                self.agreed[hub["id"], field.label] = Agreed((base[field.label], base[field.label]))

    def edit_all(self):
        expected = {}
        for hub, provider in zip(self.hubs, self.providers):
            someone_else = False
            for field in sorted(self.fields, key=lambda one: one.values != "mail"):
                key = (hub["id"], field.label)
                now = list(self.now[key])
                for side in (0, 1):
                    now[side] = self.redrawn(field, now, side, self.agreed[key])
                if field.values in ("mail", "hetu", "fnr", "number") and now[1] not in (now[0], self.agreed[key][1]):
                    if someone_else:  # a mail and an id that both are another's speak of another person
                        now[1] = self.agreed[key][1]
                    someone_else = True
                if someone_else and field.label in NAMED_BY:
                    now[1] = self.now[key][1]
                self.now[key] = tuple(now)
                self.put(hub, provider, field, *now)
                expected[key] = self.expected_of(field, key)
        return expected

    def redrawn(self, field, now, side, agreed):
        chance = self.draw.random()
        may_go = not (field.stays and side == 1) and not field.sole and field.values != "mail"
        if chance < 0.75:
            return now[side]
        if chance < 0.8 and may_go:
            return None
        if chance < 0.85 and (agreed[side] is not None or may_go):
            return agreed[side]
        if chance < 0.88 and (now[1 - side] is not None or may_go):
            return now[1 - side]
        return self.another(field, *now)

    def expected_of(self, field, key):
        one = expect(field, self.agreed[key], *self.now[key])
        one.quiet = self.blocked.get(key) == self.now[key]  # said before, and known since
        return one

    def settle(self, field, key, one, choice):
        """What is agreed on after the run, and what both sides have."""
        before, agreed = self.now[key], self.agreed[key]
        self.now[key] = one.after[choice] if choice in one.after else before
        hub, provider = self.now[key]
        if self.blocked.get(key) != before:
            self.blocked.pop(key, None)  # a side changed since
        if hub == provider:
            self.agreed[key] = Agreed((hub, provider))
        elif one.finding is None or one.finding[0] == "held" or choice is None:
            pass
        elif choice not in one.blocked:
            self.agreed[key] = Agreed((hub, provider))
        if self.agreed[key] is not agreed:
            self.blocked.pop(key, None)
        elif one.finding is not None and (one.finding[0] == "blocked" or choice in one.blocked):
            self.blocked[key] = self.now[key]


def decide(life, expected):
    draw, choices = life.draw, ("hub", "provider", "leave")
    bulk = draw.choice(choices + ("preselected", None))
    exact, chosen = [], {}
    for (who, label), one in expected.items():
        choice = bulk
        if one.finding is not None and not one.quiet and draw.random() < 0.4:
            choice = draw.choice(choices)
            exact.append({"hub": who, "field": label, "choice": choice})
        if choice == "preselected":
            choice = one.finding[2] if one.finding else None
        chosen[who, label] = choice
    made = {"dovetail": "decisions", "version": 1, "map": life.name, "create": "none", "decisions": exact}
    return dict(made, bulk=bulk) if bulk else made, chosen


def judge(name, seed, people, dovetail, rules):
    life, say = Rounds(name, "rounds %d" % seed, people), Judge(name, seed)
    fields = {field.label: field for field in life.fields}
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder, life, dovetail, rules)
        life.start(people)
        files.write()
        files.run("sync")
        for number in range(ROUNDS):
            expected = life.edit_all()
            files.write()
            found = findings_of(files.run("plan"))
            for key, one in expected.items():
                got = [entry[:3] for entry in found.pop(key, [])]
                wanted = [] if one.finding is None or one.quiet else [one.finding]
                if got != wanted:
                    say.say("round %d, %s: agreed %s, now %s: expected %s, found %s" %
                            (number, key, tuple(life.agreed[key]), life.now[key], wanted, got))
            for key, got in found.items():
                say.say("round %d, %s: nothing expected, found %s" % (number, key, got))
            decisions, chosen = decide(life, expected)
            with open(files.path("decisions.json"), "w", encoding="utf-8") as file:
                json.dump(decisions, file)
            files.run("sync", "--decisions", files.path("decisions.json"))
            check_values(say, life, files, expected, chosen)
            for key, one in expected.items():
                life.settle(fields[key[1]], key, one, chosen[key])
            if say.wrong:
                break
    return say.wrong


if __name__ == "__main__":
    sys.exit(over_integrations(judge, 30))
