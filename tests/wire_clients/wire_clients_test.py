"""Clients of the four systems that know only the descriptions of their interfaces go through the sandboxes' checklists; and
what the adapters send is compared with what such clients would.

Arguments: the folder of the programs, the folder of the rule files; then names of systems, or `flows` (none: all)."""
import importlib
import pathlib
import sys

import wire

SYSTEMS = ["netvisor", "poweroffice_go", "finago", "huma", "flows"]


def main():
    binaries, rules = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    wrong = 0
    for system in sys.argv[3:] or SYSTEMS:
        found = wire.Checklist(system)
        check = importlib.import_module(system).check
        check(binaries, rules, found.holds) if system == "flows" else check(binaries, found.holds)
        print(f"{system}: {found.count} checked, {len(found.wrong)} did not hold")
        for each in found.wrong:
            print("did not hold:", each)
        wrong += len(found.wrong)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
