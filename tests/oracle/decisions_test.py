"""Decisions of every kind on the people of findings_test, and exclusions: what is written, what is settled,
what is asked again, and what is refused.

    python3 decisions_test.py FOLDER_OF_DOVETAIL FOLDER_OF_RULES [PEOPLE [SEED…]]
"""
import json
import sys
import tempfile

from dovetail_runs import Files, Judge, over_integrations
from findings_test import Life, findings_of, values_of
from people import in_provider


def draw_decisions(life, expected):
    """(the file, the choice about each field of each person); the most exact one counts."""
    draw, choices = life.draw, ("hub", "provider", "leave")
    bulk = draw.choice(choices + ("preselected", None))
    exact, chosen = [], {}
    of_person = {hub["id"]: draw.choice(choices) for hub in life.hubs if draw.random() < 0.2}
    for who, choice in of_person.items():
        exact.append({"hub": who, "choice": choice})
    for (who, label), one in expected.items():
        choice = of_person.get(who, bulk)
        if draw.random() < 0.2 and one.finding is not None:
            choice = draw.choice(choices)
            exact.append({"hub": who, "field": label, "choice": choice, "by": "Kari"})
            if draw.random() < 0.2:
                exact.append(dict(exact[-1]))  # said twice, the same
        if choice == "preselected":
            choice = one.finding[2] if one.finding else None
        chosen[who, label] = choice
    draw.shuffle(exact)
    made = {"dovetail": "decisions", "version": 1, "map": life.name, "create": "none", "decisions": exact}
    if bulk:
        made["bulk"] = bulk
    return made, chosen


def settled(one, choice):
    """Whether nobody is asked again. What is held stays, and what was blocked is known from then on."""
    return one.finding is None or (one.finding[0] != "held" and (choice is not None or one.finding[0] == "blocked"))


def check_values(say, life, files, expected, chosen):
    values = values_of(files)
    for field in life.fields:
        for (who, label), one in expected.items():
            if label != field.label:
                continue
            in_hub, there = one.after[chosen[who, label]] if chosen[who, label] in one.after else one.now
            wanted = (in_hub, in_provider(field, there) if there is not None else None)
            if "deferred" not in (one.finding or ()) and values[who, label] != wanted:
                say.say("%s %s, decided %s: expected %s, is %s" % (who, label, chosen[who, label], wanted, values[who, label]))


def check_second(say, files, expected, chosen):
    """What was settled is not listed again, everything else is, as before."""
    found = findings_of(files.run("plan"))
    for key, one in expected.items():
        got = [entry[:3] for entry in found.pop(key, [])]
        wanted = [] if settled(one, chosen[key]) else [one.finding]
        if got != wanted:
            say.say("%s, decided %s: expected %s in the next plan, found %s" % (key, chosen[key], wanted, got))


def exclude(life, files):
    """Takes people and fields out. Who (and why) and what is left alone."""
    with open(files.path("base.json"), encoding="utf-8") as file:
        base = json.load(file)
    people, alone = {}, set()
    for link in base["links"]:
        chance = life.draw.random()
        if chance < 0.1:
            link["state"] = people[link["hub"]] = "excluded"
        elif chance < 0.2:
            link["state"] = "out-of-scope"  # a run on files has everybody in its scope
        elif chance < 0.4:
            link["excluded_fields"] = life.draw.sample([field.label for field in life.fields], 2)
            alone |= {(link["hub"], label) for label in link["excluded_fields"]}
    with open(files.path("base.json"), "w", encoding="utf-8") as file:
        json.dump(base, file)
    return people, alone


def refused(say, life, files, expected):
    """Contradictions are refused before anything is written."""
    who, label = next(key for key, one in expected.items() if one.finding is not None)
    provider = life.provider.id_of(life.providers[[hub["id"] for hub in life.hubs].index(who)])
    for first, second in (({"hub": who, "field": label, "choice": "hub"}, {"hub": who, "field": label, "choice": "provider"}),
                          ({"hub": who, "field": label, "choice": "hub"}, {"provider": provider, "field": label, "choice": "leave"}),
                          ({"hub": who, "choice": "leave"}, {"hub": who, "choice": "hub"}),
                          ({"hub": who, "field": label, "choice": "hub"}, {"hub": who, "field": "No such field", "choice": "hub"})):
        with open(files.path("contradicting.json"), "w", encoding="utf-8") as file:
            json.dump({"dovetail": "decisions", "version": 1, "map": life.name, "decisions": [first, second]}, file)
        before = files.kept()
        code, error = files.fails("sync", "--decisions", files.path("contradicting.json"))
        if code != 2 or "/decisions/" not in error:
            say.say("%s and %s: exit code %d, %s" % (first, second, code, error.strip()))
        if files.kept() != before:
            say.say("%s and %s: something was written" % (first, second))


def judge(name, seed, people, dovetail, rules):
    life, say = Life(name, "decisions %d" % seed, people), Judge(name, seed)
    with tempfile.TemporaryDirectory() as folder:
        files = Files(folder, life, dovetail, rules)
        for _ in range(people):
            life.add(agreed=True)
        files.write()
        files.run("sync")
        out, alone = exclude(life, files)
        for _ in range(people // 2):
            life.add(agreed=False)
        expected = {}
        for n, hub in enumerate(life.hubs):
            for label, one in life.edit(n).items():
                if hub["id"] in out or (hub["id"], label) in alone:
                    one.finding, one.after = None, {"hub": one.now, "provider": one.now}
                expected[hub["id"], label] = one
        files.write()
        refused(say, life, files, expected)
        kept = files.kept()
        plan = files.run("plan")
        for person in plan["people"]:
            if person["reason"] != out.get(person["hub"], "no-change"):
                say.say("%s is %s, expected %s" % (person["hub"], person["reason"], out.get(person["hub"], "no-change")))
        for _ in range(4):
            files.restore(kept)
            decisions, chosen = draw_decisions(life, expected)
            with open(files.path("decisions.json"), "w", encoding="utf-8") as file:
                json.dump(decisions, file)
            files.run("sync", "--decisions", files.path("decisions.json"))
            check_values(say, life, files, expected, chosen)
            check_second(say, files, expected, chosen)
            again = files.run("sync", "--decisions", files.path("decisions.json"))
            for operation in again["operations"]:
                entry = next(e for e in again["entries"] if e["entry"] == operation["entry"])
                say.say("a second run writes %s of %s: %s" % (entry["field"], again["people"][entry["person"]]["hub"], entry["why"]))
    return say.wrong


if __name__ == "__main__":
    sys.exit(over_integrations(judge, 40))
