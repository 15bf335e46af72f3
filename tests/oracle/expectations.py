"""What three-way compare says of one field of one pair, as the table of states has it."""

ABSENT = object()  # not told, or never agreed on


class Expected:
    """One field of one person: what it is found as (None: nothing), and both values after a decision for each side."""

    def __init__(self, finding, by_hub, by_provider, now):
        self.finding, self.after, self.now = finding, {"hub": by_hub, "provider": by_provider}, now
        self.blocked = set()  # decisions that are not allowed: nothing is settled by them


class Agreed(tuple):
    """What the hub and the provider had when they were last settled, where that was not the same."""


def expect(field, base, hub, provider):
    """base: ABSENT where the two were never agreed on; else the value that both had, or Agreed."""
    now = (hub, None if provider is ABSENT else provider)
    agreed = base is not ABSENT
    in_hub, there = base if isinstance(base, Agreed) else (base, base)
    hub_changed = agreed and hub != in_hub
    if provider is ABSENT:
        return Expected(("held", "deferred", None) if hub_changed else None, now, now, now)
    if hub == provider:
        return Expected(("held", "required-missing", None) if field.required and hub is None else None, now, now, now)
    provider_changed = agreed and provider != there
    if agreed and not hub_changed and not provider_changed:
        return Expected(None, now, now, now)  # they differ as they did when that was settled
    # What is emptied must have been agreed on where it is emptied.
    may_clear = (hub_changed and there is not None, provider_changed and in_hub is not None)
    to_provider, to_hub = write_to_provider(field, hub, provider, may_clear[0]), write_to_hub(field, now, may_clear[1])
    after = (to_provider == "written" and (hub, hub) or now, to_hub and (provider, provider) or now)
    finding = find(field, hub, provider, agreed, hub_changed, provider_changed)
    wanted = finding is not None and finding[2] == "hub"
    if wanted and to_provider in ("blocked-unset", "blocked-update"):
        finding = ("blocked", to_provider, None)
    if finding is None:
        after = (now, now)
    one = Expected(finding, *after, now)
    if to_provider.startswith("blocked"):
        one.blocked.add("hub")
    if not to_hub and provider is None and may_clear[1] and (field.required or field.hub_keeps) and not (field.keeps or field.whole):
        one.blocked.add("provider")
    return one


def write_to_provider(field, hub, provider, may_clear):
    """What comes of the hub's winning."""
    if hub is None:
        if not may_clear:
            return "nothing"  # an empty value is no order to empty the other
        return "blocked-unset" if field.required or field.no_unset else "written"
    forbidden = field.no_fill if provider is None else field.no_update
    return "blocked-update" if forbidden else "written"


def write_to_hub(field, now, may_clear):
    """Whether the provider's winning writes into the hub."""
    if now[1] is None:
        return may_clear and not (field.keeps or field.whole or field.required or field.hub_keeps)
    return True


def find(field, hub, provider, agreed, hub_changed, provider_changed):
    """(kind, reason, preselected), as if everything were allowed."""
    read = None if field.sensitive else "provider"
    if not agreed:
        if hub is not None and provider is not None:
            return ("conflict", "first-run", None)
        return ("missing", "first-run", "hub" if provider is None else read)
    if hub_changed and not provider_changed:
        return ("change", "cleared" if hub is None else "filled" if provider is None else "written", "hub")
    if field.keeps and provider is None and not hub_changed:
        return None
    if field.whole and provider is None:
        if hub_changed and provider_changed:
            return ("conflict", "conflict", None)
        return ("change", "filled", "hub") if hub_changed else ("missing", "incomplete-parts", None)
    if not hub_changed:
        return ("drift", "drift", None if provider is None else read)
    return ("conflict", "conflict", None)
