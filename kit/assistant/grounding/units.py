"""How figures and their units are written."""

import re

__all__ = ["COINS", "FACT", "MEASURES", "NUMBER", "SHORT", "TIME"]

# Unit as written → its kind, its name, and how many of that name one of it is.
TIME = {"second": ("s", 1), "minute": ("s", 60), "hour": ("s", 3600), "day": ("s", 86400), "week": ("s", 604800)}
TIME |= {"month": ("month", 1), "quarter": ("month", 3), "year": ("month", 12)}
SHORT = {"sec": "second", "s": "second", "min": "minute", "hr": "hour", "h": "hour", "wk": "week", "yr": "year"}
MEASURES = {
    "°f": "°F", "f": "°F", "fahrenheit": "°F", "degrees fahrenheit": "°F",
    "degree fahrenheit": "°F", "degree celsius": "°C", "°c": "°C", "c": "°C", "celsius": "°C",
    "degrees celsius": "°C", "m": "m", "meter": "m", "metre": "m", "km": "km", "kilometer": "km", "kilometre": "km",
    "cm": "cm", "centimeter": "cm", "mm": "mm", "ft": "ft", "feet": "ft", "foot": "ft", "in.": "in", "inch": "in",
    "inche": "in", "mile": "mile", "mi": "mile", "kg": "kg", "kilo": "kg", "kilogram": "kg", "g": "g", "gram": "g",
    "mg": "mg", "lb": "lb", "oz": "oz", "ounce": "oz", "l": "l", "liter": "l", "litre": "l", "ml": "ml", "kb": "KB",
    "mb": "MB", "gb": "GB", "gigabyte": "GB", "megabyte": "MB", "tb": "TB", "terabyte": "TB", "hz": "Hz", "mhz": "MHz",
    "ghz": "GHz", "v": "V", "volt": "V", "w": "W", "watt": "W", "kw": "kW", "kwh": "kWh", "amp": "A", "ma": "mA",
    "mah": "mAh", "dbm": "dBm", "mbps": "Mbps", "mbit/s": "Mbps", "px": "px", "pixel": "px",
}  # fmt: skip
COINS = {
    "$": "$", "us$": "$", "usd": "$", "dollar": "$", "€": "€", "eur": "€", "euro": "€", "£": "£", "gbp": "£",
    "pound": "£", "¥": "¥", "jpy": "¥", "yen": "¥", "cad": "CA$", "chf": "CHF", "cent": "cent", "aud": "A$",
}  # fmt: skip
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_WORDS = "|".join(re.escape(unit) for unit in sorted(MEASURES, key=len, reverse=True) if len(unit) > 1 or unit in "mgl")
FACT = re.compile(
    rf"""
    (?P<phone>(?<![\w.])\+?\d{{1,5}}(?:[-\s()]{{1,3}}\d{{2,5}}){{2,6}}(?![\w-]))
  | (?P<always>\b24/7\b|\bround the clock\b|\baround the clock\b|\bday (?:and|or) night\b)
  | (?P<version>(?<![\w.])\d+(?:\.\d+){{2,}}(?!\w))
  | (?P<clock>(?<![\w.:])(?:(?P<hour>\d{{1,2}})(?:[:.](?P<minutes>\d\d))?\s*(?P<half>[ap])\.?\s?m\b\.?
      |(?P<hour24>\d{{1,2}}):(?P<minutes24>\d\d)\b)|\b(?:noon|midnight)\b)
  | (?P<code>(?<![\w-])(?!(?:USD|EUR|GBP|US)\s?\d)(?:[A-Z]+-?\d[\w-]*\w|[A-Z]+-?\d|\d+[a-z]*[A-Z]{{1,3}}\d\w*)(?!\w))
  | (?P<money>(?P<coin>(?:US)?[$€£¥]|\b(?:USD|EUR|GBP|CAD|CHF|AUD)\b)\s?(?P<sum>{NUMBER})(?P<thousand>k\b)?
      |(?<![\w.,])(?P<sum2>{NUMBER})\s?(?P<coin2>[$€£]|(?:USD|EUR|GBP|CAD|CHF|AUD|dollars?|euros?|pounds?|cents?)\b))
  | (?P<percent>(?<![\w.,])(?P<share>{NUMBER})\s?(?:%|per\s?cent\b|percent\b))
  | (?P<nth>(?<![\w.,])(?P<rank>\d+)(?:st|nd|rd|th)\b)
  | (?P<number>(?<![\w.,])(?P<minus>-(?=\d))?(?P<value>{NUMBER})
      (?:[\s-]?(?:(?P<business>(?:business|working|bank)[\s-])?
      (?P<time>seconds?|sec|s|minutes?|mins?|hours?|hrs?|h|(?:business|working)?\s?days?|weeks?|months?|quarters?|years?|yrs?)
      |(?P<measure>(?:°\s?[CF])|(?:{_WORDS})s?))(?![\w]))?)(?![\w]*\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
