"""The browser app: talk to the assistant, see why it said what it said, see how the last eval run went."""

import os
from typing import TYPE_CHECKING

from kit.app.server import Served, choose_port, in_loop, serve

if TYPE_CHECKING:
    import gradio as gr

    from kit.workspace import Workspace

__all__ = ["Served", "build", "choose_port", "launch"]

# Gradio reads these when it is imported, which happens below and nowhere else: report nothing to its makers, and do
# not sum up every event for a monitoring page that this app does not have.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000000"


def build(workspace: "Workspace") -> "gr.Blocks":
    """The page for a workspace, not yet served.

    Raises:
        KitError: index, playbooks or chat model are not in order.
    """
    from kit.app.backend import open_backend
    from kit.app.page import build_page

    backend = open_backend(workspace)
    return in_loop(lambda: build_page(backend))


def launch(workspace: "Workspace", *, port: int, block: bool = True) -> Served:
    """Serve the page on 127.0.0.1.

    Args:
        workspace: with an index.
        port: the wanted port; when it is taken, the next free one, said on standard output.
        block: return only when the process is told to stop (Ctrl-C, SIGTERM).

    Returns:
        The page's address, and `close()` to stop serving.

    Raises:
        KitError: no port is free, or the workspace is not in order.
    """
    page = build(workspace)
    return serve(page, port=choose_port(port), block=block)
