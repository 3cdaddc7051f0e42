"""What all pages share: one environment, whose templates escape everything, and the words for figures."""

from functools import lru_cache
from typing import TYPE_CHECKING

from kit.reports.charts import track
from kit.reports.figures import causes_text, interval_text, title_text, value_text

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["environment"]


@lru_cache(maxsize=1)
def environment() -> "Environment":
    """The templates. Pages load nothing from elsewhere and run no script."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("kit.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "title_text": title_text,
        "value": value_text,
        "interval": interval_text,
        "causes": causes_text,
        "track": track,
    }
    return environment
