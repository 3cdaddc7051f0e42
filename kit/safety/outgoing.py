"""What may leave in a reply: words. No HTML, no pictures, no escape sequences, no links but those that are allowed."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from kit.safety.sanitise import strip_hidden

__all__ = ["Outgoing"]

# A token that masking left, such as <EMAIL_1>, is no tag.
_TOKEN = r"(?!<[A-Z][A-Z_]*_\d+>)"
_ACTIVE = re.compile(r"<(script|style|iframe|object|svg|math|template)\b[^>]*>.{0,20000}?</\1\s*>", re.I | re.S)
_TAGS = (
    "a abbr address area article aside audio b base bdo blockquote body br button canvas caption center cite code col "
    "dd del details dfn dialog div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 "
    "h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main map mark marquee math meta nav "
    "noscript object ol optgroup option p param picture pre progress q s samp script section select slot small source "
    "span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track "
    "tt u ul var video wbr"
)
_TAG = re.compile(
    rf"{_TOKEN}<(?:/?(?:{'|'.join(_TAGS.split())})\b[^<>]*|/?[a-z][\w:-]*\s[^<>]*=[^<>]*|!--.*?--|![a-z][^<>]*"
    rf"|\?[^<>]*)>",
    re.IGNORECASE | re.DOTALL,
)
_OPENS = re.compile(rf"{_TOKEN}<(?=[a-zA-Z/!?])")
_IMAGE = re.compile(r"!\[([^\]\n]{0,300})\](?:\([^)\n]{0,2000}\)?|\[[^\]\n]{0,100}\])?")
_LINK = re.compile(r"\[((?:[^\[\]\n]|\\.){0,300})\]\(\s*<?([^)\s>]{0,2000})>?[^)\n]{0,300}\)?")
_DEFINED = re.compile(r"(?m)^ {0,3}\[[^\]\n]{1,100}\]:[ \t]*\S+.*$\n?")
_AUTOLINK = re.compile(r"<((?:[a-z][a-z0-9+.-]{1,30}:)[^\s<>]{1,2000})>", re.IGNORECASE)
# Endings of domains that browsers and chat programs make links of by themselves; those that are more often endings of
# files are left out. A capital begins the next sentence, where a space is missing ("the Dial.It restarts").
_ENDINGS = (
    "com|net|org|info|biz|io|ai|app|dev|co|me|tv|cc|xyz|site|online|store|shop|top|club|live|link|click|page|tech|space"
    "|website|cloud|pro|icu|vip|work|fun|ly|gg|to|ws|su|us|uk|de|fr|es|it|nl|ch|at|be|eu|ru|cn|jp|kr|in|br|mx|au|ca|se"
    "|no|dk|fi|cz|gr|pt|ie|tr|edu|gov|example|test|onion"
)
_REST = r"[^\s<>\[\]\"'`|]"
_ADDRESS = re.compile(
    rf"(?<![\w@.])(?:(?:[a-z][a-z0-9+.-]{{1,30}}:)?//{_REST}+|(?:javascript|vbscript|data|mailto|file|blob):{_REST}+"
    rf"|(?:www\d?\.[\w-]+(?:\.[\w-]+)*|(?:[\w-]{{1,63}}\.){{1,6}}(?:(?-i:{_ENDINGS})|(?-i:{_ENDINGS.upper()})))"
    rf"(?![\w@-]|\.\w)(?:[:/?#]{_REST}*)?)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
# What stands for something that the reader puts in: <serial number>.
_BLANK = re.compile(rf"{_TOKEN}<(/?[^\W\d_][^<>\n=]{{0,40}})>")
_TAIL = ".,;:!?*_)"
LEFT_OUT = "(link left out)"


@dataclass(frozen=True)
class Outgoing:
    """What a reply may hold. `domains` are those that links may lead to, with all below them."""

    domains: tuple[str, ...] = ()

    def clean(self, text: str, *, own: Collection[str] = ()) -> str:
        """The text with nothing that acts, and without addresses that are not allowed.

        Args:
            text: a piece of a reply, of which no link or tag is cut in two.
            own: addresses of the articles that it cites.
        """
        text = _ACTIVE.sub("", strip_hidden(text))
        text = _AUTOLINK.sub(r"\1", text)
        # Twice at most, as `<<b>script>` shows a tag only once the inner one is gone; what then is left is made inert.
        for _ in range(2):
            text = _TAG.sub("", _BREAK.sub("\n", text))
        text = _OPENS.sub("\u2039", _BLANK.sub("\u2039\\1\u203a", text))
        text = _DEFINED.sub("", _IMAGE.sub(r"\1", text))
        text = _LINK.sub(lambda match: match.group() if self._allows(match[2], own) else match[1], text)
        return _ADDRESS.sub(lambda match: self._address(match.group(), own), text)

    def _address(self, found: str, own: Collection[str]) -> str:
        address = found.rstrip(_TAIL)
        return found if self._allows(address, own) else LEFT_OUT + found[len(address) :]

    def _allows(self, address: str, own: Collection[str]) -> bool:
        if address.rstrip(_TAIL) in own:
            return True
        try:
            parts = urlsplit(address if "//" in address else f"https://{address}")
            host = (parts.hostname or "").lower()
        except ValueError:
            return False
        plain = parts.scheme in ("http", "https") and not parts.username and "\\" not in address
        return plain and any(host == domain or host.endswith(f".{domain}") for domain in self.domains)
