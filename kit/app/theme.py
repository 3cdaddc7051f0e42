"""How the page looks: one calm, light look, whatever the browser prefers."""

import gradio as gr

__all__ = ["theme"]

_SHADES = "#eaf3f8 #d9e8f0 #b5d2e2 #85b4cd #5291b3 #2f7298 #1f5a7a #194a65 #163d53 #122f40 #0b1e2a"
_BLUE = gr.themes.Color(*_SHADES.split())
# Gradio's file for 600 holds Cyrillic letters only; without it browsers take 700.
_WEIGHTS = (400, 700)


def theme() -> gr.themes.Base:
    """The theme; its fonts come with Gradio, so nothing is loaded from elsewhere."""
    look = gr.themes.Base(
        primary_hue=_BLUE,
        neutral_hue="slate",
        radius_size="md",
        font=[gr.themes.LocalFont("IBM Plex Sans", weights=_WEIGHTS), "system-ui", "sans-serif"],
        font_mono=[gr.themes.LocalFont("IBM Plex Mono", weights=_WEIGHTS), "ui-monospace", "monospace"],
    ).set(
        body_background_fill="#f4f6f8",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_text_color="white",
        button_secondary_background_fill="white",
        button_secondary_background_fill_hover="*primary_50",
        button_secondary_border_color="*neutral_300",
        button_large_text_size="*text_md",
        button_large_text_weight="600",
    )
    for name in vars(look):
        if name.endswith("_dark") and hasattr(look, name.removesuffix("_dark")):
            setattr(look, name, getattr(look, name.removesuffix("_dark")))
    return look
