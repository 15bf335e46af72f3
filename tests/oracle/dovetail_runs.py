"""Exports in a folder, dovetail run on them as its users run it, and what is said about differences."""
import json
import os
import subprocess
import sys

from people import INTEGRATIONS, TODAY

ANSWERS = {
    "netvisor": ["Contract type of positions added to Huma=permanent", "Payroll rule group=Kuukausipalkka"],
    "finago": ["Contract type of positions added to Huma=permanent", "Job title of positions added to Huma=Boss",
               "Why does the employment end?=resigned"],
    "twentyfoursevenoffice": ["Contract type of positions added to Huma=permanent",
                              "Job title of positions added to Huma=Boss", "Why does the employment end?=resigned"],
    "poweroffice_go": ["BIC of the bank account=DNBANOKK"],
    "poweroffice": [],
}


class Files:
    """The exports in a folder, and dovetail on them."""

    def __init__(self, folder, life, dovetail, rules):
        self.folder, self.life, self.dovetail, self.rules = folder, life, dovetail, rules

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self):
        with open(self.path("huma.json"), "w", encoding="utf-8") as file:
            json.dump({"items": self.life.hubs}, file)
        with open(self.path(self.life.provider.file), "w", encoding="utf-8") as file:
            file.write(self.life.provider.text(self.life.providers))

    def call(self, command, *more):
        answers = [option for answer in ANSWERS[self.life.name] for option in ("--answer", answer)]
        return subprocess.run(
            [self.dovetail, command, "--map", os.path.join(self.rules, self.life.name + ".map"), "--hub",
             self.path("huma.json"), "--provider", self.path(self.life.provider.file), "--base", self.path("base.json"),
             "--today", TODAY, "--test-system", "--format", "json", *(answers if command == "sync" else []), *more],
            capture_output=True, text=True, env=dict(os.environ, DOVETAIL_RULES=self.rules))

    def run(self, command, *more):
        done = self.call(command, *more)
        if done.returncode > 1:
            raise SystemExit("%s: dovetail %s: %s" % (self.life.name, command, done.stderr))
        return json.loads(done.stdout)

    def fails(self, command, *more):
        done = self.call(command, *more)
        return done.returncode, done.stderr

    def kept(self):
        names = ["huma.json", self.life.provider.file, "base.json", "base.json.key"]
        return {name: open(self.path(name), "rb").read() for name in names if os.path.exists(self.path(name))}

    def restore(self, kept):
        for name, content in kept.items():
            with open(self.path(name), "wb") as file:
                file.write(content)

    def remove(self, name):
        if os.path.exists(self.path(name)):
            os.remove(self.path(name))

    def hubs(self):
        with open(self.path("huma.json"), encoding="utf-8") as file:
            return json.load(file)["items"]

    def providers(self):
        with open(self.path(self.life.provider.file), encoding="utf-8") as file:
            return self.life.provider.read(file.read())

    def email_of(self, record):
        return self.life.provider.get(record, {"netvisor": "base/email", "finago": "email", "twentyfoursevenoffice": "email"}.get(
            self.life.name, "EmailAddress"))


class Judge:
    """Counts what differs, and tells the first of it."""

    def __init__(self, name, seed):
        self.name, self.seed, self.wrong = name, seed, 0

    def say(self, what):
        self.wrong += 1
        if self.wrong <= 10:
            print("%s, seed %d: %s" % (self.name, self.seed, what))


def over_integrations(judge, people):
    """Runs judge(name, seed, people, dovetail, rules) -> wrong for each integration, as the command line says."""
    binaries, rules = sys.argv[1:3]
    people = int(sys.argv[3]) if len(sys.argv) > 3 else people
    seeds = [int(one) for one in sys.argv[4:]] or [1, 2, 3]
    wrong = 0
    for name in INTEGRATIONS:
        for seed in seeds:
            wrong += judge(name, seed, people, os.path.join(binaries, "dovetail"), os.path.abspath(rules))
    print("%d wrong" % wrong)
    return 1 if wrong else 0
