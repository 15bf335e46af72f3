"""Lives of edits on both sides, brought by pushes (an event, then read, compare, write), against the simulated systems over
HTTP. What both sides must hold after each round, what the error log must say, and what a manual run must find then, follows
from the table of real time and from rows.md, and shares nothing with the engine. In the end what changed at the provider is
read into Huma, and pushes about everybody must write nothing.

    python3 pushes_test.py FOLDER_OF_DOVETAIL FOLDER_OF_RULES [SEED…]
"""
import dataclasses
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import rows_test as rows_of  # noqa: E402
from table import Cell, read_tables  # noqa: E402

ROUNDS = 3  # a value that goes back and forth more often is left alone for a day
FIRST, SECOND, EMPTY, ELSE = "first", "second", "empty", "else"  # "else": what the sandbox began with
LIMITS = ("overwrites", "clears", "emails", "national_ids", "bank_accounts")


class Field:
    """One field of one person: what both sides have, and what was agreed on last, each as one of the four words."""

    def __init__(self, rows, person):
        self.rows, self.person, self.label = rows, person, rows[0].field.partition(" (")[0]
        self.full = [row for row in rows if is_followed(row)]
        self.stays = next((row.stays for row in rows if row.stays), "")
        emptied = [row.emptied for row in rows if row.emptied]
        self.may_empty, self.clears = bool(emptied), not any("blocked" in how for how in emptied)
        self.hub, self.there = (ELSE, ELSE) if self.stays else (FIRST, FIRST)
        self.agreed, self.was, self.logged = (self.hub, self.there), None, ""

    @property
    def title(self):
        return f"{self.rows[0].field} of {self.person.hub}"

    def hub_words(self):
        words = [FIRST] if any(row.given for row in self.rows) else []
        words += [SECOND] if self.full else []
        return [word for word in words + ([EMPTY] if self.may_empty and not self.stays else []) if word != self.hub]

    def words_there(self):
        """Not what stood there before our last write: so soon after it, that is no change but a read that lags."""
        words = () if not self.full else (SECOND,) if self.stays else (FIRST, SECOND)
        return [word for word in words if word not in (self.there, self.was)]

    def set_hub(self, world, word):
        self.hub = word
        rows = [row for row in self.rows if row.emptied] if word == EMPTY else [row for row in self.rows if row.given]
        both_ways = {row.hub for row in rows if row in self.full}
        rows = [row for row in rows if row in self.full or row.hub not in both_ways]  # one value for each member
        rows_of.set_in_hub(world, self.person.hub, rows, lambda row: self.in_hub(row, word))

    @staticmethod
    def in_hub(row, word):
        if word == EMPTY:
            return None
        return row.then.value if word == SECOND and isinstance(row.then, Cell) else row.given.value

    def set_there(self, world, word):
        self.there = word
        rows = self.full if word == SECOND else [dataclasses.replace(row, there=row.text) for row in self.full]
        rows_of.change_there(world, self.person.provider, rows)

    def push(self):
        """What a push makes of it; returns why it is in the error log, or ""."""
        if self.hub == self.there:
            self.agreed = (self.hub, self.there)
            return ""
        if self.hub == self.agreed[0]:
            return ""
        if self.stays:
            return "" if self.stays.startswith("blocked") else self.stays
        if self.hub == EMPTY and (not self.clears or self.agreed[1] == EMPTY):
            return ""
        self.was, self.there, self.agreed = self.there, self.hub, (self.hub, self.hub)
        return ""

    def wrong_there(self, world, record):
        """What the provider shows instead of what it must; None: nothing is wrong."""
        for row in self.full:
            found = rows_of.shown(world, record, row.shown)
            wanted = {FIRST: row.text and row.text.value, SECOND: row.there.value}.get(self.there)
            is_left = self.there == EMPTY and not rows_of.is_empty(found) and not row.emptied.startswith("stays")
            if is_left or wanted is not None and found != wanted:
                return f"{row.shown}: expected {wanted if wanted is not None else 'nothing'!r}, found {found!r}"
        return None


class Office:
    """A connection between the simulated systems, with the guard's limits lifted: its day takes a minute here."""

    def __init__(self, world, folder):
        self.world, self.folder, self.failures = world, folder, []
        shutil.copytree(rows_of.RULES, folder / "rules")
        with open(folder / "rules" / f"{world.integration}.map", "a", encoding="utf-8") as file:
            file.writelines(f"\nguard {limit} 100000 or 100 %\n" for limit in LIMITS)
        self.environment = dict(os.environ, DOVETAIL_RULES=str(folder / "rules"), DOVETAIL_STORE=f"sqlite:{folder}/store.db")
        given = {name: value for name, value in zip(world.command, world.command[1:]) if name in ("--hub", "--provider", "--credentials")}
        self.run("store", "init")
        self.run("connection", "add", "c", "--map", folder / "rules" / f"{world.integration}.map", "--hub", given["--hub"],
                 "--provider", given["--provider"], "--credentials", given["--credentials"], "--test-system", "on", "--yes")

    def run(self, *arguments):
        done = subprocess.run([rows_of.BINARIES / "dovetail", *arguments], capture_output=True, text=True, env=self.environment)
        if done.returncode == 2:
            sys.exit(f"{self.world.integration}: dovetail {arguments[0]}: {done.stderr}")
        return done.stdout

    def sync(self, side):
        answers = [part for answer in rows_of.ANSWERS for part in ("--answer", answer)]
        self.run("sync", "c", "--decide", side, "--create", "none", *answers)

    def links(self):
        listed = json.loads(self.run("links", "list", "c", "--format", "json"))["links"]
        return sorted(((each["hub"], each["provider"]) for each in listed), key=lambda pair: int(pair[1]))

    def tell(self, people):
        events = self.folder / "events.jsonl"
        events.write_text("".join(json.dumps({"connection": "c", "person": each}) + "\n" for each in people))
        self.run("event", "--from", events)
        self.run("work", "--until-idle", "--sweep", "0", "--log", "none")

    def log(self):
        problems = json.loads(self.run("log", "c", "--format", "json"))["problems"]
        return {(each["hub"], each["field"].partition(" [")[0]): each["reason"] for each in problems if not each["solved"]}

    def findings(self):
        """Kinds of what a manual run lists as new, by hub id and label."""
        plan, found = json.loads(self.run("plan", "c", "--format", "json")), {}
        for entry in plan["entries"]:
            if entry["field"] is not None and not entry["known"] and entry["kind"] != "known":
                found.setdefault((plan["people"][entry["person"]]["hub"], entry["field"]), set()).add(entry["kind"])
        return found

    def writes_since(self, number):
        return [each["target"] for each in self.world.pages.calls(number)
                if each["method"] != "GET" and "OAuth" not in each["target"] and not rows_of.is_question(each)]

    def wrong(self, field, what):
        self.failures.append(f"{self.world.integration}, {field.title}: {what} (hub {field.hub}, provider {field.there}, "
                             f"agreed {field.agreed})")


def is_followed(row):
    """In both directions; what may not be sent is read all the same."""
    return bool(row.given and row.there and isinstance(row.then, Cell) and (row.text or row.stays))


def fields_of(rows, links, world):
    """One for each case of the table that stands for one field of one person, with somebody of their own."""
    people = iter(links)
    fields = []
    for case in rows_of.by_person(rows).values():
        person = rows_of.Person(world, *next(people))
        if any(is_followed(row) or (row.given and row.stays) for row in case):
            fields.append(Field(case, person))
    return fields


def live(office, fields, draw):
    world = office.world
    for field in fields:
        if not field.stays:
            field.set_hub(world, FIRST)
    office.sync("hub")
    check_there(office, fields, "after the first run")
    for number in range(ROUNDS):
        told = []
        for field in fields:
            if field.hub_words() and draw.random() < 0.7:
                field.set_hub(world, draw.choice(field.hub_words()))
                told += [field.person.hub] * draw.choice((1, 1, 2))
            if field.words_there() and draw.random() < 0.4:
                field.set_there(world, draw.choice(field.words_there()))
                told += [field.person.hub] * draw.choice((0, 1))
        draw.shuffle(told)
        office.tell(told)
        for field in fields:
            if field.person.hub in told:
                field.logged = field.push()
        check_there(office, fields, f"after round {number}")
        check_log(office, fields)
        check_findings(office, fields)
    read(office, fields)


def check_there(office, fields, when):
    everybody = office.world.everybody()
    for field in fields:
        wrong = field.wrong_there(office.world, everybody[field.person.provider])
        if wrong:
            office.wrong(field, f"{when}: {wrong}")


def check_log(office, fields):
    found = office.log()
    for field in fields:
        told = found.pop((field.person.hub, field.label), "")
        if told != field.logged:
            office.wrong(field, f"expected in the log: {field.logged!r}, found: {told!r}")
    for key, reason in found.items():
        office.failures.append(f"{office.world.integration}: {key} is in the log as {reason}")


def check_findings(office, fields):
    """Push, then read: what agrees is not listed, and what only the provider changed is drift."""
    found = office.findings()
    for field in fields:
        kinds = found.get((field.person.hub, field.label), set())
        if field.hub == field.there and kinds:
            office.wrong(field, f"pushed, and listed as {kinds}")
        if field.hub == field.agreed[0] and field.there not in (field.hub, field.agreed[1]) and kinds != {"drift"}:
            office.wrong(field, f"only the provider changed, listed as {kinds}")


def read(office, fields):
    """Read, then push: what was read into Huma is there, and nothing comes back of it."""
    drifted = [field for field in fields if field.hub == field.agreed[0] and field.there not in (field.hub, field.agreed[1])]
    office.sync("provider")
    for field in drifted:
        for row in field.full:
            found, wanted = rows_of.in_hub(office.world, field.person.hub, row.hub), field.in_hub(row, field.there)
            if found != wanted:
                office.wrong(field, f"read into {row.hub}: expected {wanted!r}, found {found!r}")
    since = max((each["number"] for each in office.world.pages.calls()), default=0)
    office.tell([field.person.hub for field in fields])
    if office.writes_since(since):
        office.failures.append(f"{office.world.integration}: pushes after the run wrote {office.writes_since(since)}")


def main():
    seeds = [int(one) for one in sys.argv[3:]] or [1, 2]
    failures = []
    for name, rows in read_tables(pathlib.Path(__file__).parent / "rows.md").items():
        integration, system, country, withheld = rows_of.mode_of(name)
        rows = [row for row in rows if " more)" not in row.field]
        for seed in [] if withheld else seeds:
            with tempfile.TemporaryDirectory() as folder:
                folder, people = pathlib.Path(folder), len(rows_of.by_person(rows))
                with rows_of.World(integration, system, country, folder, people, withheld) as world:
                    office = Office(world, folder)
                    office.sync("hub")
                    fields = fields_of(rows, office.links(), world)
                    live(office, fields, random.Random(f"{name} {seed}"))
                    failures += [f"seed {seed}: {one}" for one in office.failures]
            print(f"{name}, seed {seed}: {len(fields)} fields", flush=True)
    for failure in failures:
        print("did not hold:", failure)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
