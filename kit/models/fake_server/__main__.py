"""`python -m kit.models.fake_server`: serves until it is interrupted."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from kit.errors import KitError
from kit.models.fake_server.chat import FakeOpenAI
from kit.models.fake_server.rerank import FakeReranker


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C; prints the address to configure. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m kit.models.fake_server", description="A stand-in for a hosted model, on this machine."
    )
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: any free one)")
    parser.add_argument("--rerank", action="store_true", help="be a reranker instead of a chat model")
    options = parser.parse_args(arguments)
    # A shell that starts this in the background makes it deaf to Ctrl-C, and SIGTERM would end it without closing.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        with FakeReranker(port=options.port) if options.rerank else FakeOpenAI(port=options.port) as server:
            print(server.base_url, flush=True)
            threading.Event().wait()
    except KitError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
