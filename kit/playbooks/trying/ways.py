"""The way that a play took, in words."""

from kit.playbooks.trying.host import Said

__all__ = ["way_taken"]


def way_taken(said: Said) -> str:
    """The steps of a reply with the branches that they took, such as `found (yes) → late (no) → refuse`."""
    words = {"then": "yes", "else": "no", "on_fail": "failed"}
    way: list[str] = []
    for one in said.taken:
        if one.part == "steps" and not one.way:
            way.append(f"`{one.name}`")
        elif one.part == "steps" and way:
            way[-1] += f" ({words.get(one.way, one.way)})"
        elif one.part == "hand_off":
            way.append(f"hand-off rule {int(one.name) + 1}")
        else:
            way.append(f"the answer to `{one.name}` was not taken")
    return " → ".join(way)
