"""A text as a model would read it, however disguised: look-alike letters, figures for letters, spaced-out words."""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator

__all__ = ["readings"]

# Letters of other alphabets that look like Latin ones (Unicode Technical Standard 39 lists all; these are those that
# whole English words can be written with).
_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456\u0458\u0455\u04bb\u0501\u0261\u04cf\u0410\u0412\u0415\u041a\u041c"
    "\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0405\u03bf\u03b1\u03bd\u03c1\u03b9\u0391\u0392\u0395\u0397\u0399\u039a"
    "\u039c\u039d\u039f\u03a1\u03a4\u03a7\u0131\u0269\u026a",
    "aeopcxyijshdglABEKMHOPCTXISoavpiABEHIKMNOPTXiii",
)
_LEET = str.maketrans("013457@$!", "oieastasi")
_SPACED = re.compile(r"(?<!\w)(?:\w[ ._*-]){4,}\w(?!\w)")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_HEX = re.compile(r"(?:\b[0-9a-fA-F]{2}[ :]?){10,}")
_LONGEST = 20_000


def readings(text: str) -> Iterator[str]:
    """The text as it stands, then as it may be meant; each is different."""
    text = text[:_LONGEST]
    plain = unicodedata.normalize("NFKC", text).translate(_ALIKE)
    # Accents that are there only to hide a word: "ígnórè".
    bare = "".join(char for char in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(char))
    given = [text, plain, bare]
    if re.search(r"[a-zA-Z][0-9@$!]|[0-9@$!][a-zA-Z]", bare):
        given.append(bare.translate(_LEET))
    if _SPACED.search(bare):
        given.append(_joined(bare))
    if "rot" in bare.lower():
        given.append(codecs.encode(bare, "rot13"))
    given += [bare[::-1], *_decoded(bare)]
    yield from dict.fromkeys(given)


def _joined(text: str) -> str:
    """`i-g-n-o-r-e a-l-l` as `ignore all`: what parts the words is longer, or another sign."""
    if re.search(r"\b\w[._*-]\w[._*-]\w\b", text):
        return re.sub(r"(?<=\b\w)[._*-](?=\w\b)", "", text)
    return re.sub(r"(?<=\b\w) (?=\w\b)", "", text)


def _decoded(text: str) -> Iterator[str]:
    for match in _BASE64.finditer(text):
        value = match.group().rstrip("=")
        try:
            yield base64.b64decode(
                value + "=" * (-len(value) % 4), altchars=b"-_" if set("-_") & set(value) else None
            ).decode()
        except (binascii.Error, ValueError):
            continue
    for match in _HEX.finditer(text):
        try:
            yield bytes.fromhex(re.sub("[ :]", "", match.group())).decode()
        except ValueError:
            continue
