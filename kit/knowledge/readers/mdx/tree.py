"""Takes MDX apart: Markdown text, and the components that stand in it."""

import re
from dataclasses import dataclass, field

__all__ = ["Component", "parsed", "string_of"]

_FENCE = re.compile(r"[ \t]*(?:[-*+>][ \t]+|\d{1,9}[.)][ \t]+)*(?P<fence>`{3,}|~{3,})")
_ESM = re.compile(
    r"(?:import\s+(?:[\w$*{},\s]{1,2000}?\s+from\s+)?[\"']|"
    r"export\s+(?:default|const|let|var|function|class|async|type|interface|\{|\*))"
)
_NAME = re.compile(r"[A-Za-z][\w.:-]{0,100}(?=[\s/>{])")
_ATTRIBUTE = re.compile(r"\s*(?P<name>[A-Za-z_$][\w.:-]{0,100})\s*(?P<equals>=\s*)?")
_ADMONITION = re.compile(
    r"[ \t]*(?P<colons>:{3,})[ \t]*(?P<type>[a-z]+)(?:\[(?P<label>[^\]\n]*)\]|[ \t]+(?P<title>[^\n]*))?"
)
_CLOSING = re.compile(r"[ \t]*:{3,}[ \t]*(?=\n|\Z)")
_LITERAL = re.compile(r"\s*(?P<sign>[\"'`])(?P<text>(?:\\.|(?!(?P=sign)).)*)(?P=sign)\s*", re.DOTALL)
_EMPTY = frozenset("img br hr input meta link source col wbr area embed track".split())
_OPAQUE = frozenset(["script", "style", "svg"])
_DEPTH = 100  # of components within each other; deeper ones are only what they contain
_SPAN = 20_000  # characters that an expression or the attributes of one component may have


@dataclass
class Component:
    """A component or an element of HTML: its attributes as text, and what stands in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: "list[str | Component]" = field(default_factory=list)


def parsed(source: str) -> Component:
    """The MDX as one component without a name. What is no valid MDX stays as text."""
    return _Parser(source).run()


def string_of(expression: str) -> str:
    """The text that an expression of JavaScript shows, if it is a plain string or a number; else nothing."""
    found = _LITERAL.fullmatch(expression)
    if found and not (found["sign"] == "`" and "${" in found["text"]):
        return re.sub(r"\\(.)", lambda one: {"n": "\n", "t": "\t"}.get(one[1], one[1]), found["text"], flags=re.DOTALL)
    return expression.strip() if re.fullmatch(r"\s*-?\d{1,30}(?:\.\d{1,30})?\s*", expression) else ""


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.stack = [Component("")]
        self.text: list[str] = []
        # What may be looked at in vain, so that the time does not grow with the square of the source.
        self.budget = 4 * len(source) + 100_000

    def run(self) -> Component:
        while self.at < len(self.source):
            if (self.at == 0 or self.source[self.at - 1] == "\n") and self.line():
                continue
            self.step()
        self.flush()
        return self.stack[0]

    def flush(self) -> None:
        if self.text:
            self.stack[-1].children.append("".join(self.text))
            self.text = []

    def keep(self, end: int) -> None:
        self.text.append(self.source[self.at : end])
        self.at = end

    def line(self) -> bool:
        """Take what is told by the beginning of a line; False if there is nothing of the kind."""
        if found := _FENCE.match(self.source, self.at):
            closing = re.compile(rf"^[ \t>]*{found['fence'][0]}{{{len(found['fence'])},}}[ \t]*$", re.MULTILINE)
            end = closing.search(self.source, found.end())
            self.keep(end.end() if end else len(self.source))
            return True
        if self.begins_block() and _ESM.match(self.source, self.at):
            self.at = self.end_of_statement()
            return True
        if self.source.startswith(":::", self.at + self.indent()):
            if found := _CLOSING.match(self.source, self.at):
                self.text.append(" " * self.indent())
                self.at = found.end()
                self.close(":::")
                return True
            if found := _ADMONITION.match(self.source, self.at):
                self.text.append(" " * self.indent())
                self.at = found.end()
                title = (found["label"] or found["title"] or "").strip()
                self.open(Component(":::", {"type": found["type"], "title": title}))
                return True
        return False

    def indent(self) -> int:
        found = re.compile(r"[ \t]{0,100}").match(self.source, self.at)
        return found.end() - self.at if found else 0

    def begins_block(self) -> bool:
        """Whether nothing or an empty line stands before, outside of all components."""
        return len(self.stack) == 1 and self.source[max(0, self.at - 2) : self.at] in ("", "\n", "\n\n")

    def end_of_statement(self) -> int:
        """Where the statements of JavaScript that begin here end: at an empty line outside of all brackets."""
        depth, at = 0, self.at
        while (end := self.source.find("\n", at)) >= 0:
            line = re.sub(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|//.*", "", self.source[at:end])
            depth += sum(map(line.count, "{[(")) - sum(map(line.count, "}])"))
            if not line.strip() and depth <= 0:
                return end
            self.budget -= end + 1 - at
            at = end + 1
            if self.budget < 0:
                break
        empty = self.source.find("\n\n", self.at)
        return len(self.source) if depth <= 0 or empty < 0 else empty + 1

    def step(self) -> None:
        """Take the next piece of a line."""
        sign = self.source[self.at]
        if sign == "\\":
            following = self.source[self.at + 1 : self.at + 2]
            self.text.append(following if following in ("{", "}", "<") else f"\\{following}")
            self.at += 2
        elif sign == "`":
            self.code()
        elif sign == "{":
            self.expression()
        elif sign == "<":
            self.tag()
        else:
            found = re.compile(r"[^\\`{<\n]*\n?").match(self.source, self.at)
            self.keep(found.end() if found and found.end() > self.at else self.at + 1)

    def code(self) -> None:
        run = re.compile("`+").match(self.source, self.at)
        assert run is not None, "the piece begins with a tick"
        closing = re.compile(rf"(?<!`){run.group()}(?!`)") if len(run.group()) < 20 else None
        end = closing.search(self.source, run.end(), run.end() + 1000) if closing else None
        self.keep(end.end() if end and "\n\n" not in self.source[run.end() : end.start()] else run.end())

    def expression(self) -> None:
        if re.compile(r"\{:?[ \t]*#[\w:.-]{1,200}[^{}\n]{0,100}\}[ \t]*(?=\n|\Z)").match(self.source, self.at):
            return self.keep(self.source.index("}", self.at) + 1)  # the fragment of a heading
        end = self.balanced(self.at) if self.budget > 0 else None
        if end is None:
            return self.keep(self.at + 1)
        self.text.append(string_of(self.source[self.at + 1 : end - 1]))
        self.at = end
        return None

    def balanced(self, at: int) -> int | None:
        """Where the brace that opens at `at` is closed; strings may hold braces."""
        depth = 0
        limit = min(len(self.source), at + _SPAN)
        signs = re.compile(r"[{}]|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|/\*.*?\*/", re.DOTALL)
        for found in signs.finditer(self.source, at, limit):
            depth += {"{": 1, "}": -1}.get(found.group(), 0)
            if depth == 0:
                self.budget -= found.end() - at
                return found.end()
            if found.end() - at > self.budget:
                break
        self.budget -= limit - at
        return None

    def tag(self) -> None:
        source, at = self.source, self.at
        if source.startswith("<!--", at):
            end = source.find("-->", at) if self.budget > 0 else -1
            self.budget -= (end if end > 0 else len(source)) - at
            return self.keep(at + 4) if end < 0 else self.jump(end + 3)
        if found := re.compile(r"</?>").match(source, at):  # a fragment: nothing but what it holds
            return self.jump(found.end())
        if found := re.compile(r"</([A-Za-z][\w.:-]{0,100})\s{0,100}>").match(source, at):
            self.jump(found.end())
            return self.close(found[1])
        name = _NAME.match(source, at + 1)
        ends = self.attributes(name.end()) if name and self.budget > 0 else None
        if name is None or ends is None:
            return self.keep(at + 1)
        attributes, closed, end = ends
        self.jump(end)
        component = Component(name.group(), attributes)
        tag = component.name.lower()
        if tag in _OPAQUE and not closed:
            after = source.find(f"</{component.name}", end)
            return self.jump(len(source) if after < 0 else source.find(">", after) % (len(source) + 1) + 1)
        self.open(component)
        if closed or (tag in _EMPTY and component.name == tag):
            self.close(component.name)
        return None

    def jump(self, end: int) -> None:
        self.at = end

    def attributes(self, at: int) -> tuple[dict[str, str], bool, int] | None:
        """The attributes from `at` on, whether the tag closes itself, and where it ends; None if it is no tag."""
        found: dict[str, str] = {}
        begin = at
        while at - begin < _SPAN:
            space = re.compile(r"\s{0,1000}(/?>)").match(self.source, at)
            if space:
                return found, space[1] == "/>", space.end()
            spread = re.compile(r"\s{0,1000}(?=\{)").match(self.source, at)
            if spread:
                end = self.balanced(spread.end())
                if end is None:
                    return None
                at = end
                continue
            name = _ATTRIBUTE.match(self.source, at)
            if not name:
                self.budget -= at - begin
                return None
            at = name.end()
            if not name["equals"]:
                found[name["name"]] = ""
                continue
            sign = self.source[at : at + 1]
            if sign == "{":
                end = self.balanced(at)
                if end is None:
                    return None
                inner = self.source[at + 1 : end - 1]
                found[name["name"]] = inner if name["name"] == "items" else string_of(inner)
            else:
                end = self.source.find(sign, at + 1, at + _SPAN) + 1 if sign in ('"', "'") and sign else 0
                if end <= 0:
                    self.budget -= _SPAN
                    return None
                found[name["name"]] = self.source[at + 1 : end - 1]
            at = end
        return None

    def open(self, component: Component) -> None:
        self.flush()
        if len(self.stack) < _DEPTH:
            self.stack[-1].children.append(component)
            self.stack.append(component)

    def close(self, name: str) -> None:
        place = next((i for i in range(len(self.stack) - 1, 0, -1) if self.stack[i].name == name), 0)
        if place:
            self.flush()
            del self.stack[place:]
